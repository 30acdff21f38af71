"""导出：写明理由，由下单人的权限决定内容，举报人不在其中，一日后删除，每次下载都留痕。"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

from engine.commands.accounts import lock_account
from engine.commands.add_attachment import add_attachment
from engine.commands.exports import (
    END,
    KIND,
    end_export,
    fail_export,
    forget_export,
    keep_export,
    note_export_progress,
    open_export,
    order_case_file,
    order_ledger,
    stop_export,
)
from engine.commands.organise import end_post
from engine.commands.recuse import declare_interest
from engine.desk import Desk
from engine.desk.holders import add_participant
from engine.desk.views.exports import own_export, own_exports
from engine.desk.views.ledger import COLUMNS, ledger, read_choice, written_choice
from engine.errors import Fault, NotAllowed, NotFound, Recused, Refusal
from engine.store.outbox import Job
from engine.store.tables import AccessEntry, Account, Attachment, CaseRow, Export, PostRow
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom
from web.ledger.wording import make_export

WORKERS = {KIND: make_export, END: forget_export}


def refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(Refusal) as raised:
        call()
    assert raised.value.message_id == message


def order(room: Boardroom, **chosen: str) -> Export:
    row: Export = room.give("受理员", order_ledger, chosen, reason="月度核对")
    return row


def made(room: Boardroom, row: Export, by: str) -> bytes:
    drain(room.office, WORKERS)
    _, content = room.give(by, open_export, row.id)
    return bytes(content)


def now(room: Boardroom, row: Export) -> Export:
    found: Export = room.one(sa.select(Export).where(Export.id == row.id))
    return found


def cells(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()


def texts(content: bytes) -> list[str]:
    """Return what each page says; the reader puts spaces between scripts, which mean nothing."""
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [page.extract_text().replace(" ", "") for page in pages]


def with_reporter(room: Boardroom) -> CaseRow:
    case = room.open()

    def report(desk: Desk) -> None:
        row = desk.session.get_one(CaseRow, case.id)
        add_participant(desk, row, room.people["举报人"], "reporter")

    room.give("system", report)
    return case


class TestTheLedger:
    """台账：导出的就是页面上的，公式不成其为公式。"""

    def test_has_what_is_chosen_and_no_reporter(self, room: Boardroom) -> None:
        case = with_reporter(room)
        content = made(room, order(room, columns=",".join(COLUMNS)), "受理员")
        said = cells(content)
        assert case.number in said
        assert "陈某" in said
        assert "举报人" not in said
        assert "<f>" not in said

    def test_a_title_that_is_a_formula_is_text(self, room: Boardroom) -> None:
        case = room.open()
        with room.office.database.begin() as session:
            session.get_one(CaseRow, case.id).title = '=HYPERLINK("http://x")'
        said = cells(made(room, order(room, columns="title"), "受理员"))
        assert "'=HYPERLINK(" in said
        assert "<f>" not in said

    def test_only_what_the_filter_leaves(self, room: Boardroom) -> None:
        first = room.open()
        room.at(2026, 2, 10)
        second = room.open()
        said = cells(made(room, order(room, since="2026-02-10"), "受理员"))
        assert second.number in said
        assert first.number not in said

    def test_in_english_for_who_reads_english(self, room: Boardroom) -> None:
        room.open()
        row = room.give("受理员", order_ledger, {}, reason="monthly", language="en")
        content = made(room, row, "受理员")
        assert "案号" not in cells(content)

    def test_goes_over_every_page(self, room: Boardroom, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engine.commands.make_exports.LARGEST_PAGE", 1)
        numbers = [room.open().number for _ in range(3)]
        said = cells(made(room, order(room, columns="number"), "受理员"))
        assert all(number in said for number in numbers)
        assert now(room, room.one(sa.select(Export))).total == 3

    def test_more_than_a_sheet_holds_fails(
        self, room: Boardroom, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("engine.commands.make_exports.MOST_ROWS", 0)
        room.open()
        row = order(room)
        drain(room.office, WORKERS)
        assert now(room, row).state == "failed"


class TestTheChoice:
    """地址里写的是什么，看到的就是什么；写错的不猜。"""

    def test_comes_back_from_its_address(self) -> None:
        given = {
            "q": "停产",
            "procedure": "board",
            "status": "investigating",
            "state": "open",
            "since": "2026-02-09",
            "until": "2026-02-10",
            "sort": "number",
            "columns": "number,closed",
        }
        assert written_choice(read_choice(given)) == given
        assert written_choice(read_choice({"columns": "evil"})) == {}

    @pytest.mark.parametrize("given", [{"sort": "x"}, {"state": "x"}, {"since": "soon"}])
    def test_what_is_none_is_refused(self, given: dict[str, str]) -> None:
        with pytest.raises(ValueError, match=r"ledger|isoformat"):
            read_choice(given)

    def test_filters_and_sorts(self, room: Boardroom) -> None:
        first = room.open()
        room.at(2026, 2, 10)
        second = room.open()
        ask, actor = room.office.ask, room.actor("受理员")

        def found(**given: str) -> list[str]:
            return [one.case.id for one in ask(actor, ledger, read_choice(given)).lines]

        assert found() == [second.id, first.id]
        assert found(sort="oldest") == found(sort="number") == [first.id, second.id]
        assert found(q=first.number) == [first.id]
        assert found(until="2026-02-09") == [first.id]
        assert found(since="0001-01-01", until="9999-12-31") == found()
        assert found(procedure="other") == found(state="closed") == found(status="closed") == []
        assert found(state="open", procedure="board", status=second.status) == found()
        for sort in ("oldest", "number", "newest"):
            choice = read_choice({"sort": sort})
            page = ask(actor, ledger, choice, limit=1)
            rest = ask(actor, ledger, choice, limit=1, after=page.after)
            assert [one.case.id for one in (*page.lines, *rest.lines)] == found(sort=sort)
            assert rest.after == ""

    def test_the_hand_that_a_reporter_has_in_it_is_not_named(self, room: Boardroom) -> None:
        case = with_reporter(room)
        room.claim("承办甲", case, "ut_inquire")
        line = room.office.ask(room.actor("受理员"), ledger, read_choice({})).lines[0]
        assert line.handlers == ("承办甲",)
        assert line.last_day is not None

        def report(desk: Desk) -> None:
            row = desk.session.get_one(CaseRow, case.id)
            add_participant(desk, row, room.people["承办甲"], "reporter")

        room.give("system", report)
        line = room.office.ask(room.actor("受理员"), ledger, read_choice({})).lines[0]
        assert line.handlers == ()


class TestTheFile:
    """案卷：封面、目录、页码，只含本人可看的。"""

    def test_is_bound_with_cover_index_and_page_numbers(self, room: Boardroom) -> None:
        case = room.served()
        row = room.give("承办甲", order_case_file, case.id, "file_pdf", reason="移送归档")
        pages = texts(made(room, row, "承办甲"))
        assert case.number in pages[0]
        assert "卷内目录" in pages[1]
        assert "问责决定书" in pages[1]
        whole = len(pages)
        assert all(f"第{number}页共{whole}页" in page for number, page in enumerate(pages, 1))
        letter = next(one for one in pages[2:] if "停产五日" in one and "办理经过" not in one)
        assert f"{pages.index(letter) + 1}" in pages[1]

    def test_is_packed_with_digests_that_fit(self, room: Boardroom) -> None:
        case = room.served()
        room.give("承办甲", add_attachment, case.id, "../记录.txt", "所见".encode())
        row = room.give("承办甲", order_case_file, case.id, "file_zip", reason="移送归档")
        with zipfile.ZipFile(io.BytesIO(made(room, row, "承办甲"))) as packed:
            lines = packed.read("SHA256SUMS").decode().splitlines()
            for line in lines:
                digest, name = line.split("  ", maxsplit=1)
                assert hashlib.sha256(packed.read(name)).hexdigest() == digest
            assert len(lines) == len(packed.namelist()) - 1
            assert any(name.endswith("记录.txt") for name in packed.namelist())

    def test_names_no_reporter(self, room: Boardroom) -> None:
        case = with_reporter(room)
        row = room.give("承办甲", order_case_file, case.id, "file_pdf", reason="移送归档")
        assert "举报人" not in "".join(texts(made(room, row, "承办甲")))

    def test_what_the_investigation_keeps_is_only_named(self, room: Boardroom) -> None:
        case = room.inquired()
        room.give("承办甲", add_attachment, case.id, "笔录.txt", "所见".encode())
        with room.office.database.begin() as session:
            session.scalars(sa.select(Attachment)).one().investigation_only = True
        row = room.give("承办甲", order_case_file, case.id, "file_zip", reason="移送归档")
        with zipfile.ZipFile(io.BytesIO(made(room, row, "承办甲"))) as packed:
            assert not [one for one in packed.namelist() if "笔录" in one]

    def test_too_much_fails(self, room: Boardroom, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engine.commands.make_exports.MOST_BYTES", 1)
        row = room.give("承办甲", order_case_file, room.served().id, "file_zip", reason="移送归档")
        drain(room.office, WORKERS)
        assert now(room, row).state == "failed"

    def test_whoever_does_not_see_the_file_takes_none_out(self, room: Boardroom) -> None:
        case = room.served()
        with pytest.raises(NotAllowed):
            room.give("受理员", order_case_file, case.id, "file_pdf", reason="移送归档")
        with pytest.raises(NotFound):
            room.give("外人", order_case_file, case.id, "file_pdf", reason="移送归档")
        refused(
            lambda: room.give("承办甲", order_case_file, case.id, "docx", reason="移送归档"),
            "export.choice",
        )

    def test_a_right_that_has_gone_counts_when_it_is_made_and_when_it_is_fetched(
        self, room: Boardroom
    ) -> None:
        case = room.inquired()
        row = room.give("承办甲", order_case_file, case.id, "file_pdf", reason="移送归档")
        again = room.give("承办甲", order_case_file, case.id, "file_pdf", reason="移送归档")
        made(room, row, "承办甲")
        third = room.give("承办甲", order_case_file, case.id, "file_zip", reason="移送归档")
        room.give("承办甲", declare_interest, case.id, reasons="同学。")
        with pytest.raises(Recused):
            room.give("承办甲", open_export, again.id)
        drain(room.office, WORKERS)
        assert now(room, third).state == "failed"


class TestTheOrder:
    """有理由，有数目，有终了。"""

    def test_is_on_the_access_record_and_each_fetch_too(self, room: Boardroom) -> None:
        case = room.inquired()
        row = room.give("承办甲", order_case_file, case.id, "file_pdf", reason="移送归档")
        made(room, row, "承办甲")
        looks = room.all(
            sa.select(AccessEntry).where(AccessEntry.what == "export").order_by(AccessEntry.id)
        )
        assert [(one.reason, one.case_id) for one in looks] == [
            ("移送归档", case.id),
            ("fetched", case.id),
        ]
        assert room.last(case, "export_ordered")["reason"] == "移送归档"
        assert "export_ready" in room.facts()
        assert room.breaches() == []

    @pytest.mark.parametrize("reason", ["", "核对", "核" * 401])
    def test_without_a_reason_there_is_none(self, room: Boardroom, reason: str) -> None:
        refused(lambda: room.give("受理员", order_ledger, {}, reason=reason), "export.reason")

    def test_who_holds_no_post_takes_no_ledger_out(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            room.give("陈某", order_ledger, {}, reason="月度核对")

    def test_a_choice_that_is_none_is_refused(self, room: Boardroom) -> None:
        refused(
            lambda: room.give("受理员", order_ledger, {"sort": "x"}, reason="月度核对"),
            "export.choice",
        )

    def test_three_run_at_once_and_one_may_be_stopped(self, room: Boardroom) -> None:
        rows = [order(room) for _ in range(3)]
        refused(lambda: order(room), "export.busy")
        refused(lambda: room.give("受理员", open_export, rows[0].id), "export.not_yet")
        room.give("受理员", stop_export, rows[0].id)
        refused(lambda: room.give("受理员", stop_export, rows[0].id), "export.over")
        order(room)
        drain(room.office, WORKERS)
        assert now(room, rows[0]).state == "stopped"
        refused(lambda: room.give("受理员", open_export, rows[0].id), "export.gone")

    def test_stopped_while_it_is_made_nothing_is_kept(self, room: Boardroom) -> None:
        room.open()
        row = order(room)
        room.give("受理员", stop_export, row.id)
        assert not room.give("受理员", note_export_progress, row.id, 1, 2)
        room.give("受理员", keep_export, row.id, "0" * 64, 1, "x")
        room.give("受理员", fail_export, row.id)
        assert now(room, row).state == "stopped"

    def test_of_another_is_not_there(self, room: Boardroom) -> None:
        row = order(room)
        for command in (stop_export, open_export):
            with pytest.raises(NotFound):
                room.give("承办甲", command, row.id)
        with pytest.raises(NotFound):
            room.office.ask(room.actor("承办甲"), own_export, row.id)

    def test_one_s_own_are_listed_page_by_page(self, room: Boardroom) -> None:
        rows = [order(room).id for _ in range(2)]
        ask, actor = room.office.ask, room.actor("受理员")
        first, after = ask(actor, own_exports, limit=1)
        second, end = ask(actor, own_exports, after=after, limit=1)
        assert [one.id for one in (*first, *second)] == rows[::-1]
        assert end == ""
        assert ask(actor, own_export, rows[0]).reason == "月度核对"

    def test_a_closed_account_gets_nothing(self, room: Boardroom) -> None:
        row = order(room)
        account = room.one(sa.select(Account).where(Account.person_id == room.people["受理员"]))
        room.give("管理员", lock_account, account.name)
        drain(room.office, WORKERS)
        assert now(room, row).state == "running"

    def test_what_is_not_there_is_a_fault(self, room: Boardroom) -> None:
        job = Job("1", KIND, "k", {"export": "none"}, 1)
        for worker in (make_export, forget_export):
            with pytest.raises(Fault):
                worker(room.office, job)
        with pytest.raises(Fault):
            room.give("system", end_export, "none")


class TestTheEnd:
    """到期不可下载，字节也不再留存。"""

    def test_after_a_day_it_is_gone_and_its_bytes_too(self, room: Boardroom) -> None:
        room.open()
        row = order(room)
        made(room, row, "受理员")
        digest = now(room, row).digest
        room.clock.move_to(room.clock.now() + timedelta(hours=24))
        refused(lambda: room.give("受理员", open_export, row.id), "export.gone")
        drain(room.office, WORKERS)
        assert now(room, row).state == "ended"
        with pytest.raises(KeyError):
            room.office.files.get(digest)

    def test_only_the_platform_ends_it_and_not_before(self, room: Boardroom) -> None:
        room.open()
        row = order(room)
        made(room, row, "受理员")
        with pytest.raises(NotAllowed):
            room.give("受理员", end_export, row.id)
        assert room.give("system", end_export, row.id) == ""

    def test_bytes_that_something_else_needs_stay(self, room: Boardroom) -> None:
        case = room.inquired()
        room.give("承办甲", add_attachment, case.id, "记录.txt", "所见".encode())
        digest = room.one(sa.select(Attachment)).digest
        row = order(room)
        made(room, row, "受理员")
        with room.office.database.begin() as session:
            session.get_one(Export, row.id).digest = digest
        room.clock.move_to(room.clock.now() + timedelta(hours=24))
        drain(room.office, WORKERS)
        assert room.office.files.get(digest) == "所见".encode()

    def test_a_post_that_ended_leaves_nothing_in_the_ledger(self, room: Boardroom) -> None:
        case = room.open()
        row = order(room, columns="number")
        for post in room.all(sa.select(PostRow).where(PostRow.person_id == room.people["受理员"])):
            room.give("管理员", end_post, post.id, last_day=room.clock.now().date())
        room.at(2026, 2, 10)
        assert case.number not in cells(made(room, row, "受理员"))
