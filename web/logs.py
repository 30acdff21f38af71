"""What the server writes down while it runs: what happened, never to whom."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from typing import Any, TextIO

PERSONAL = frozenset(
    {
        "account",
        "address",
        "answers",
        "body",
        "content",
        "data",
        "email",
        "name",
        "params",
        "password",
        "payload",
        "person",
        "phone",
        "reasons",
        "text",
        "title",
        "token",
        "value",
    }
)
"""Names under which a value could be about a person; ids say enough for support."""

LEFT_OUT = "[…]"


def set_up_logs(level: str, *, file: TextIO | None = None) -> None:
    """Write events as lines: for people on a terminal, as JSON otherwise.

    Args:
        level: debug, info, warning or error.
        file: Where to; standard error if it is not given.
    """
    target = sys.stderr if file is None else file
    # Plain tracebacks: the pretty ones show the values of variables, and so people's names.
    number = getattr(logging, level.upper())
    shown: Any = (
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
        if target.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    logging.basicConfig(level=max(number, logging.WARNING), stream=target, force=True)
    # A tick that is skipped while one runs is no news: what is due stays due.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_people,
            *(() if target.isatty() else (structlog.processors.format_exc_info,)),
            shown,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )


def without_people(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Return the event without values that could be about a person."""
    for name in event:
        if name in PERSONAL:
            event[name] = LEFT_OUT
    return event
