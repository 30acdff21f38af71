"""The first page of the administration."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("administration", __name__, url_prefix="/admin")


@pages.get("")
def overview() -> str:
    return ""
