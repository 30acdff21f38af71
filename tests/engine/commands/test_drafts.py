"""草稿：新建、保存、恢复、检查、送审，由第二人批准 (SUP-051)."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.drafts import (
    DraftClosed,
    NotSubmittable,
    begin_draft,
    discard_draft,
    keep_check,
    remove_draft_file,
    restore_draft_file,
    save_draft_file,
    submit_draft,
)
from engine.commands.publish_version import (
    NotPublishable,
    approve_version,
    retire_version,
    roll_back_version,
)
from engine.desk.views.drafting import draft_file, draft_files, draft_view, drafts, revisions
from engine.errors import ConcurrentChange, NotAllowed, NotFound, Refusal
from engine.model.draft_files import FILE_LIMIT, FILES_LIMIT, is_file_path, is_procedure_name
from engine.store.tables import AuditEntry, ProcedureDraft, VersionRow
from tests.engine.boardroom import Boardroom

RULES = b"id: small\n"
FILES = {"procedure.yaml": RULES, "small.bpmn": b"<one/>"}


def begun(room: Boardroom, by: str = "设计员", **given: Any) -> ProcedureDraft:
    name = given.pop("name", "small")
    whole = {"title": "小流程", "files": FILES, "origin": "empty", **given}
    row: ProcedureDraft = room.give(by, begin_draft, name, **whole)
    return row


def save(room: Boardroom, draft: ProcedureDraft, content: bytes, number: int, **given: Any) -> Any:
    by, path = given.get("by", "设计员"), given.get("path", "small.bpmn")
    return room.give(by, save_draft_file, draft.id, path, content, number=number)


def ask(room: Boardroom, query: Any, *args: Any, by: str = "设计员") -> Any:
    return room.office.ask(room.actor(by), query, *args)


def wait(room: Boardroom, minutes: int) -> None:
    room.clock.move_to(room.clock.now() + timedelta(minutes=minutes))


def submitted(room: Boardroom, draft: ProcedureDraft, *, passed: bool = True) -> VersionRow:
    """Check and submit a draft as it stands."""
    row, files = ask(room, draft_files, draft.id)
    whole = {f"small/{path}": content for path, content in files.items()}
    manifest = {
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in whole.items()}
    }
    digest = hashlib.sha256(repr(sorted(whole.items())).encode()).hexdigest()
    report = {"digest": digest, "passed": passed}
    room.give("设计员", keep_check, draft.id, revision=row.revision, report=report)
    version: VersionRow = room.give(
        "设计员",
        submit_draft,
        draft.id,
        revision=row.revision,
        manifest=manifest,
        digest=digest,
        files=whole,
    )
    return version


class TestBeginning:
    """A designer begins a draft; it is on the record, and there is one of each procedure."""

    def test_it_holds_its_files_and_is_listed(self, room: Boardroom) -> None:
        draft = begun(room)
        assert ask(room, draft_files, draft.id)[1] == FILES
        (line,) = ask(room, drafts)
        assert (line.row.id, line.row.state, line.changed_by) == (draft.id, "draft", "设计员")
        assert room.last(None, "draft_begun")["files"] == 2

    def test_a_second_draft_of_it_is_refused_and_names_who_has_the_first(
        self, room: Boardroom
    ) -> None:
        begun(room)
        with pytest.raises(Refusal, match=r"draft\.exists") as refused:
            begun(room, by="管理员")
        assert refused.value.params["by"] == "设计员"

    def test_officers_draw_nothing(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            begun(room, by="承办甲")
        with pytest.raises(NotAllowed):
            ask(room, drafts, by="承办甲")

    @pytest.mark.parametrize("name", ["Small", "1st", "shared", "a/b", "", "../x"])
    def test_names_that_could_not_be_a_folder_are_refused(self, room: Boardroom, name: str) -> None:
        assert not is_procedure_name(name)
        with pytest.raises(Refusal, match=r"draft\.name"):
            begun(room, name=name)

    @pytest.mark.parametrize(
        "path",
        ["../procedure.yaml", "/etc/x.yaml", "a//b.yaml", ".x.yaml", "x.py", "a/b/c/d/e.yaml"],
    )
    def test_paths_that_leave_the_folder_or_are_of_no_kind_are_refused(
        self, room: Boardroom, path: str
    ) -> None:
        assert not is_file_path(path)
        with pytest.raises(Refusal, match=r"draft\.path"):
            begun(room, files={path: b""})

    def test_chinese_names_of_files_are_taken(self) -> None:
        assert is_file_path("scenarios/局长瞒报.yaml")

    def test_bounds_of_title_files_and_folder_are_held(self, room: Boardroom) -> None:
        with pytest.raises(Refusal, match=r"draft\.title"):
            begun(room, title=" ")
        with pytest.raises(Refusal, match=r"draft\.file_too_large"):
            begun(room, files={"x.md": b"x" * (FILE_LIMIT + 1)})
        with pytest.raises(Refusal, match=r"draft\.too_large"):
            begun(room, files={f"{one}.md": b"" for one in range(FILES_LIMIT + 1)})
        full = begun(room, files={f"{one}.md": b"" for one in range(FILES_LIMIT)})
        with pytest.raises(Refusal, match=r"draft\.too_large"):
            save(room, full, b"", 0, path="one-more.md")


class TestSaving:
    """An editor saves as one works; nothing of anybody is lost."""

    def test_what_one_saves_in_one_sitting_is_one_revision_and_the_first_stays(
        self, room: Boardroom
    ) -> None:
        draft = begun(room)
        assert save(room, draft, b"<two/>", 1).number == 2
        assert save(room, draft, b"<three/>", 2).number == 3
        assert [one.number for one in ask(room, revisions, draft.id, "small.bpmn")] == [3, 1]
        wait(room, 11)
        assert save(room, draft, b"<four/>", 3).number == 4
        assert [one.number for one in ask(room, revisions, draft.id, "small.bpmn")] == [4, 3, 1]
        assert ask(room, draft_file, draft.id, "small.bpmn", 3).content == b"<three/>"

    def test_only_what_begins_a_revision_is_an_entry_of_the_record(self, room: Boardroom) -> None:
        draft = begun(room)
        save(room, draft, b"<two/>", 1)
        save(room, draft, b"<three/>", 2)
        entries = room.all(sa.select(AuditEntry).where(AuditEntry.fact == "draft_saved"))
        assert [one.details["number"] for one in entries] == [2]

    def test_whoever_has_not_seen_the_newest_is_told_whose_it_is(self, room: Boardroom) -> None:
        draft = begun(room)
        save(room, draft, b"<two/>", 1, by="管理员")
        with pytest.raises(ConcurrentChange, match=r"draft\.changed") as refused:
            save(room, draft, b"<mine/>", 1)
        assert refused.value.params["by"] == "管理员"
        assert ask(room, draft_files, draft.id)[1]["small.bpmn"] == b"<two/>"

    def test_a_new_file_is_number_one_and_a_file_that_is_gone_is_said(
        self, room: Boardroom
    ) -> None:
        draft = begun(room)
        assert save(room, draft, b"{}", 0, path="forms/a.form").number == 1
        with pytest.raises(ConcurrentChange, match=r"draft\.gone"):
            save(room, draft, b"{}", 3, path="forms/b.form")

    def test_every_save_makes_it_unchecked(self, room: Boardroom) -> None:
        draft = begun(room)
        room.give("设计员", keep_check, draft.id, revision=1, report={"passed": True})
        assert ask(room, draft_view, draft.id).row.state == "checked"
        save(room, draft, b"<two/>", 1)
        view = ask(room, draft_view, draft.id)
        assert (view.row.state, view.row.revision, view.row.checked_revision) == ("draft", 2, 1)

    def test_a_check_of_an_older_revision_makes_nothing_checked(self, room: Boardroom) -> None:
        draft = begun(room)
        save(room, draft, b"<two/>", 1)
        room.give("设计员", keep_check, draft.id, revision=1, report={"passed": True})
        assert ask(room, draft_view, draft.id).row.state == "draft"


class TestRestoring:
    """Every kept revision can be brought back; what was removed too."""

    def test_a_restored_revision_is_the_newest_and_says_which_it_was(self, room: Boardroom) -> None:
        draft = begun(room)
        save(room, draft, b"<two/>", 1)
        room.give("设计员", restore_draft_file, draft.id, "small.bpmn", 1)
        newest = ask(room, revisions, draft.id, "small.bpmn")[0]
        assert (newest.number, newest.restored) == (3, 1)
        assert ask(room, draft_file, draft.id, "small.bpmn").content == b"<one/>"
        assert save(room, draft, b"<new/>", 3).number == 4
        assert [one.number for one in ask(room, revisions, draft.id, "small.bpmn")] == [4, 3, 2, 1]

    def test_a_removed_file_is_gone_can_be_made_anew_and_be_restored(self, room: Boardroom) -> None:
        draft = begun(room)
        room.give("设计员", remove_draft_file, draft.id, "small.bpmn", number=1)
        assert ask(room, draft_view, draft.id).file("small.bpmn") is None
        with pytest.raises(NotFound):
            ask(room, draft_file, draft.id, "small.bpmn")
        with pytest.raises(NotFound):
            room.give("设计员", remove_draft_file, draft.id, "small.bpmn", number=2)
        room.give("设计员", restore_draft_file, draft.id, "small.bpmn", 1)
        found = ask(room, draft_view, draft.id).file("small.bpmn")
        assert found is not None
        assert found.number == 3
        room.give("设计员", remove_draft_file, draft.id, "small.bpmn", number=3)
        assert save(room, draft, b"<anew/>", 0).number == 5

    def test_the_rules_stay(self, room: Boardroom) -> None:
        with pytest.raises(Refusal, match=r"draft\.rules_stay"):
            room.give("设计员", remove_draft_file, begun(room).id, "procedure.yaml", number=1)

    def test_of_a_path_that_never_was_there_is_no_history(self, room: Boardroom) -> None:
        with pytest.raises(NotFound):
            ask(room, revisions, begun(room).id, "none.md")


class TestSubmitting:
    """What passed its checks becomes a version; somebody else approves it."""

    def test_it_is_a_version_which_a_second_person_approves(self, room: Boardroom) -> None:
        draft = begun(room)
        version = submitted(room, draft)
        assert (version.procedure, version.state, version.number) == ("small", "draft", 1)
        view = ask(room, draft_view, draft.id)
        assert (view.row.state, view.version.id) == ("submitted", version.id)
        assert [one.version.id for one in ask(room, drafts)] == [version.id]
        with pytest.raises(NotAllowed):
            room.give("设计员", approve_version, version.id, effective_on=date(2026, 3, 1))
        room.give("管理员", approve_version, version.id, effective_on=date(2026, 3, 1))
        assert ask(room, drafts) == ()
        assert room.last(None, "draft_submitted")["version"] == 1

    def test_what_did_not_pass_is_not_submitted(self, room: Boardroom) -> None:
        with pytest.raises(NotSubmittable, match=r"draft\.not_checked"):
            submitted(room, begun(room), passed=False)

    def test_what_is_published_already_is_not_submitted_again(self, room: Boardroom) -> None:
        version = submitted(room, begun(room))
        room.give("管理员", approve_version, version.id, effective_on=date(2026, 3, 1))
        with pytest.raises(NotSubmittable, match=r"draft\.unchanged"):
            submitted(room, begun(room))

    def test_a_submitted_or_discarded_draft_is_not_changed(self, room: Boardroom) -> None:
        draft = begun(room)
        room.give("设计员", discard_draft, draft.id)
        for act in (
            lambda: save(room, draft, b"", 1),
            lambda: room.give("设计员", discard_draft, draft.id),
            lambda: submitted(room, draft),
        ):
            with pytest.raises(DraftClosed):
                act()
        assert begun(room).id != draft.id  # and another one may begin

    def test_of_another_authority_there_is_none(self, room: Boardroom) -> None:
        with pytest.raises(NotFound):
            ask(room, draft_view, "none")


class TestRollingBack:
    """Going back is a version of its own, approved like any other; nothing is taken away."""

    def two(self, room: Boardroom) -> tuple[VersionRow, VersionRow]:
        first = submitted(room, begun(room))
        room.give("管理员", approve_version, first.id, effective_on=date(2026, 2, 1))
        second = submitted(room, begun(room, files={**FILES, "small.bpmn": b"<two/>"}))
        room.give("管理员", approve_version, second.id, effective_on=date(2026, 2, 1))
        return first, second

    def test_the_third_version_is_as_the_first_and_waits_for_its_approval(
        self, room: Boardroom
    ) -> None:
        first, _second = self.two(room)
        third = room.give("设计员", roll_back_version, first.id, reasons="第二版有误。")
        assert (third.number, third.state, third.digest) == (3, "draft", first.digest)
        assert room.last(None, "version_rolled_back")["to"] == 1
        room.give("管理员", approve_version, third.id, effective_on=date(2026, 2, 9))

    def test_it_wants_reasons_a_published_one_and_a_difference(self, room: Boardroom) -> None:
        first, second = self.two(room)
        with pytest.raises(NotPublishable, match=r"reasons\.missing"):
            room.give("设计员", roll_back_version, first.id, reasons=" ")
        with pytest.raises(NotPublishable, match=r"version\.same_as_newest"):
            room.give("设计员", roll_back_version, second.id, reasons="有误。")
        drafted = submitted(room, begun(room, files={**FILES, "small.bpmn": b"<three/>"}))
        with pytest.raises(NotPublishable, match=r"version\.never_published"):
            room.give("设计员", roll_back_version, drafted.id, reasons="有误。")

    def test_a_retired_version_may_come_back(self, room: Boardroom) -> None:
        first, _second = self.two(room)
        room.give("管理员", retire_version, first.id, reasons="试行结束。")
        assert room.give("设计员", roll_back_version, first.id, reasons="恢复。").number == 3
