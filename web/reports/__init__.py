"""Reports without a log-in: the public form and its code, and the reports as they are received."""

from web.reports.desk import pages as received
from web.reports.door import pages

__all__ = ["pages", "received"]
