"""版本：停用即排空，在办案件列出；没有办过案件的可以删除，由另一人决定。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.change_values import decide_value, propose_value
from engine.commands.delete_version import StaysForever, ask_deletion, decide_deletion
from engine.commands.migrate_case import decide_migration, propose_migration
from engine.commands.publish_version import approve_version, retire_version
from engine.desk.views.settings import Standing, changes
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.settings import Area
from engine.store.tables import AuditEntry, ProcedureFile, VersionRow
from tests.office import P01, Town
from tests.web.administration.changing import folder_with
from tests.web.reading import words

WHY = "起草有误。"


def unused(town: Town) -> VersionRow:
    """A second version, with rules of its own, that nobody approved."""
    return town.draft(folder_with("value: 1, unit: years", "value: 2, unit: years"))


def versions(town: Town) -> list[int]:
    here = VersionRow.authority_id == town.authority_id
    return town.all(sa.select(VersionRow.number).where(here).order_by(VersionRow.number))


class TestDeleting:
    """两人：一人提请，另一人决定；文件一并删除，记录留存。"""

    def test_a_draft_goes_with_the_files_that_only_it_has(self, town: Town) -> None:
        files = len(town.all(sa.select(ProcedureFile.digest)))
        version = unused(town)
        assert len(town.all(sa.select(ProcedureFile.digest))) == files + 1

        town.give("方某", ask_deletion, version.id, reasons=WHY)
        town.give("丁某", decide_deletion, version.id, granted=True)

        assert versions(town) == [1]
        assert len(town.all(sa.select(ProcedureFile.digest))) == files
        told = town.one(sa.select(AuditEntry).where(AuditEntry.fact == "version_deleted"))
        assert told.details["digest"] == version.digest
        assert told.details["reasons"] == WHY

    def test_one_that_was_in_use_and_had_no_case_goes_once_it_is_out_of_use(
        self, town: Town
    ) -> None:
        version = unused(town)
        town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))
        with pytest.raises(StaysForever) as refused:
            town.give("方某", ask_deletion, version.id, reasons=WHY)
        assert refused.value.message_id == "version.in_use"

        town.give("方某", retire_version, version.id, reasons=WHY)
        town.give("方某", ask_deletion, version.id, reasons=WHY)
        town.give("丁某", decide_deletion, version.id, granted=True)
        assert versions(town) == [1]

    def test_who_asked_does_not_decide(self, town: Town) -> None:
        version = unused(town)
        town.give("方某", ask_deletion, version.id, reasons=WHY)

        with pytest.raises(NotAllowed) as refused:
            town.give("方某", decide_deletion, version.id, granted=True)
        assert refused.value.message_id == "version.deletion_own"
        with pytest.raises(StaysForever) as twice:
            town.give("丁某", ask_deletion, version.id, reasons=WHY)
        assert twice.value.message_id == "version.deletion_asked"

    def test_left_with_reasons_it_may_be_asked_for_again(self, town: Town) -> None:
        version = unused(town)
        with pytest.raises(StaysForever) as refused:
            town.give("丁某", decide_deletion, version.id, granted=True)
        assert refused.value.message_id == "version.deletion_not_asked"
        town.give("方某", ask_deletion, version.id, reasons=WHY)
        with pytest.raises(Refusal):
            town.give("丁某", decide_deletion, version.id, granted=False)
        town.give("丁某", decide_deletion, version.id, granted=False, reasons="还要用。")

        town.give("方某", ask_deletion, version.id, reasons=WHY)
        assert versions(town) == [1, 2]

    def test_others_have_no_say(self, town: Town) -> None:
        version = unused(town)

        with pytest.raises(NotAllowed):
            town.give("冯某", ask_deletion, version.id, reasons=WHY)
        with pytest.raises(NotFound):
            town.give("邓某", ask_deletion, version.id, reasons=WHY)
        with pytest.raises(Refusal):
            town.give("方某", ask_deletion, version.id, reasons=" ")

    def test_a_change_whose_version_is_gone_says_so(self, town: Town) -> None:
        change = town.give(
            "方某", propose_value, Area.PARAMETER, P01, "repeat.threshold", 3, reasons=WHY
        )
        town.give("丁某", decide_value, change.id, granted=False, reasons="缓。")
        town.give("方某", ask_deletion, change.version_id, reasons=WHY)
        town.give("丁某", decide_deletion, change.version_id, granted=True)

        assert town.ask("方某", changes).lines[0].standing is Standing.GONE
        assert "版本已删除" in words(town.visit("方某").get("/admin/settings/changes"))


class TestWhatStays:
    """办过案件的版本留存备查，连同已迁走案件的。"""

    def test_one_with_a_case(self, town: Town) -> None:
        case = town.open()
        town.give("方某", retire_version, case.version_id, reasons=WHY)

        with pytest.raises(StaysForever) as refused:
            town.give("方某", ask_deletion, case.version_id, reasons=WHY)
        assert (refused.value.message_id, refused.value.params["cases"]) == ("version.has_run", 1)

    def test_one_whose_only_case_went_into_another(self, town: Town) -> None:
        case = town.open()
        version = unused(town)
        town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))
        town.give("方某", propose_migration, case.id, version.id, {}, reasons=WHY)
        town.give("丁某", decide_migration, case.id, granted=True, reasons="同意。")
        town.give("方某", retire_version, case.version_id, reasons=WHY)

        with pytest.raises(StaysForever) as refused:
            town.give("方某", ask_deletion, case.version_id, reasons=WHY)
        assert refused.value.params["cases"] == 0

    def test_a_case_that_was_opened_after_it_was_asked_keeps_it(self, town: Town) -> None:
        """A retired version takes no case, but another way in may be found one day."""
        case = town.open()
        with town.office.database.begin() as session:
            row = session.get_one(VersionRow, case.version_id)
            row.state, row.deletion_by = "retired", town.people["方某"]

        with pytest.raises(StaysForever):
            town.give("丁某", decide_deletion, case.version_id, granted=True)


class TestPages:
    """版本页：排空列出在办案件；提请、决定。"""

    def test_the_cases_of_a_version_out_of_use_are_listed(self, town: Town) -> None:
        case = town.open()
        here = f"/admin/procedures/{case.version_id}"
        browser = town.visit("方某")
        browser.post(f"{here}/retire", data={"typed": P01, "reasons": WHY})
        page = browser.get(here)

        assert "还有 1 件在办" in words(page)
        assert case.number in words(page)
        assert f"/cases/{case.id}" not in page.text  # an administrator sees no case
        assert f"/admin/migration?from={case.version_id}" in page.text
        assert "本版办过案件，须留存备查" in words(page)
        said = browser.post(
            f"{here}/deletion", data={"action": "ask", "reasons": WHY}, follow_redirects=True
        )
        assert "第 1 版办过案件（现有 1 件）" in words(said)

    def test_deletion_is_asked_and_decided_on_the_page(self, town: Town) -> None:
        version = unused(town)
        here = f"/admin/procedures/{version.id}"
        mine, other = town.visit("方某"), town.visit("丁某")
        assert "提请删除" in words(mine.get(here))
        asked = mine.post(
            f"{here}/deletion", data={"action": "ask", "reasons": WHY}, follow_redirects=True
        )
        assert "须由另一名管理员决定" in words(asked)

        assert f"方某提请删除：{WHY}" in words(other.get(here))
        kept = other.post(
            f"{here}/deletion",
            data={"action": "refuse", "reasons": "还要用。"},
            follow_redirects=True,
        )
        assert "该版本保留。" in words(kept)
        mine.post(f"{here}/deletion", data={"action": "ask", "reasons": WHY})
        gone = other.post(f"{here}/deletion", data={"action": "grant"}, follow_redirects=True)
        assert "该版本已删除。" in words(gone)
        assert mine.get(here).status_code == 404

    def test_one_that_runs_empty_says_so(self, town: Town) -> None:
        version = unused(town)
        town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))
        town.give("方某", retire_version, version.id, reasons=WHY)

        page = words(town.visit("方某").get(f"/admin/procedures/{version.id}"))
        assert "不再受理新案，没有在办案件。" in page
