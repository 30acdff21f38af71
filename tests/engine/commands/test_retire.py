"""期满移出：先写成档案包，再移出日常库；有申诉、影响期、责任追究的不移出（SUP-025）。"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from engine.commands.anchor_record import anchor_record
from engine.commands.change_settings import change_setting
from engine.commands.retire import (
    KIND,
    decide_retirement,
    finish_retirement,
    go_on_with_retirement,
    keep_case,
    open_archive,
    propose_retirement,
    retirable,
    retirements,
    run_retirement,
)
from engine.commands.wake_case import answers_to_start, wake_case
from engine.commands.withdraw_case import decide_withdrawal, propose_withdrawal
from engine.desk import Desk
from engine.desk.holders import add_participant
from engine.desk.retiring import Obstacle, obstacle_to
from engine.errors import NotAllowed, NotFound
from engine.model.settings import SettingKey
from engine.store.tables import (
    AccessEntry,
    Answers,
    CaseRow,
    DueRow,
    Notice,
    Retirement,
    RetirementItem,
    SanctionRow,
    SearchEntry,
)
from engine.vault import RecordKey
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom, published, refused

pytestmark = pytest.mark.slow  # each builds an office and lets ten years pass
WORKERS = {KIND: run_retirement}
REASONS = "保存期满。"


def give_other(room: Boardroom, command: Any, *args: Any, **given: Any) -> Any:
    """Give a command as a second administrator."""
    other = replace(room.actor("设计员"), is_admin=True)
    return room.office.give(other, command, *args, **given)


def keeping(years: int) -> Callable[[str, str], str]:
    """The board's procedure as one that keeps its cases for some years."""

    def edited(path: str, text: str) -> str:
        said = f"{text}\nretention: {{years: {years}, proposed: true}}\n"
        return said if path == "board/procedure.yaml" else text

    return edited


def closed(room: Boardroom) -> CaseRow:
    """A case that was withdrawn on Monday 9 February 2026: nobody was held accountable."""
    case = room.open()
    room.give("承办甲", propose_withdrawal, case.id, reasons="重复登记。")
    room.give("主席", decide_withdrawal, case.id, granted=True, reasons="同意。")
    return room.case(case)


def proposed(room: Boardroom) -> Retirement:
    row: Retirement = room.give("管理员", propose_retirement, reasons=REASONS)
    return row


def approved(room: Boardroom) -> Retirement:
    row = proposed(room)
    give_other(room, decide_retirement, row.id, approved=True, reasons="同意。")
    return row


def retired(room: Boardroom) -> Retirement:
    row = approved(room)
    drain(room.office, WORKERS)
    found: Retirement = room.one(sa.select(Retirement).where(Retirement.id == row.id))
    return found


def obstacle(room: Boardroom, case: CaseRow) -> Obstacle | None:
    def asked(desk: Desk, /) -> Obstacle | None:
        return obstacle_to(desk, desk.session.get_one(CaseRow, case.id))

    return room.office.ask(room.actor("管理员"), asked)


