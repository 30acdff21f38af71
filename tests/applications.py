"""Applications of the pages, lent to one office after another.

One takes a tenth of a second to build, twice that where it is traced, for it has six hundred
routes; and its first pages compile their templates. Two thousand tests had each built their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from web.api.rates import Rates
from web.app import create_app
from web.keys import Keys
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flask import Flask

    from engine.desk import Office

BUILT = "wenze_built"
KEYS = Keys("k1", {"k1": b"k" * 32}, b"only for tests", b"r" * 32)


@dataclass(frozen=True)
class _Built:
    """An application as it was when it was built."""

    app: Flask
    config: Mapping[str, Any]
    extensions: Mapping[str, Any]
    functions: int

    def lend(self, office: Office, settings: Settings) -> Flask:
        """Return it over this office, with nothing left of the one before."""
        for held, kept in ((self.app.config, self.config), (self.app.extensions, self.extensions)):
            held.clear()
            held.update(kept)
        self.app.extensions |= {
            "wenze_office": office,
            "wenze_settings": settings,
            "wenze_rates": Rates(settings.api_calls),
            BUILT: self,
        }
        return self.app


_FREE: list[_Built] = []


def lent(office: Office, home: Path) -> Flask:
    """Return an application over `office`, without the check of forms; `given_back` ends it."""
    settings = Settings(home=home, session_hours=24 * 400)
    built = _FREE.pop() if _FREE else _build(office, settings)
    return built.lend(office, settings)


def given_back(app: Flask) -> None:
    """Let others have an application; one that somebody added functions to is not lent again."""
    built: _Built = app.extensions.pop(BUILT)
    if built.functions == _functions(app):
        _FREE.append(built)


def _build(office: Office, settings: Settings) -> _Built:
    app = create_app(office, settings, KEYS)
    app.config["WTF_CSRF_ENABLED"] = False
    app.testing = True
    return _Built(app, dict(app.config), dict(app.extensions), _functions(app))


def _functions(app: Flask) -> int:
    """Return how many functions an application calls."""
    around = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    return len(app.view_functions) + sum(len(some) for one in around for some in one.values())
