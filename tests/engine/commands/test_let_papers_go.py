"""案件移出后，材料只在核验过的档案包中保存；别处还用的留下，断电断线不丢一份。"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.add_attachment import add_attachment
from engine.commands.exports import KIND as EXPORT
from engine.commands.exports import open_export, order_case_file
from engine.commands.let_papers_go import END, KIND, end_papers, let_papers_go
from engine.commands.look import open_attachment
from engine.commands.reports import hand_in_report
from engine.commands.retire import KIND as RETIRE
from engine.commands.retire import run_retirement
from engine.commands.submit_work import Upload
from engine.commands.withdraw_case import decide_withdrawal, propose_withdrawal
from engine.desk.paper_bytes import paper_bytes
from engine.documents.packing import digests_in
from engine.errors import Fault
from engine.ports import Files
from engine.store.outbox import Job
from engine.store.tables import Attachment, CaseRow, OutboxJob, PackedPaper, RetirementItem
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom
from tests.engine.commands.leaving import approved
from web.ledger.wording import make_export

pytestmark = pytest.mark.slow  # each builds an office and lets ten years pass
WORKERS = {RETIRE: run_retirement, KIND: let_papers_go, END: end_papers}
NOTES = "询问笔录：停产五日。".encode()
DIGEST = hashlib.sha256(NOTES).hexdigest()


def with_notes(room: Boardroom, content: bytes = NOTES) -> CaseRow:
    """A case that was inquired into, with the notes of a talk."""
    case = room.inquired()
    room.give("承办甲", add_attachment, case.id, "笔录.txt", content)
    return case


def withdrawn(room: Boardroom, case: CaseRow) -> CaseRow:
    room.give("承办甲", propose_withdrawal, case.id, reasons="重复登记。")
    room.give("主席", decide_withdrawal, case.id, granted=True, reasons="同意。")
    return room.case(case)


def left(room: Boardroom, case: CaseRow, *, year: int = 2036) -> None:
    """Let a case be withdrawn, its ten years pass, and its round run."""
    withdrawn(room, case)
    room.at(year, 2, 11)
    approved(room)
    drain(room.office, WORKERS)


def next_day(room: Boardroom, *, year: int = 2036) -> None:
    room.at(year, 2, 12)
    drain(room.office, WORKERS)


def place_of(room: Boardroom, digest: str = DIGEST) -> str:
    """Where the store has the bytes: relied on, aside, or nowhere."""
    home = Path(room.office.files._root)  # type: ignore[attr-defined]  # noqa: SLF001
    found = {path.name.partition(".")[2] for path in home.rglob(f"{digest}*")}
    return {(): "nowhere", ("",): "kept", ("aside",): "aside", ("", "aside"): "both"}[
        tuple(sorted(found))
    ]


def read(room: Boardroom, case: CaseRow) -> bytes:
    row = room.one(sa.select(Attachment).where(Attachment.case_id == case.id))
    _, content = room.give("承办甲", open_attachment, row.id)
    assert isinstance(content, bytes)
    return content


def removals(room: Boardroom, case: CaseRow) -> int:
    return room.facts(case).count("case_papers_removed")


class TestWhatLeavesTheStore:
    """先置于一旁，一日后删除；谁有权看，随时仍可看到。"""

    def test_a_day_aside_then_only_the_package_has_them(self, room: Boardroom) -> None:
        case = with_notes(room)
        left(room, case)
        assert place_of(room) == "aside"
        assert read(room, case) == NOTES
        assert removals(room, case) == 0
        next_day(room)

        assert place_of(room) == "nowhere"
        assert read(room, case) == NOTES
        told = room.last(case, "case_papers_removed")
        package = room.one(sa.select(RetirementItem)).digest
        assert (told["papers"], told["sha256"]) == (1, package)
        assert place_of(room, package) == "kept"
        assert room.breaches() == []

    def test_the_file_of_the_case_is_still_taken_out_whole(self, room: Boardroom) -> None:
        case = with_notes(room)
        left(room, case)
        next_day(room)
        ordered = room.give(
            "承办甲", order_case_file, case.id, "file_zip", reason="多年后有人询问。"
        )
        drain(room.office, {EXPORT: make_export})
        _, content = room.give("承办甲", open_export, ordered.id)

        assert DIGEST in digests_in(content)

    def test_what_the_package_does_not_hold_stays(self, room: Boardroom) -> None:
        """A paper that came after the case had left is in no package."""
        case = with_notes(room)
        left(room, case)
        late = room.office.files.put(b"late")
        row = room.one(sa.select(Attachment).where(Attachment.case_id == case.id))
        with room.office.database.begin() as session:
            session.get_one(Attachment, row.id).digest = late
        again = Job("j", KIND, "again", {"case": case.id}, 1)
        let_papers_go(room.office, again)
        next_day(room)

        assert place_of(room, late) == "kept"
        with pytest.raises(KeyError):
            room.office.ask(room.actor("承办甲"), paper_bytes, case.id, "0" * 64)

    def test_a_case_without_papers_tells_of_none(self, room: Boardroom) -> None:
        case = room.open()
        left(room, case)
        next_day(room)

        assert removals(room, case) == 0
        assert not room.all(sa.select(OutboxJob).where(OutboxJob.kind == END))

    @pytest.mark.parametrize("worker", [let_papers_go, end_papers])
    def test_of_a_case_that_has_not_left_nothing_goes(
        self, room: Boardroom, worker: Callable[..., None]
    ) -> None:
        case = with_notes(room)
        job = Job("j", KIND, "k", {"case": case.id, "papers": [DIGEST]}, 1)
        with pytest.raises(Fault):
            worker(room.office, job)
        with pytest.raises(KeyError):
            room.office.ask(room.actor("承办甲"), paper_bytes, case.id, "0" * 64)
        assert place_of(room) == "kept"


class TestWhatOthersNeed:
    """同样的字节库中只存一份：另一未移出的案件、来信还用的，不动。"""

    def test_another_case_that_has_not_left(self, room: Boardroom) -> None:
        case, other = with_notes(room), with_notes(room)
        left(room, case)
        next_day(room)

        assert place_of(room) == "kept"
        assert read(room, other) == NOTES
        assert removals(room, case) == 0

    def test_two_that_leave_together_leave_nothing(self, room: Boardroom) -> None:
        case, other = with_notes(room), with_notes(room)
        withdrawn(room, other)
        left(room, case)
        next_day(room)

        assert place_of(room) == "nowhere"
        assert read(room, case) == read(room, other) == NOTES
        assert len(room.all(sa.select(PackedPaper))) == 2

    def test_a_report_whose_words_lie_in_the_vault(self, room: Boardroom) -> None:
        room.give(
            "system",
            hand_in_report,
            "有人停产。",
            contact={},
            truthful=True,
            files=[Upload("笔录.txt", NOTES)],
        )
        case = with_notes(room)
        left(room, case)
        next_day(room)

        assert place_of(room) == "kept"

    def test_what_is_stored_anew_during_the_day_stays(self, room: Boardroom) -> None:
        case = with_notes(room)
        left(room, case)
        other = with_notes(room)
        assert place_of(room) == "both"
        next_day(room)

        assert place_of(room) == "kept"
        assert read(room, other) == read(room, case) == NOTES
        assert removals(room, case) == 0

    def test_what_a_command_relied_on_just_before_is_put_back(self, room: Boardroom) -> None:
        """It looked before the bytes were set aside, and committed after."""
        case, other = with_notes(room), room.open()
        left(room, case)
        assert place_of(room) == "aside"
        row = room.one(sa.select(Attachment).where(Attachment.case_id == case.id))
        with room.office.database.begin() as session:
            session.add(
                Attachment(
                    authority_id=room.authority_id,
                    case_id=other.id,
                    name=row.name,
                    media_type=row.media_type,
                    size=row.size,
                    digest=DIGEST,
                    added_by=row.added_by,
                    added_at=row.added_at,
                )
            )
        next_day(room)

        assert place_of(room) == "kept"
        assert read(room, other) == NOTES


class Killed(BaseException):
    """The process is gone, as by kill -9."""


class Dying:
    """A file store in whose process the power fails just before, or just after, one act."""

    def __init__(self, files: Files, act: str, *, after: bool) -> None:
        self._files, self._act, self._after = files, act, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._files, name)
        if name != self._act:
            return found

        def dies(digest: str) -> None:
            if self._after:
                found(digest)
            raise Killed

        return dies


class TestKilled:
    """数据库与文件库之间断电：一份不丢，下一次办完，只记一次。"""

    def survive(self, room: Boardroom, case: CaseRow, run: Callable[[], None]) -> None:
        """Let a run die, give its job back when its lease ends, and finish."""
        whole = room.office.files
        with pytest.raises(Killed):
            run()
        room.office.files = whole
        assert read(room, case) == NOTES
        room.at(2036, 2, 13)
        drain(room.office, WORKERS)
        room.at(2036, 2, 15)
        drain(room.office, WORKERS)

        assert place_of(room) == "nowhere"
        assert read(room, case) == NOTES
        assert removals(room, case) == 1
        assert {job.state for job in room.all(sa.select(OutboxJob))} == {"done"}
        assert room.breaches() == []

    @pytest.mark.parametrize("after", [False, True])
    def test_when_it_sets_aside(self, room: Boardroom, *, after: bool) -> None:
        case = with_notes(room)

        def run() -> None:
            room.office.files = Dying(room.office.files, "set_aside", after=after)
            left(room, case)

        self.survive(room, case, run)

    @pytest.mark.parametrize("after", [False, True])
    def test_when_it_removes(self, room: Boardroom, *, after: bool) -> None:
        case = with_notes(room)
        left(room, case)

        def run() -> None:
            room.office.files = Dying(room.office.files, "drop_aside", after=after)
            next_day(room)

        self.survive(room, case, run)

    @pytest.mark.parametrize("command", ["_note_packed", "_end_later", "_note_gone"])
    @pytest.mark.parametrize("after", [False, True])
    def test_at_each_commit(self, room: Boardroom, command: str, *, after: bool) -> None:
        case = with_notes(room)
        give = room.office.give

        def dying(actor: Any, given: Any, *args: Any, **named: Any) -> Any:
            if given.__name__ != command:
                return give(actor, given, *args, **named)
            if after:
                give(actor, given, *args, **named)
            room.office.give = give  # type: ignore[method-assign]
            raise Killed

        def run() -> None:
            room.office.give = dying  # type: ignore[method-assign,assignment]
            left(room, case)
            next_day(room)

        self.survive(room, case, run)

    @pytest.mark.parametrize("damage", [b"", b"PK", b"no package at all"])
    def test_a_damaged_package_lets_nothing_go(self, room: Boardroom, damage: bytes) -> None:
        case = with_notes(room)
        withdrawn(room, case)
        room.at(2036, 2, 11)
        approved(room)
        drain(room.office, {RETIRE: run_retirement})
        package = room.one(sa.select(RetirementItem)).digest
        home = Path(room.office.files._root)  # type: ignore[attr-defined]  # noqa: SLF001
        (home / package[:2] / package).write_bytes(damage)
        room.at(2036, 2, 12)
        drain(room.office, WORKERS)

        job = room.one(sa.select(OutboxJob).where(OutboxJob.kind == KIND))
        assert job.state == "todo"
        assert "altered" in job.last_error
        assert place_of(room) == "kept"
