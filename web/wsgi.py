"""Pages for a server of several processes: ``gunicorn 'web.wsgi:application()'``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from web.app import create_app
from web.frontend import DIST, missing_assets
from web.keys import keys_in
from web.logs import set_up_logs
from web.office import open_installation
from web.server import NotServable, Role, parts_of, serving
from web.settings import read_settings

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask


def application(dist: Path = DIST) -> Flask:
    """Return the pages of the installation that the environment names, and nothing beside them.

    Time and jobs are for nodes of the roles ``scheduler`` and ``worker``.

    Args:
        dist: Where the built front end is.

    Raises:
        NotServable: The database is the embedded one, its keys are being changed, or the front
            end is not built.
        SettingsRefused: A setting is unknown or not of its kind.
    """
    settings = read_settings()
    missing = missing_assets(dist)
    if missing:
        raise NotServable(
            f"前端尚未构建，缺少 {'、'.join(missing)}；请先运行 make assets。",
            f"The front end is not built: {', '.join(missing)}. Run make assets first.",
        )
    office = open_installation(settings)
    parts_of(office, settings, Role.WEB)  # refuses the embedded database
    set_up_logs(settings.log_level)
    hold = serving(office)
    app = create_app(office, settings, keys_in(settings.home))
    app.extensions["wenze_hold"] = hold
    return app
