"""Faults injected: whatever breaks, a command happened whole and once, or not at all.

Before the commit: nothing has changed. After the commit but before the answer: the command
given again does not happen twice; it is refused as done, or changes nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.change_calendar import SpecialDay, change_day
from engine.errors import NotFound, Refusal
from engine.store.tables import CaseRow, Motion, Record
from tests.engine.boardroom import Boardroom
from tests.engine.faults import (
    accounts,
    batches,
    bodies,
    cases,
    drafts,
    exports,
    hands,
    notices,
    office,
    oversight,
    papers,
    periods,
    running,
    steps,
)
from tests.engine.faults.once import Broken

COMMANDS = Path(__file__).parents[3] / "engine" / "commands"
COMMAND = re.compile(r"^def ([a-z]\w*)\(\s*desk: Desk", re.MULTILINE)
PARTS = (
    accounts.ACTS,
    batches.ACTS,
    bodies.ACTS,
    cases.ACTS,
    drafts.ACTS,
    exports.ACTS,
    hands.ACTS,
    notices.ACTS,
    office.ACTS,
    oversight.ACTS,
    papers.ACTS,
    periods.ACTS,
    running.ACTS,
    steps.ACTS,
)
CASES = {name: once for part in PARTS for name, once in part.items()}
ELSEWHERE = {
    "propose_value": "refused while one waits: tests/web/administration/test_change_values.py",
    "decide_value": "refused a second time: tests/web/administration/test_change_values.py",
    "count_failure": "called by log_in and note_signature",
    "order": "called by start_batch and the batches of cases",
    "try_migrations": "twice is two: tests/engine/commands/test_migrate_many.py",
    "propose_migrations": "refused case by case: tests/engine/commands/test_migrate_many.py",
    "decide_migrations": "refused case by case: tests/engine/commands/test_migrate_many.py",
    "ask_deletion": "refused a second time: tests/web/administration/test_deleting.py",
    "decide_deletion": "gone, or refused as not asked: tests/web/administration/test_deleting.py",
    "set_last_day": "called by end_post and restore_setting",
    "place_authority": "the same again: tests/engine/commands/test_supervise_below.py",
    "grant_supervision": "twice is two: tests/engine/commands/test_supervise_below.py",
    "end_supervision": "refused a second time: tests/engine/commands/test_supervise_below.py",
    "order_statistics": "as order_ledger: tests/web/administration/test_statistics.py",
    "prove_notice_address": "not found a second time: tests/engine/commands/test_proving.py",
    "pack_proof": "a query",
    "list_below": "a look, noted each time: tests/engine/commands/test_supervise_below.py",
    "look_below": "a look, noted each time: tests/engine/commands/test_supervise_below.py",
    "ask_below": "refused while one waits: tests/engine/commands/test_supervise_below.py",
    "answer_above": "refused a second time: tests/engine/commands/test_supervise_below.py",
    "hand_in_report": "a second one is another report: tests/web/reports/test_reports.py",
    "add_to_report": "said twice, it stands there twice: tests/web/reports/test_reports.py",
    "standing_of_report": "a query",
    "searchable": "a query",
    "replace_handler": "part of decide_recusal, and of the act that designates an organ",
    "propose_retirement": "refused while one goes: tests/engine/commands/test_retire.py",
    "decide_retirement": "refused a second time: tests/engine/commands/test_retire.py",
    "finish_retirement": "nothing a second time: tests/engine/commands/test_retire.py",
    "keep_case": "kept is kept: tests/engine/commands/test_retire.py",
    "go_on_with_retirement": "ends once: tests/engine/commands/test_retire.py",
    "package_of": "a query",
    "open_archive": "a look, noted each time: tests/engine/commands/test_open_archive.py",
    "retirements": "a query",
    "retirable": "a query",
    "case_numbered": "a query",
    "read_report": "a look, noted each time: tests/web/reports/test_reports.py",
    "open_report_file": "a look, noted each time: tests/web/reports/test_reports.py",
    "name_reporter_of": "a look, noted each time: tests/web/reports/test_reports.py",
    "ask_reporter": "said twice, it stands there twice: tests/web/reports/test_reports.py",
    "register_report": "refused a second time: tests/web/reports/test_reports.py",
    "refuse_report": "refused a second time: tests/web/reports/test_reports.py",
    "save_filing_draft": "the newest draft counts: tests/web/own/test_draft.py",
    "discard_filing_draft": "nothing a second time: tests/web/own/test_draft.py",
    "forget_draft": "called by submit_filing and discard_filing_draft",
    "pack": "a query",
    "pack_trial": "a query",
    "rebuild_search": "a batch at a time, again from any place: test_rebuild_search.py",
    "rewrap_keys": "a batch at a time, again after a fault: tests/web/cli/test_rotating.py",
    "note_rotation": "after the last batch: tests/web/cli/test_rotating.py",
    "submit_draft": "refused a second time: tests/engine/commands/test_drafts.py",
    "roll_back_version": "refused a second time: tests/engine/commands/test_drafts.py",
    "add_signer": "advances as complete_work does: tests/engine/commands/test_change_signers.py",
    "remove_signer": "advances as complete_work does: tests/engine/commands/test_change_signers.py",
    "uses_codes": "a query",
    "tokens": "a query",
    "roster_changes": "a query",
    "import_roster": "twice changes nothing: tests/web/administration/test_rosters.py",
    "has_external_tasks": "a query",
    "remind": "called by fire_due and fire_reminders",
    "keep_files": "called by draft_version and deploy_diagram",
    "may_fetch": "a condition of a query",
    "deployed_before": "a query",
    "fetch_external_tasks": "the same worker gets nothing more: tests/camunda/test_faults.py",
    "lock_external_task": "again from now on: tests/camunda/test_faults.py",
    "extend_external_lock": "again from now on: tests/camunda/test_faults.py",
    "unlock_external_task": "changes nothing more: tests/camunda/test_faults.py",
    "complete_external_task": "not found a second time: tests/camunda/test_faults.py",
    "fail_external_task": "the same number of retries: tests/camunda/test_faults.py",
    "raise_external_error": "not found a second time: tests/camunda/test_faults.py",
    "set_external_retries": "changes nothing more: tests/camunda/test_faults.py",
    "deploy_diagram": "the same files are the same deployment: tests/camunda/test_faults.py",
    "start_trial": "twice is two, as it should be: tests/camunda/test_faults.py",
    "correlate_message": "refused a second time: tests/camunda/test_faults.py",
    "kept_answer": "a query",
    "keep_answer": "in the transaction of the command it tells of: tests/api/test_calls.py",
    "seal_of": "a query",
    "own_seal": "a query",
    "code_fits": "called by note_signature: tests/engine/commands/test_one_time_codes.py",
    "is_asked_at_log_in": "a query",
    "put_into_hands": "called by transfer_work and hand_over_departing",
    "replace_actor": "gives the same desk for another actor",
    "call_meeting": "a later call takes its place: tests/engine/commands/test_hold_meeting.py",
    "close_ballot": "refused a second time: tests/engine/commands/test_hold_meeting.py",
    "record_dissent": "refused a second time: tests/engine/commands/test_hold_meeting.py",
    "request_appointment": "as request_award; tests/engine/commands/test_request_personnel.py",
    "sign_minutes": "refused a second time: tests/engine/commands/test_hold_meeting.py",
    "add_authority": "twice is refused: tests/engine/desk/test_log_in.py",
    "ask_recusal": "calls request_recusal in its transaction",
    "deliver_message": "exactly once by its key: tests/engine/commands/test_deliver_message.py",
    "move_clock": "tests/engine/commands/test_move_clock.py",
    "note_check": "notes that the record was verified, as often as it was",
    "note_signature": "tests/engine/commands/test_sign.py",
    "open_by_calendar": "once by its period: tests/engine/commands/test_open_by_calendar.py",
    "open_child": "once by its key: tests/engine/commands/test_link_cases.py",
    "note_child": "once by the child's revision: tests/engine/commands/test_link_cases.py",
    "open_by_message": "once by its key: tests/engine/commands/test_deliver_message.py",
    "read_notices": "tests/web",
    "open_session": "what every log-in ends with: tests/web/test_federated.py, and log_in here",
    "register": "what open_case and child cases end with: open_case here, and link_cases",
    "register_clue": "calls open_case in its transaction",
    "reveal": "notes a look, as open_document does",
    "open_attachment": "notes a look, as open_document does",
    "receipt_escalation": "once by its row: tests/engine/commands/test_ladder.py",
    "send_dunning": "counted once: tests/engine/commands/test_send_dunning.py",
    "submit_filing": "calls file in its transaction",
    "restore_account": "called by restore_setting: tests/web/administration/test_organisation.py",
    "put_seal_back": "called by restore_setting: tests/web/administration/test_organisation.py",
    "put_unit": "called by describe_unit, close_unit, reopen_unit and restore_setting",
    "unlink_identity": "tests/web/test_federated.py",
    "complete_taken": "what complete_work and submit_work do once they have taken the item",
    "submit_work": "completes as complete_work does, in its transaction",
    "take_early": "once by its row: tests/engine/commands/test_deliver_message.py",
}
QUERIES = {
    "fitting",
    "running_in",
    "try_migration",
    "first_day",
    "must_hold",
    "newest_published",
    "newest_version",
    "waiting_change",
    "procedures_of",
    "answers_to_start",
    "assignable_to",
    "findings_of",
    "is_found_on",
    "issuers_of",
    "jump_targets",
    "places_for",
    "return_places",
    "stoppable",
    "supervises",
    "suspension_of",
    "accounts_in",
    "accounts_of",
    "actor_of",
    "approvers_of",
    "authorities_in",
    "begun_by",
    "deciders_of",
    "describe",
    "finish_work",
    "give_number",
    "in_force",
    "migration_trial",
    "moves_by",
}


def everything(room: Boardroom) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table."""
    with room.office.database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(sa.select(table))), key=repr)
            for table in Record.metadata.sorted_tables
        }


