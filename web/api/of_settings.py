"""Operations of settings, of versions that go, and of the migration of many cases at once."""

from __future__ import annotations

from functools import partial

from engine.commands.change_settings import change_setting
from engine.commands.change_values import decide_value, propose_value
from engine.commands.delete_version import ask_deletion, decide_deletion
from engine.commands.migrate_many import decide_migrations, propose_migrations, try_migrations
from engine.commands.restore_settings import restore_setting
from engine.desk.views.moves import case_moves
from engine.desk.views.settings import (
    changes,
    platform_settings,
    procedure_settings,
    waiting_changes,
)
from engine.model.scopes import Scope
from engine.model.settings import Area, SettingKey
from web.api.operations import Operation

_see = partial(Operation, "GET", scope=Scope.ADMIN, changes=False)
_set = partial(Operation, "POST", scope=Scope.ADMIN, changes=True)

KEYS = {"key": tuple(one.value for one in SettingKey)}
PARTS = {"area": (Area.PARAMETER.value, Area.SWITCH.value)}
AREAS = {"area": ("", *(one.value for one in Area))}

OPERATIONS = (
    _see("/settings", platform_settings, tag="settings"),
    _set("/settings/{key}", change_setting, tag="settings", choices=KEYS),
    _see("/setting-changes", changes, tag="settings", choices=AREAS),
    _see("/setting-changes/waiting", waiting_changes, tag="settings"),
    _set("/setting-changes/{change_id}/decide", decide_value, tag="settings"),
    _set("/setting-changes/{change_id}/restore", restore_setting, tag="settings"),
    _see("/procedures/{procedure}/settings", procedure_settings, tag="settings"),
    _set("/procedures/{procedure}/settings", propose_value, tag="settings", choices=PARTS),
    _see("/moves", case_moves, tag="operations"),
    _set("/versions/{version_id}/deletion", ask_deletion, tag="procedures"),
    _set("/versions/{version_id}/deletion/decide", decide_deletion, tag="procedures"),
    _set("/versions/{from_version_id}/migration-trials", try_migrations, tag="operations"),
    _set("/versions/{from_version_id}/migrations", propose_migrations, tag="operations"),
    _set("/migrations/decide", decide_migrations, tag="operations"),
)
