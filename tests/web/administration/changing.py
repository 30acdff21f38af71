"""Values of the platform and of P01 as they are changed, and P01's rules written otherwise."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from engine.commands.change_values import propose_value
from engine.model.settings import Area, SettingKey
from engine.publishing.folders import Folder, read_folder
from engine.store.tables import AuditEntry, SettingChange, VersionRow
from engine.store.versions import version_in_force
from tests.office import P01, PROCESSES, Town

Stated = int | str | bool
WHY = "主管会议纪要〔2026〕3号"
HOURS = SettingKey.REMINDER_HOURS.value
WORDS = {"zh": "{case_number}", "en": "{case_number}"}


def facts(town: Town, *names: str) -> list[AuditEntry]:
    return town.all(
        sa.select(AuditEntry).where(AuditEntry.fact.in_(names)).order_by(AuditEntry.recorded_at)
    )


def in_force(town: Town) -> VersionRow:
    with town.office.database.reading() as session:
        today = town.ask("方某", lambda desk: desk.today())
        found = version_in_force(session, town.authority_id, P01, today)
        assert found is not None
        session.expunge(found)
        return found


def parameters(town: Town, version_id: str) -> dict[str, Any]:
    with town.office.database.reading() as session:
        return dict(town.office.versions.get(session, version_id).parameters)


def propose(town: Town, key: str, value: Stated, **given: Any) -> SettingChange:
    area = Area.SWITCH if isinstance(value, bool) and key.startswith("reform") else Area.PARAMETER
    made: SettingChange = town.give(
        "方某", propose_value, area, P01, key, value, **{"reasons": WHY, **given}
    )
    return made


def folder_with(old: str, new: str) -> Folder:
    """P01's folder with one line of its rules written otherwise."""
    folder = read_folder(PROCESSES / P01)
    path = f"{P01}/procedure.yaml"
    text = folder.files[path].decode()
    assert old in text
    return Folder(
        folder.procedure,
        {**folder.files, path: text.replace(old, new).encode()},
        folder.scenarios,
    )