def what_happened(room: Boardroom) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row but those that refusals and looks leave, findings of them included."""
    return {
        name: rows
        for name, rows in everything(room).items()
        if name not in {"audit_entry", "audit_head", "deviation"}
    }


@contextmanager
def broken(room: Boardroom, dies_at: str, name: str) -> Iterator[None]:
    """Let the process die at a moment of one command."""

    def hook(moment: str, command: str) -> None:
        if (moment, command) == (dies_at, name):
            raise Broken

    room.office.hook = hook
    try:
        yield
    finally:
        room.office.hook = None


def names_of_commands() -> set[str]:
    """Return the public commands, by reading the sources: functions that take a desk first."""
    return {
        name for path in COMMANDS.glob("*.py") for name in COMMAND.findall(path.read_text("utf-8"))
    }


class TestEveryCommand:
    """Each command is one transaction."""

    def test_every_command_is_broken_here_or_named_elsewhere(self) -> None:
        assert len(CASES) == sum(len(part) for part in PARTS)  # none takes another's name
        covered = {one.command for one in CASES.values()} | set(CASES) | set(ELSEWHERE)
        assert names_of_commands() - QUERIES - covered == set()

    @pytest.mark.slow
    @pytest.mark.parametrize("name", CASES)
    def test_broken_before_the_commit_it_leaves_nothing(self, room: Boardroom, name: str) -> None:
        once = CASES[name]
        given = once.prepare(room)
        before = everything(room)
        with broken(room, "before_commit", once.command), pytest.raises(Broken):
            given()
        assert everything(room) == before
        given()  # and nothing stands in its way afterwards
        assert everything(room) != before
        assert room.breaches() == []

    @pytest.mark.slow
    @pytest.mark.parametrize("name", CASES)
    def test_broken_after_the_commit_it_does_not_happen_twice(
        self, room: Boardroom, name: str
    ) -> None:
        once = CASES[name]
        given = once.prepare(room)
        before = everything(room)
        with broken(room, "after_commit", once.command), pytest.raises(Broken):
            given()
        after = what_happened(room)
        assert everything(room) != before
        if once.again == "refused":
            with pytest.raises((Refusal, NotFound)):
                given()
        elif once.again == "same":
            given()
        if once.again != "more":
            assert what_happened(room) == after
        assert room.breaches() == []


class TestCalendars:
    """A change of the calendar that was rolled back is not remembered."""

    def test_the_next_change_is_counted_by_its_own_days(self, room: Boardroom) -> None:
        off = SpecialDay(date(2026, 3, 4), is_workday=False)
        with broken(room, "before_commit", "change_day"), pytest.raises(Broken):
            room.give("管理员", change_day, off, source="误")
        room.give(
            "管理员", change_day, SpecialDay(date(2026, 3, 5), is_workday=False), source="通知"
        )
        with room.office.database.reading() as session:
            calendar = room.office.calendar(session, room.authority_id)
        assert calendar.is_workday(date(2026, 3, 4))
        assert not calendar.is_workday(date(2026, 3, 5))


class TestCasesOfACase:
    """A case that was being opened when the process died is not half there."""

    def test_its_number_is_given_to_the_next_one(self, room: Boardroom) -> None:
        given = CASES["open_case"].prepare(room)
        with broken(room, "before_commit", "open_case"), pytest.raises(Broken):
            given()
        assert room.all(sa.select(CaseRow)) == []
        assert given().number == "某集问〔2026〕1号"

    def test_a_motion_after_a_fault_is_the_first_one(self, room: Boardroom) -> None:
        given = CASES["put_motion"].prepare(room)
        with broken(room, "before_commit", "put_motion"), pytest.raises(Broken):
            given()
        given()
        assert [row.number for row in room.all(sa.select(Motion))] == [1]
