"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import engine.store.tables.base
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    """Go forward."""
    ${upgrades if upgrades else "pass"}