def files_of(content: bytes) -> dict[str, bytes]:
    """The package's files without their numbers, each held to the list of digests."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        lines = archive.read("SHA256SUMS").decode().splitlines()
        for line in lines:
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        assert len(lines) == len(archive.namelist()) - 1
        return {name[4:]: archive.read(name) for name in archive.namelist()}


def verified(content: bytes, folder: Path, *options: str) -> tuple[int, str]:
    """Run the verifier of the package by itself, with Python and nothing else."""
    (folder / "record.zip").write_bytes(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (folder / "verify_record.py").write_bytes(archive.read("verify_record.py"))
    done = subprocess.run(  # noqa: S603 -- our own script
        [sys.executable, "-I", "verify_record.py", "record.zip", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


class TestWhatMayLeave:
    """办结满十年、无人被追究、无事未了的案件。"""

    def test_not_before_ten_years_are_over(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 8)
        assert obstacle(room, case) is Obstacle.TOO_EARLY
        assert room.office.ask(room.actor("管理员"), retirable) == []
        room.at(2036, 2, 11)
        (found,) = room.office.ask(room.actor("管理员"), retirable)

        assert obstacle(room, case) is None
        assert (found.number, found.procedure) == (case.number, "board")

    def test_the_authority_says_after_how_many_years(self, room: Boardroom) -> None:
        case = closed(room)
        room.give("管理员", change_setting, SettingKey.RETENTION_YEARS, 1, reasons="规定。")
        room.at(2027, 2, 11)

        assert obstacle(room, case) is None

    @pytest.mark.parametrize(
        ("of_procedure", "of_authority", "early", "late"),
        [(30, 10, 2056, 2057), (3, 10, 2036, 2037), (12, 15, 2041, 2042)],
    )
    def test_of_the_procedures_years_and_the_authoritys_the_longer_ones_count(
        self, room: Boardroom, of_procedure: int, of_authority: int, early: int, late: int
    ) -> None:
        """办结于 2026 年 2 月 9 日：满三十年为 2056 年 2 月 9 日，满十年、十五年类推。"""
        published(room, keeping(of_procedure))
        case = closed(room)
        years = SettingKey.RETENTION_YEARS
        if of_authority != 10:
            room.give("管理员", change_setting, years, of_authority, reasons="规定。")
        room.at(early, 2, 8)
        assert obstacle(room, case) is Obstacle.TOO_EARLY
        assert room.office.ask(room.actor("管理员"), retirable) == []
        room.at(late, 2, 11)

        assert obstacle(room, case) is None
        assert [one.number for one in room.office.ask(room.actor("管理员"), retirable)] == [
            case.number
        ]

    def test_a_case_keeps_the_years_of_the_version_that_it_ran_in(self, room: Boardroom) -> None:
        case = closed(room)
        published(room, keeping(30))
        later = closed(room)
        room.at(2036, 2, 11)

        assert obstacle(room, case) is None
        assert obstacle(room, later) is Obstacle.TOO_EARLY
        assert [one.case_id for one in room.office.ask(room.actor("管理员"), retirable)] == [
            case.id
        ]

    def test_an_open_case_never(self, room: Boardroom) -> None:
        case = room.open()
        room.at(2046, 2, 9)

        assert obstacle(room, case) is Obstacle.OPEN
        assert room.office.ask(room.actor("管理员"), retirable) == []

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            ("in_force", Obstacle.EFFECT),
            ("ended", Obstacle.LIFELONG),
            ("revoked", None),
        ],
    )
    def test_a_measure_keeps_it_in_effect_and_for_ever_but_not_once_revoked(
        self, room: Boardroom, state: str, expected: Obstacle | None
    ) -> None:
        case = closed(room)
        with room.office.database.begin() as session:
            session.add(
                SanctionRow(
                    authority_id=room.authority_id,
                    case_id=case.id,
                    person_id=room.people["陈某"],
                    measure="talk_admonish",
                    decided_on=date(2026, 2, 9),
                    effective_on=date(2026, 2, 9),
                    state=state,
                )
            )
        room.at(2066, 2, 9)

        assert obstacle(room, case) is expected
        assert bool(room.office.ask(room.actor("管理员"), retirable)) is (expected is None)

    def test_the_authority_may_let_those_who_were_accountable_go_after_more_years(
        self, room: Boardroom
    ) -> None:
        case = closed(room)
        with room.office.database.begin() as session:
            session.add(
                SanctionRow(
                    authority_id=room.authority_id,
                    case_id=case.id,
                    person_id=room.people["陈某"],
                    measure="talk_admonish",
                    decided_on=date(2026, 2, 9),
                    effective_on=date(2026, 2, 9),
                    state="ended",
                )
            )
        years = SettingKey.RETENTION_LIFELONG_YEARS
        room.give("管理员", change_setting, years, 30, reasons="规定。")
        room.at(2056, 2, 8)
        assert obstacle(room, case) is Obstacle.LIFELONG
        room.at(2056, 2, 11)
        assert obstacle(room, case) is None

    def test_a_case_that_hangs_on_it_keeps_it(self, room: Boardroom) -> None:
        case = closed(room)
        given = {"channel": "CA1", "facts": "又犯", "subject_id": room.people["陈某"]}
        room.give("受理员", wake_case, case.id, given, reasons="发现历史失职。")
        room.at(2036, 2, 11)

        assert obstacle(room, case) is Obstacle.LINKED
        assert room.office.ask(room.actor("管理员"), retirable) == []

    def test_a_timer_of_its_aftermath_keeps_it(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        with room.office.database.begin() as session:
            session.add(
                DueRow(
                    authority_id=room.authority_id,
                    case_id=case.id,
                    kind="timer",
                    ref="影响期",
                    due_at=room.clock.now().replace(year=2037),
                )
            )

        assert obstacle(room, case) is Obstacle.WAITING
        assert room.office.ask(room.actor("管理员"), retirable) == []

    def test_a_rehearsed_case_is_none_of_the_office(self, room: Boardroom) -> None:
        case = closed(room)
        with room.office.database.begin() as session:
            session.get_one(CaseRow, case.id).is_trial = True
        room.at(2036, 2, 11)

        assert obstacle(room, case) is Obstacle.TRIAL
        assert room.office.ask(room.actor("管理员"), retirable) == []


class TestTheRound:
    """一人提出，另一人批准；同时只有一批。"""

    def test_another_administrator_decides(self, room: Boardroom) -> None:
        closed(room)
        room.at(2036, 2, 11)
        row = proposed(room)

        refused(
            lambda: room.give("管理员", decide_retirement, row.id, approved=True, reasons="同意。"),
            "retirement.own",
            NotAllowed,
        )
        give_other(room, decide_retirement, row.id, approved=True, reasons="同意。")
        refused(
            lambda: give_other(room, decide_retirement, row.id, approved=True, reasons="同意。"),
            "retirement.decided",
        )
        assert room.last(None, "retirement_decided")["approved"] is True

    @pytest.mark.parametrize("command", [propose_retirement, retirable, retirements])
    def test_nobody_but_administrators(self, room: Boardroom, command: Callable[..., Any]) -> None:
        given = {"reasons": REASONS} if command is propose_retirement else {}
        refused(lambda: room.give("主席", command, **given), "platform.not_admin", NotAllowed)

    def test_reasons_and_cases_are_needed(self, room: Boardroom) -> None:
        refused(lambda: proposed(room), "retirement.none")
        closed(room)
        room.at(2036, 2, 11)
        refused(lambda: room.give("管理员", propose_retirement, reasons=" "), "reasons.missing")
        proposed(room)
        refused(lambda: proposed(room), "retirement.going")

    def test_rejected_nothing_leaves_and_it_may_be_proposed_again(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = proposed(room)
        give_other(room, decide_retirement, row.id, approved=False, reasons="尚有疑问。")
        drain(room.office, WORKERS)

        assert room.one(sa.select(Retirement)).state == "rejected"
        assert "case_retired" not in room.facts(case)
        assert proposed(room).total == 1

    def test_the_rounds_are_listed_newest_first(self, room: Boardroom) -> None:
        closed(room)
        room.at(2036, 2, 11)
        first = proposed(room)
        give_other(room, decide_retirement, first.id, approved=False, reasons="缓办。")
        room.at(2036, 2, 12)
        second = proposed(room)

        rows = room.office.ask(room.actor("管理员"), retirements)
        assert [row.id for row in rows] == [second.id, first.id]


class TestLeaving:
    """运行状态、待办、消息、检索移出；案件、答复、决定、记录留下。"""

    def test_the_heavy_rows_go_and_the_rest_stays(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = retired(room)

        assert (row.state, row.total, row.done, row.kept) == ("done", 1, 1, 0)
        for table in (Notice, DueRow, SearchEntry):
            assert room.all(sa.select(table).where(table.case_id == case.id)) == []
        left = room.case(case)
        assert (left.number, left.outcome, left.variables) == (case.number, "withdrawn", {})
        assert room.all(sa.select(Answers).where(Answers.case_id == case.id))
        assert room.facts(case)[-1] == "case_retired"
        assert room.facts(case)[0] == "case_opened"
        assert room.breaches() == []

    def test_what_left_may_be_woken_years_later(self, room: Boardroom) -> None:
        """SC-181, SUP-025: 离岗干部后发现历史失职，仍可立案。"""
        case = closed(room)
        room.at(2036, 2, 11)
        retired(room)

        def kept(desk: Desk, /) -> dict[str, Any]:
            return answers_to_start(desk, desk.session.get_one(CaseRow, case.id))

        answers = room.office.ask(room.actor("受理员"), kept)
        assert answers["channel"] == "CA1"
        given = {**answers, "facts": "又犯", "subject_id": room.people["陈某"]}
        woken = room.give("受理员", wake_case, case.id, given, reasons="发现历史失职。")
        assert woken.parent_id == case.id

    def test_done_twice_it_happens_once(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = retired(room)
        item = room.one(sa.select(RetirementItem))
        again = room.give(
            "system", finish_retirement, row.id, case.id, "other", size=1, head="other"
        )
        room.give("system", go_on_with_retirement, row.id)

        assert again is False
        assert room.one(sa.select(RetirementItem)).digest == item.digest
        assert room.facts(case).count("case_retired") == 1
        assert obstacle(room, case) is Obstacle.RETIRED
        assert room.office.ask(room.actor("管理员"), retirable) == []

    def test_killed_between_packing_and_removing_it_goes_on(self, room: Boardroom) -> None:
        """The package lies among the files by its digest; the same bytes are made again."""
        closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        give = room.office.give

        class Killed(BaseException):
            pass

        def dying(actor: Any, command: Any, *args: Any, **given: Any) -> Any:
            if command is finish_retirement:
                raise Killed
            return give(actor, command, *args, **given)

        room.office.give = dying  # type: ignore[method-assign]
        with pytest.raises(Killed):
            drain(room.office, WORKERS)
        room.office.give = give  # type: ignore[method-assign]
        room.at(2036, 2, 12)  # the job is given back by then
        drain(room.office, WORKERS)

        assert room.one(sa.select(Retirement).where(Retirement.id == row.id)).done == 1
        assert room.breaches() == []

    def test_a_record_that_grew_meanwhile_is_packed_anew(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        went = room.give(
            "system", finish_retirement, row.id, case.id, "d" * 64, size=1, head="sha256:old"
        )

        assert went is False
        assert room.one(sa.select(RetirementItem)).state == "todo"

    def test_what_came_up_meanwhile_keeps_it(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        approved(room)
        given = {"channel": "CA1", "facts": "又犯", "subject_id": room.people["陈某"]}
        room.give("受理员", wake_case, case.id, given, reasons="发现历史失职。")
        drain(room.office, WORKERS)

        item = room.one(sa.select(RetirementItem))
        assert (item.state, item.obstacle) == ("kept", "linked")
        assert room.one(sa.select(Retirement)).kept == 1
        assert "case_retired" not in room.facts(case)

    def test_what_comes_up_between_packing_and_removing_keeps_it_too(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        with room.office.database.begin() as session:
            session.get_one(CaseRow, case.id).is_trial = True
        head = room.office.database
        with head.reading() as session:
            digest = session.scalar(
                sa.text("SELECT digest FROM audit_head WHERE stream = :of"),
                {"of": f"case:{case.id}"},
            )
        went = room.give(
            "system", finish_retirement, row.id, case.id, "d" * 64, size=1, head=digest
        )

        assert went is False
        assert room.one(sa.select(RetirementItem)).obstacle == "trial"

    def test_a_case_that_may_go_is_not_kept(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        room.give("system", keep_case, row.id, case.id)

        assert room.one(sa.select(RetirementItem)).state == "todo"

    def test_only_the_platform_removes(self, room: Boardroom) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        row = approved(room)
        refused(
            lambda: room.give("管理员", keep_case, row.id, case.id),
            "retirement.platform",
            NotAllowed,
        )
        refused(
            lambda: room.give("管理员", go_on_with_retirement, row.id),
            "retirement.platform",
            NotAllowed,
        )
        with pytest.raises(NotFound):
            room.give("system", keep_case, row.id, "none")


class TestThePackage:
    """自成一体：材料、各表的行、审计记录及其核验程序；举报人不在其中。"""

    def opened(self, room: Boardroom, case: CaseRow) -> dict[str, bytes]:
        _, content = room.give("system", open_archive, case.id, reason="多年后有人询问。")
        return files_of(content)

    def test_it_holds_the_rows_and_no_reporter(self, room: Boardroom) -> None:
        case = closed(room)

        def name_reporter(desk: Desk, /) -> None:
            row = desk.session.get_one(CaseRow, case.id)
            add_participant(desk, row, room.people["举报人"], "reporter")

        room.give("system", name_reporter)
        room.at(2036, 2, 11)
        retired(room)
        files = self.opened(room, case)

        (row,) = [orjson.loads(line) for line in files["rows-case_file.jsonl"].splitlines()]
        assert row["number"] == case.number
        assert "state" not in row
        assert "rows-answers.jsonl" in files
        assert "rows-notice.jsonl" in files
        assert not any(room.people["举报人"].encode() in content for content in files.values())
        assert not any(name.startswith("rows-vault") for name in files)

    def test_its_record_is_verified_without_the_platform(
        self, room: Boardroom, tmp_path: Path
    ) -> None:
        room.office.record_key = RecordKey(b"r" * 32)
        case, other = closed(room), room.open()
        room.give("system", anchor_record)
        room.at(2036, 2, 11)
        retired(room)
        record = self.opened(room, case)["record.zip"]
        code, said = verified(record, tmp_path, "--key", room.office.record_key.public)

        assert (code, said.split()[0]) == (0, "0")
        assert other.id.encode() not in record
        with zipfile.ZipFile(io.BytesIO(record)) as archive:
            (anchor, *_) = archive.read("anchors.jsonl").splitlines()
            assert orjson.loads(anchor)["path"]
            assert other.id.encode() not in anchor

    @pytest.mark.parametrize(
        ("member", "old", "new"),
        [
            ("entries.jsonl", "case_opened", "case_0pened"),
            ("anchors.jsonl", '"index":', '"index":1'),
            ("anchors.jsonl", '"path":["', '"path":["00'),
            ("anchors.jsonl", '"path":[', '"path":[],"was":['),
        ],
    )
    def test_an_edited_record_is_named(
        self, room: Boardroom, tmp_path: Path, member: str, old: str, new: str
    ) -> None:
        room.office.record_key = RecordKey(b"r" * 32)
        case = closed(room)
        room.give("system", anchor_record)
        room.at(2036, 2, 11)
        retired(room)
        record = io.BytesIO()
        source = zipfile.ZipFile(io.BytesIO(self.opened(room, case)["record.zip"]))
        with source, zipfile.ZipFile(record, "w") as target:
            for name in source.namelist():
                text = source.read(name).decode()
                assert name != member or old in text
                target.writestr(name, text.replace(old, new, 1) if name == member else text)
        code, said = verified(record.getvalue(), tmp_path)

        assert code == 1
        assert "edited" in said

    def test_whoever_opens_it_says_why_and_it_is_on_the_access_record(
        self, room: Boardroom
    ) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        with pytest.raises(NotFound):
            room.give("system", open_archive, case.id, reason="多年后有人询问。")
        retired(room)
        refused(
            lambda: room.give("system", open_archive, case.id, reason="看"), "retirement.reason"
        )
        self.opened(room, case)
        look = room.one(sa.select(AccessEntry).where(AccessEntry.what == "archive"))

        assert (look.case_id, look.reason) == (case.id, "多年后有人询问。")

    @pytest.mark.parametrize("name", ["管理员", "外人", "陈某"])
    def test_it_is_closed_to_who_may_not_see_the_whole_file(
        self, room: Boardroom, name: str
    ) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        retired(room)

        with pytest.raises((NotFound, NotAllowed)):
            room.give(name, open_archive, case.id, reason="多年后有人询问。")
        with pytest.raises(NotFound):
            room.give(name, open_archive, "none", reason="多年后有人询问。")
