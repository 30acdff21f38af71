"""The area's routes hang on this blueprint."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("handing", __name__)
