"""Faults injected: whatever breaks, a command happened whole and once, or not at all.

Before the commit: nothing has changed. After the commit but before the answer: the command
given again does not happen twice; it is refused as done, or changes nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa

from engine.commands.accounts import lock_account, set_password, set_rights, unlock_account
from engine.commands.add_attachment import add_attachment
from engine.commands.anchor_record import anchor_record
from engine.commands.assign_work import assign_work
from engine.commands.batches import (
    do_batch_item,
    go_on_with_batch,
    note_batch_refusal,
    start_batch,
    stop_batch,
)
from engine.commands.change_calendar import SpecialDay, change_day, national_days, publish_year
from engine.commands.change_settings import change_setting
from engine.commands.claim_work import claim_work
from engine.commands.comment_case import comment_case
from engine.commands.complete_work import complete_work
from engine.commands.copies import read_copy, send_copies
from engine.commands.correct_document import (
    draft_correction,
    drop_correction,
    issue_correction,
    keep_correction,
    make_ready,
    prepare_correction,
    serve_correction,
)
from engine.commands.countersign import ask_signature, drop_signature, give_signature
from engine.commands.decide import decide, give_opinion, note_absence, put_motion
from engine.commands.deliver_notices import send_again, settle_deliveries
from engine.commands.depart import (
    begin_departure,
    end_departure,
    hand_over_departing,
    stop_departure,
)
from engine.commands.drafts import (
    begin_draft,
    discard_draft,
    keep_check,
    remove_draft_file,
    restore_draft_file,
    save_draft_file,
)
from engine.commands.exports import (
    end_export,
    fail_export,
    keep_export,
    note_export_progress,
    open_export,
    order_case_file,
    order_ledger,
    stop_export,
)
from engine.commands.extend_deadline import decide_extension, request_extension
from engine.commands.file import file
from engine.commands.fire_due import fire_due
from engine.commands.hand_over import (
    delegate_work,
    recall_delegated,
    return_delegated,
    transfer_work,
)
from engine.commands.interference import acknowledge_interference, record_interference
from engine.commands.jump_work import jump_work
from engine.commands.keep_stamp import keep_stamp
from engine.commands.log_in import log_in, log_out
from engine.commands.look import open_document, seal_looks
from engine.commands.look_at_work import look_at_work
from engine.commands.merge_clues import merge_clue, receive_merged
from engine.commands.migrate_case import decide_migration, propose_migration
from engine.commands.notice_preferences import (
    drop_notice_address,
    save_notice_preference,
    set_notice_address,
    try_notice_address,
)
from engine.commands.notice_templates import change_notice_template, reset_notice_template
from engine.commands.one_time_codes import begin_enrolment, confirm_enrolment, remove_codes
from engine.commands.open_case import open_case
from engine.commands.organise import (
    add_person,
    add_unit,
    describe_person,
    end_post,
    give_post,
    open_account,
    relate,
)
from engine.commands.oversee import (
    confirm_overreach,
    lift_stop,
    report_overreach,
    settle_deviation,
)
from engine.commands.own_notes import follow_up, tag_case, watch_case
from engine.commands.publish_version import approve_version, retire_version
from engine.commands.recuse import decide_recusal, declare_interest, request_recusal
from engine.commands.release_work import release_work
from engine.commands.remind_work import remind_work
from engine.commands.repair import retry_due, retry_incident, retry_job
from engine.commands.request_personnel import request_award
from engine.commands.restore_settings import restore_setting
from engine.commands.return_work import return_work
from engine.commands.save_draft import save_draft
from engine.commands.saved_filters import drop_filter, save_filter
from engine.commands.set_seal import remove_seal, set_seal
from engine.commands.substitute import end_substitution, set_substitution
from engine.commands.suspend_case import decide_suspension, request_suspension, resume_case
from engine.commands.take_back_work import take_back_work
from engine.commands.tokens import create_token, revoke_token
from engine.commands.units import close_unit, describe_unit, reopen_unit
from engine.commands.wake_case import wake_case
from engine.commands.withdraw_case import decide_withdrawal, propose_withdrawal
from engine.errors import NotFound, Refusal
from engine.store.tables import (
    CaseRow,
    CopyRow,
    DepartureItem,
    DueRow,
    Incident,
    Motion,
    NoticeDelivery,
    OutboxJob,
    PostRow,
    Record,
    UnitRow,
    VersionRow,
)
from engine.vault import RecordKey
from scheduler.channels import Outgoing, Reach
from tests.engine.boardroom import MOTION, PASSWORD, Boardroom, draft_of, published

COMMANDS = Path(__file__).parents[2] / "engine" / "commands"
COMMAND = re.compile(r"^def ([a-z]\w*)\(\s*desk: Desk", re.MULTILINE)
Given = Callable[[], Any]


class Broken(BaseException):
    """The process died here: nothing of ours catches it."""


@dataclass(frozen=True)
class Once:
    """A command that happens once: given again it is refused, and nothing more changes."""

    prepare: Callable[[Boardroom], Given]
    command: str
    again: str = "refused"
    """`refused`; `same` where nothing changes; `more` where twice is two, as it should be."""


def _open(room: Boardroom) -> Given:
    answers = {"channel": "CA1", "facts": "推诿", "subject_id": room.people["陈某"]}
    return partial(room.give, "受理员", open_case, "board", answers)


def _claim(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", claim_work, room.item(room.open(), "ut_inquire").id)


def _release(room: Boardroom) -> Given:
    item = room.claim("承办甲", room.open(), "ut_inquire")
    return partial(room.give, "承办甲", release_work, item.id)


def _complete(room: Boardroom) -> Given:
    item = room.item(room.open(), "ut_inquire").id
    return partial(room.give, "承办甲", complete_work, item, {"facts_found": "停产。"})


def _save(room: Boardroom) -> Given:
    item = room.claim("承办甲", room.open(), "ut_inquire").id
    return partial(room.give, "承办甲", save_draft, item, {"facts_found": "停"})


def _attach(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", add_attachment, room.open().id, "a.txt", b"text")


def _file(room: Boardroom) -> Given:
    return partial(room.give, "陈某", file, room.served().id, "appeal", {"request": "请求。"})


def _fire(room: Boardroom) -> Given:
    room.open()
    room.clock.move_to(room.clock.now().replace(month=3, day=10))
    due = room.one(sa.select(DueRow).where(DueRow.kind == "yellow"))
    return partial(room.give, "system", fire_due, due.id)


def _motion(room: Boardroom) -> Given:
    item = room.item(room.inquired(), "ut_decide").id
    return partial(room.give, "主席", put_motion, item, dict(MOTION))


def _opinion(room: Boardroom) -> Given:
    motion = room.move(room.inquired())
    return partial(room.give, "主席", give_opinion, motion.id, vote="agree", reasons="据卷。")


def _absence(room: Boardroom) -> Given:
    motion, absent = room.move(room.inquired()), room.people["监事乙"]
    return partial(room.give, "主席", note_absence, motion.id, absent, reasons="出差。")


def _decide(room: Boardroom) -> Given:
    motion = room.move(room.inquired())
    room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
    return partial(room.give, "主席", decide, motion.id)


def _appeal_decided(room: Boardroom) -> Given:
    case = room.served()
    room.give("陈某", file, case.id, "appeal", {"request": "请求。"})
    motion = room.move(case, element="ut_review", appeal_result="revoked", measures=[])
    room.vote(motion, 主席="agree", 监事甲="agree", 监事乙="agree")
    return partial(room.give, "主席", decide, motion.id)


def _issue(room: Boardroom) -> Given:
    item = room.item(room.prepared(), "ut_issue").id
    chair = room.actor("主席", has_signed=True)
    return partial(room.office.give, chair, complete_work, item, {})


def _serve(room: Boardroom) -> Given:
    item = room.item(room.issued(), "ut_serve").id
    answers = {"way": "direct", "received_on": "2026-02-09", "received_by": "陈某"}
    return partial(room.give, "承办乙", complete_work, item, answers)


def _declare(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", declare_interest, room.open().id, reasons="同学。")


def _request(room: Boardroom) -> Given:
    whom = room.people["承办甲"]
    return partial(room.give, "陈某", request_recusal, room.open().id, whom, reasons="过节。")


def _recuse(room: Boardroom) -> Given:
    row = _request(room)()
    return partial(room.give, "主席", decide_recusal, row.id, granted=True, reasons="属实。")


def _ask_extension(room: Boardroom) -> Given:
    return partial(
        room.give, "承办甲", request_extension, room.open().id, "DL-B-1", reasons="证人在外。"
    )


def _extend(room: Boardroom) -> Given:
    row = _ask_extension(room)()
    return partial(room.give, "主席", decide_extension, row.id, granted=True, reasons="准。")


def _propose(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", propose_withdrawal, room.open().id, reasons="重复。")


def _withdraw(room: Boardroom) -> Given:
    case = room.open()
    room.give("承办甲", propose_withdrawal, case.id, reasons="重复。")
    return partial(room.give, "主席", decide_withdrawal, case.id, granted=True, reasons="准。")


def _ask_migration(room: Boardroom) -> Given:
    room.give("system", open_account, room.people["设计员"], "second", is_admin=True)
    case = room.open()
    version = draft_of(room.office, room.actor("设计员"), quick=True)
    room.give("管理员", approve_version, version.id, effective_on=date(2026, 1, 1))
    return partial(
        room.give, "管理员", propose_migration, case.id, version.id, {}, reasons="制度修订。"
    )


def _migrate(room: Boardroom) -> Given:
    _ask_migration(room)()
    case = room.one(sa.select(CaseRow))
    return partial(room.give, "设计员", decide_migration, case.id, granted=True, reasons="同意。")


def _year(room: Boardroom) -> Given:
    room.open()
    return partial(room.give, "管理员", publish_year, 2025, national_days(2025), source="国办")


def _day(room: Boardroom) -> Given:
    special = SpecialDay(date(2026, 3, 4), is_workday=False)
    return partial(room.give, "管理员", change_day, special, source="通知")


def _look(room: Boardroom) -> Given:
    return partial(room.give, "陈某", open_document, room.document(room.served()).id)


def _seal(room: Boardroom) -> Given:
    _look(room)()
    return partial(room.give, "system", seal_looks)


def _anchor(room: Boardroom) -> Given:
    _look(room)()
    room.office.record_key = RecordKey(b"r" * 32)
    return partial(room.give, "system", anchor_record)


def _stamp(room: Boardroom) -> Given:
    number = _anchor(room)()
    return partial(room.give, "system", keep_stamp, number, server="tsa", token=b"t")


def _approve(room: Boardroom) -> Given:
    version = draft_of(room.office, room.actor("设计员"), quick=True)
    return partial(room.give, "管理员", approve_version, version.id, effective_on=date(2026, 3, 1))


def _draft_version(room: Boardroom) -> Given:
    return partial(draft_of, room.office, room.actor("设计员"), quick=True)


def _retire(room: Boardroom) -> Given:
    version = room.one(sa.select(VersionRow))
    return partial(room.give, "管理员", retire_version, version.id, reasons="有误。")


def _draft(room: Boardroom) -> str:
    files = {"procedure.yaml": b"id: small", "small.bpmn": b""}
    give = partial(room.give, "设计员", begin_draft, "small")
    row = give(title="小流程", files=files, origin="empty")
    return str(row.id)


def _begin_draft(room: Boardroom) -> Given:
    give = partial(room.give, "设计员", begin_draft, "small")
    return partial(give, title="小流程", files={"procedure.yaml": b""}, origin="empty")


def _save_draft_file(room: Boardroom) -> Given:
    give = partial(room.give, "设计员", save_draft_file, _draft(room))
    return partial(give, "small.bpmn", b"<new/>", number=1)


def _remove_draft_file(room: Boardroom) -> Given:
    give = partial(room.give, "设计员", remove_draft_file, _draft(room))
    return partial(give, "small.bpmn", number=1)


def _restore_draft_file(room: Boardroom) -> Given:
    return partial(room.give, "设计员", restore_draft_file, _draft(room), "small.bpmn", 1)


def _discard_draft(room: Boardroom) -> Given:
    return partial(room.give, "设计员", discard_draft, _draft(room))


def _keep_check(room: Boardroom) -> Given:
    give = partial(room.give, "设计员", keep_check, _draft(room))
    return partial(give, revision=1, report={"passed": True})


def _end_post(room: Boardroom) -> Given:
    post = room.one(sa.select(PostRow).where(PostRow.person_id == room.people["承办甲"]))
    return partial(room.give, "管理员", end_post, post.id, last_day=date(2026, 3, 1))


def _post(room: Boardroom) -> Given:
    who = room.people["外人"]
    return partial(room.give, "管理员", give_post, who, "verifier", valid_from=date(2026, 3, 1))


def _account(room: Boardroom) -> Given:
    return partial(room.give, "管理员", open_account, room.people["外人"], "second")


def _relate(room: Boardroom) -> Given:
    pair = (room.people["承办甲"], room.people["陈某"])
    return partial(room.give, "管理员", relate, *pair, kind="kin")


def _log_in(room: Boardroom) -> Given:
    return partial(log_in, room.office, "u4", PASSWORD, hours=8)


def _log_out(room: Boardroom) -> Given:
    token = _log_in(room)().token
    return partial(room.give, "主席", log_out, token)


def _lock(room: Boardroom) -> Given:
    return partial(room.give, "管理员", lock_account, "u1")


def _unlock(room: Boardroom) -> Given:
    _lock(room)()
    return partial(room.give, "管理员", unlock_account, "u1")


def _rights(room: Boardroom) -> Given:
    return partial(room.give, "管理员", set_rights, "u1", is_admin=True)


def _unit(room: Boardroom) -> str:
    unit: UnitRow = room.give("管理员", add_unit, "科")
    return unit.id


def _rename(room: Boardroom) -> Given:
    return partial(room.give, "管理员", describe_unit, _unit(room), "处")


def _close(room: Boardroom) -> Given:
    return partial(room.give, "管理员", close_unit, _unit(room))


def _reopen(room: Boardroom) -> Given:
    unit = _unit(room)
    room.give("管理员", close_unit, unit)
    return partial(room.give, "管理员", reopen_unit, unit)


def _password(room: Boardroom) -> Given:
    return partial(room.give, "管理员", set_password, "u1", "$argon2id$another")


def _incident(room: Boardroom) -> Given:
    case = room.open()
    row = Incident(
        authority_id=case.authority_id,
        case_id=case.id,
        element="ut_inquire",
        kind="step",
        reason={"zh": "x", "en": "x"},
        happened_at=room.clock.now(),
    )
    return partial(room.give, "管理员", retry_incident, _added(room, row))


def _late(room: Boardroom) -> Given:
    room.open()
    with room.office.database.begin() as session:
        due = session.scalars(sa.select(DueRow).where(DueRow.kind == "yellow")).one()
        due.failures, due.not_before = 3, room.clock.now()
    return partial(room.give, "管理员", retry_due, due.id)


def _dead(room: Boardroom) -> Given:
    row = OutboxJob(kind="preview", key="k", payload={}, not_before=room.clock.now(), state="dead")
    return partial(room.give, "管理员", retry_job, _added(room, row))


def _held(room: Boardroom) -> str:
    return room.claim("承办甲", room.open(), "ut_inquire").id


def _transfer(room: Boardroom) -> Given:
    to = room.people["承办乙"]
    return partial(room.give, "承办甲", transfer_work, _held(room), to, reasons="出差。")


def _delegate(room: Boardroom) -> Given:
    to = room.people["承办乙"]
    return partial(room.give, "承办甲", delegate_work, _held(room), to, reasons="请核。")


def _return_delegated(room: Boardroom) -> Given:
    row = _delegate(room)()
    return partial(room.give, "承办乙", return_delegated, row.work_item_id)


def _recall(room: Boardroom) -> Given:
    row = _delegate(room)()
    return partial(room.give, "承办甲", recall_delegated, row.work_item_id, reasons="已回。")


def _ask_signature(room: Boardroom, place: str = "before") -> Given:
    signer = room.people["承办乙"]
    item = _held(room)
    return partial(room.give, "承办甲", ask_signature, item, signer, place=place, reasons="请核。")


def _sign(room: Boardroom) -> Given:
    request = _ask_signature(room, "after")()
    answers = {"facts_found": "停产。"}
    room.give("承办甲", complete_work, request.work_item_id, answers)
    signer = room.actor("承办乙", has_signed=True)
    return partial(room.office.give, signer, give_signature, request.id, agrees=True)


def _drop_signature(room: Boardroom) -> Given:
    request = _ask_signature(room)()
    return partial(room.give, "承办甲", drop_signature, request.id, reasons="不需要。")


def _substitute(room: Boardroom) -> Given:
    day = date(2026, 2, 9)
    deputy = room.people["承办乙"]
    return partial(
        room.give,
        "承办甲",
        set_substitution,
        deputy,
        valid_from=day,
        valid_to=day,
        reasons="休假。",
    )


def _end_substitution(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", end_substitution, _substitute(room)().id)


def _depart(room: Boardroom) -> Given:
    _held(room)
    pair = (room.people["承办甲"], room.people["承办乙"])
    return partial(room.give, "管理员", begin_departure, *pair, reasons="调离。")


def _departing(room: Boardroom) -> Given:
    row = _depart(room)()
    item = room.one(sa.select(DepartureItem)).work_item_id
    return partial(room.give, "system", hand_over_departing, item, row.id)


def _stop_departure(room: Boardroom) -> Given:
    return partial(room.give, "管理员", stop_departure, _depart(room)().id)


def _end_departure(room: Boardroom) -> Given:
    return partial(room.give, "system", end_departure, _depart(room)().id)


def _overreach(room: Boardroom) -> Given:
    for name in ("保护员", "外人"):
        whom = room.people[name]
        room.give("system", give_post, whom, "supervision_officer", valid_from=date(2020, 1, 1))
    item = room.item(room.inquired(), "ut_inquire").id
    return partial(room.give, "保护员", report_overreach, item, reasons="越权。")


def _settle_deviation(room: Boardroom) -> Given:
    row = _overreach(room)()
    return partial(room.give, "外人", settle_deviation, row.id, dismissed=True, reasons="不属实。")


def _confirm_overreach(room: Boardroom) -> Given:
    row = _overreach(room)()
    return partial(room.give, "外人", confirm_overreach, row.id, reasons="属实。")


def _lift_stop(room: Boardroom) -> Given:
    row = _confirm_overreach(room)()
    return partial(room.give, "外人", lift_stop, row.id, reasons="已补正。")


def _token(room: Boardroom) -> Given:
    owner = room.actor("主席", has_signed=True)
    day = date(2026, 12, 31)
    return partial(room.office.give, owner, create_token, "报表", ["read"], expires_on=day)


def _revoke_token(room: Boardroom) -> Given:
    return partial(room.give, "主席", revoke_token, _token(room)().id)


def _enrol(room: Boardroom) -> Given:
    chair = room.actor("主席", has_signed=True)
    return partial(room.office.give, chair, begin_enrolment)


def _enrolled(room: Boardroom) -> Given:
    secret = _enrol(room)().secret
    chair = room.actor("主席", has_signed=True)
    code = pyotp.TOTP(secret).at(room.clock.now())
    return partial(room.office.give, chair, confirm_enrolment, code, is_for_log_in=False)


def _remove_codes(room: Boardroom) -> Given:
    _enrolled(room)()
    return partial(room.office.give, room.actor("主席", has_signed=True), remove_codes)


def _set_seal(room: Boardroom) -> Given:
    return partial(room.give, "管理员", set_seal, b"\x89PNG\r\n\x1a\n")


def _remove_seal(room: Boardroom) -> Given:
    _set_seal(room)()
    return partial(room.give, "管理员", remove_seal)


def _added(room: Boardroom, row: Incident | OutboxJob) -> str:
    with room.office.database.begin() as session:
        session.add(row)
    return row.id


def _describe(room: Boardroom) -> Given:
    person = room.people["陈某"]
    return partial(room.give, "管理员", describe_person, person, level="section", status="retired")


def _award(room: Boardroom) -> Given:
    room.give(
        "管理员",
        give_post,
        room.people["承办乙"],
        "personnel_dept",
        valid_from=date(2020, 1, 1),
    )
    return partial(room.give, "承办乙", request_award, room.people["陈某"], 2026)


def _governed(room: Boardroom) -> Boardroom:
    """Put a version in force whose clock may stop, and whose draft follows upon the inquiry."""

    def edit(path: str, text: str) -> str:
        if path.endswith(".yaml"):
            stops = "    ends: inquired\n    stops: {source: S0篇1§8}\n"
            return text.replace("    ends: inquired\n", stops, 1)
        flow = 'sourceRef="ut_inquire" targetRef="'
        return text.replace(f'{flow}st_count"', f'{flow}ut_draft"')

    published(room, edit)
    return room


def _send_back(room: Boardroom) -> Given:
    case = _governed(room).inquired()
    item = room.item(case, "ut_draft").id
    return partial(room.give, "承办乙", return_work, item, "previous", reasons="不清。")


def _take_back(room: Boardroom) -> Given:
    item = room.item(_governed(room).inquired(), "ut_inquire").id
    return partial(room.give, "承办甲", take_back_work, item)


def _jump(room: Boardroom) -> Given:
    item = room.item(_governed(room).open(), "ut_inquire").id
    return partial(room.give, "主席", jump_work, item, "ut_draft", reasons="急。")


def _assign(room: Boardroom) -> Given:
    item = room.item(room.open(), "ut_inquire").id
    return partial(room.give, "承办甲", assign_work, item, room.people["承办乙"])


def _remind(room: Boardroom) -> Given:
    return partial(room.give, "主席", remind_work, room.item(room.open(), "ut_inquire").id)


def _look_at(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", look_at_work, room.item(room.open(), "ut_inquire").id)


def _copy(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", send_copies, room.open().id, [room.people["主席"]])


def _read_copy(room: Boardroom) -> Given:
    _copy(room)()
    return partial(room.give, "主席", read_copy, room.one(sa.select(CopyRow)).id)


def _comment(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", comment_case, room.open().id, "请核对。")


def _watch(room: Boardroom) -> Given:
    return partial(room.give, "主席", watch_case, room.open().id, watched=True)


def _tag(room: Boardroom) -> Given:
    return partial(room.give, "主席", tag_case, room.open().id, ["重点"])


def _follow_up(room: Boardroom) -> Given:
    return partial(room.give, "主席", follow_up, room.open().id, date(2026, 3, 2))


def _order_ledger(room: Boardroom) -> Given:
    return partial(room.give, "受理员", order_ledger, {}, reason="月度核对")


def _order_file(room: Boardroom) -> Given:
    case = room.inquired()
    return partial(room.give, "承办甲", order_case_file, case.id, "file_zip", reason="移送归档")


def _exported(room: Boardroom) -> str:
    row = _order_ledger(room)()
    room.give("受理员", keep_export, row.id, room.office.files.put(b"x"), 1, "x.xlsx")
    return str(row.id)


def _stop_export(room: Boardroom) -> Given:
    return partial(room.give, "受理员", stop_export, _order_ledger(room)().id)


def _export_progress(room: Boardroom) -> Given:
    return partial(room.give, "受理员", note_export_progress, _order_ledger(room)().id, 1, 2)


def _keep_export(room: Boardroom) -> Given:
    row = _order_ledger(room)()
    digest = room.office.files.put(b"x")
    return partial(room.give, "受理员", keep_export, row.id, digest, 1, "x.xlsx")


def _fail_export(room: Boardroom) -> Given:
    return partial(room.give, "受理员", fail_export, _order_ledger(room)().id)


def _open_export(room: Boardroom) -> Given:
    return partial(room.give, "受理员", open_export, _exported(room))


def _end_export(room: Boardroom) -> Given:
    row = _exported(room)
    room.clock.move_to(room.clock.now() + timedelta(days=1))
    return partial(room.give, "system", end_export, row)


def _merge(room: Boardroom) -> Given:
    first, second = room.open(), room.open()
    return partial(room.give, "受理员", merge_clue, second.id, first.id, reasons="重复。")


def _receive_merged(room: Boardroom) -> Given:
    first, second = room.open(), room.open()
    room.give("受理员", merge_clue, second.id, first.id, reasons="重复。")
    return partial(room.give, "system", receive_merged, first.id, second.id)


def _correct(room: Boardroom) -> Given:
    document = room.document(room.served()).id
    words = {"wrong": "五日", "right": "三日", "reasons": "笔误。"}
    return partial(room.give, "承办甲", draft_correction, document, **words)


def _drop_correction(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", drop_correction, _correct(room)().id)


def _ready_correction(room: Boardroom) -> Given:
    return partial(room.give, "主席", make_ready, _correct(room)().id)


def _keep_correction(room: Boardroom) -> Given:
    row = _correct(room)()
    data = room.give("主席", make_ready, row.id)
    return partial(room.give, "system", keep_correction, row.id, data, "0" * 64)


def _issue_correction(room: Boardroom) -> Given:
    row = _correct(room)()
    prepare_correction(room.office, room.actor("主席"), row.id)
    chair = room.actor("主席", has_signed=True)
    return partial(room.office.give, chair, issue_correction, row.id)


def _serve_correction(room: Boardroom) -> Given:
    row = _issue_correction(room)()
    served = {"way": "direct", "received_on": "2026-02-09", "received_by": "陈某"}
    return partial(room.give, "承办乙", serve_correction, row.id, served)


def _save_filter(room: Boardroom) -> Given:
    return partial(room.give, "主席", save_filter, "红", {"lamp": "red"})


def _drop_filter(room: Boardroom) -> Given:
    return partial(room.give, "主席", drop_filter, _save_filter(room)().id)


def _interfere(room: Boardroom) -> Given:
    said = {"who": "甲", "whom": "乙", "what": "从轻", "happened_on": date(2026, 2, 9)}
    return partial(room.give, "外人", record_interference, **said)


def _note_interference(room: Boardroom) -> Given:
    since = date(2026, 1, 1)
    room.give("管理员", give_post, room.people["设计员"], "supervision_officer", valid_from=since)
    row = _interfere(room)()
    return partial(room.give, "设计员", acknowledge_interference, row.id, followed="已约谈。")


def _ask_suspension(room: Boardroom) -> Given:
    case = _governed(room).open()
    return partial(room.give, "承办甲", request_suspension, case.id, reasons="等待结论。")


def _suspend(room: Boardroom) -> Given:
    row = _ask_suspension(room)()
    return partial(room.give, "主席", decide_suspension, row.id, granted=True, reasons="准。")


def _resume(room: Boardroom) -> Given:
    row = _suspend(room)()
    return partial(room.give, "主席", resume_case, row.case_id, reasons="已有结论。")


def _wake(room: Boardroom) -> Given:
    case = room.open()
    room.give("承办甲", propose_withdrawal, case.id, reasons="重复。")
    room.give("主席", decide_withdrawal, case.id, granted=True, reasons="准。")
    answers = {"channel": "CA1", "facts": "推诿", "subject_id": room.people["陈某"]}
    return partial(room.give, "受理员", wake_case, case.id, answers, reasons="新证据。")


def _batch(room: Boardroom) -> Given:
    items = [room.item(room.open(), "ut_inquire").id]
    return partial(room.give, "承办甲", start_batch, "claim", items)


def _stop_batch(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", stop_batch, _batch(room)().id)


def _do_batch_item(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", do_batch_item, _batch(room)().id, 1)


def _note_batch_refusal(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", note_batch_refusal, _batch(room)().id, 1, "item.taken", {})


def _go_on(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", go_on_with_batch, _batch(room)().id, 50)


def _sending(room: Boardroom) -> Boardroom:
    """Let notices leave for a host that nothing is sent to here."""
    room.office.channels = Outgoing(reach=Reach(("hook.example",)))
    return room


def _address(room: Boardroom) -> Given:
    given = ("webhook", "generic", "https://hook.example/in")
    return partial(_sending(room).give, "承办乙", set_notice_address, *given, secret="s" * 8)


def _drop_address(room: Boardroom) -> Given:
    _address(room)()
    return partial(room.give, "承办乙", drop_notice_address, "webhook")


def _try_address(room: Boardroom) -> Given:
    _address(room)()
    return partial(room.give, "承办乙", try_notice_address, "webhook")


def _told_outside(room: Boardroom) -> Given:
    """Assign work to somebody who is told by a webhook, too."""
    _address(room)()
    return _assign(room)


def _wish(room: Boardroom) -> Given:
    return partial(room.give, "承办乙", save_notice_preference, {"red": ["mail"]})


def _setting(room: Boardroom) -> Callable[[], Any]:
    return partial(room.give, "管理员", change_setting, "reminder.hours", 8, reasons="试行")


def _restoring(room: Boardroom) -> Callable[[], Any]:
    change = _setting(room)()
    return partial(room.give, "管理员", restore_setting, change.id, reasons="试行结束")


def _words(room: Boardroom) -> Given:
    said = {"zh": "{case_number}", "en": "{case_number}"}
    return partial(room.give, "管理员", change_notice_template, "red", said, said)


def _words_reset(room: Boardroom) -> Given:
    _words(room)()
    return partial(room.give, "管理员", reset_notice_template, "red")


def _undelivered(room: Boardroom) -> NoticeDelivery:
    _told_outside(room)()
    found: NoticeDelivery = room.one(sa.select(NoticeDelivery))
    return found


def _settle_deliveries(room: Boardroom) -> Given:
    return partial(room.give, "system", settle_deliveries, (_undelivered(room).id,), {})


def _send_again(room: Boardroom) -> Given:
    key = _undelivered(room).job_key
    job = room.one(sa.select(OutboxJob).where(OutboxJob.key == key)).id
    with room.office.database.begin() as session:
        session.get_one(OutboxJob, job).state = "dead"
    return partial(room.give, "管理员", send_again, job)


CASES = {
    "set_notice_address": Once(_address, "set_notice_address", "more"),
    "drop_notice_address": Once(_drop_address, "drop_notice_address"),
    "try_notice_address": Once(_try_address, "try_notice_address", "same"),
    "assign work and tell of it outside": Once(_told_outside, "assign_work"),
    "save_notice_preference": Once(_wish, "save_notice_preference", "same"),
    "change_notice_template": Once(_words, "change_notice_template", "same"),
    "change_setting": Once(_setting, "change_setting", "refused"),
    "restore_setting": Once(_restoring, "restore_setting", "refused"),
    "reset_notice_template": Once(_words_reset, "reset_notice_template", "same"),
    "settle_deliveries": Once(_settle_deliveries, "settle_deliveries", "same"),
    "send_again": Once(_send_again, "send_again"),
    "return_work": Once(_send_back, "return_work"),
    "take_back_work": Once(_take_back, "take_back_work"),
    "jump_work": Once(_jump, "jump_work"),
    "assign_work": Once(_assign, "assign_work"),
    "remind_work": Once(_remind, "remind_work"),
    "look_at_work": Once(_look_at, "look_at_work", "same"),
    "send_copies": Once(_copy, "send_copies", "same"),
    "read_copy": Once(_read_copy, "read_copy", "same"),
    "comment_case": Once(_comment, "comment_case", "more"),
    "watch_case": Once(_watch, "watch_case", "same"),
    "tag_case": Once(_tag, "tag_case", "same"),
    "follow_up": Once(_follow_up, "follow_up", "same"),
    "order_ledger": Once(_order_ledger, "order_ledger", "more"),
    "order_case_file": Once(_order_file, "order_case_file", "more"),
    "stop_export": Once(_stop_export, "stop_export"),
    "note_export_progress": Once(_export_progress, "note_export_progress", "same"),
    "keep_export": Once(_keep_export, "keep_export", "same"),
    "fail_export": Once(_fail_export, "fail_export", "same"),
    "open_export": Once(_open_export, "open_export", "more"),
    "end_export": Once(_end_export, "end_export", "same"),
    "merge_clue": Once(_merge, "merge_clue"),
    "receive_merged": Once(_receive_merged, "receive_merged", "same"),
    "draft_correction": Once(_correct, "draft_correction"),
    "drop_correction": Once(_drop_correction, "drop_correction"),
    "make_ready": Once(_ready_correction, "make_ready", "same"),
    "keep_correction": Once(_keep_correction, "keep_correction", "same"),
    "issue_correction": Once(_issue_correction, "issue_correction"),
    "serve_correction": Once(_serve_correction, "serve_correction"),
    "save_filter": Once(_save_filter, "save_filter", "same"),
    "drop_filter": Once(_drop_filter, "drop_filter"),
    "record_interference": Once(_interfere, "record_interference", "more"),
    "acknowledge_interference": Once(_note_interference, "acknowledge_interference"),
    "request_suspension": Once(_ask_suspension, "request_suspension"),
    "decide_suspension": Once(_suspend, "decide_suspension"),
    "resume_case": Once(_resume, "resume_case"),
    "wake_case": Once(_wake, "wake_case", "more"),
    "start_batch": Once(_batch, "start_batch", "more"),
    "stop_batch": Once(_stop_batch, "stop_batch"),
    "do_batch_item": Once(_do_batch_item, "do_batch_item", "same"),
    "note_batch_refusal": Once(_note_batch_refusal, "note_batch_refusal", "same"),
    "go_on_with_batch": Once(_go_on, "go_on_with_batch", "same"),
    "open_case": Once(_open, "open_case", "more"),
    "claim_work": Once(_claim, "claim_work", "same"),
    "release_work": Once(_release, "release_work"),
    "complete_work": Once(_complete, "complete_work"),
    "save_draft": Once(_save, "save_draft", "same"),
    "add_attachment": Once(_attach, "add_attachment", "more"),
    "file": Once(_file, "file"),
    "fire_due": Once(_fire, "fire_due", "same"),
    "put_motion": Once(_motion, "put_motion", "more"),
    "give_opinion": Once(_opinion, "give_opinion"),
    "note_absence": Once(_absence, "note_absence"),
    "decide": Once(_decide, "decide"),
    "decide on an appeal": Once(_appeal_decided, "decide"),
    "issue a document": Once(_issue, "complete_work"),
    "serve a document": Once(_serve, "complete_work"),
    "declare_interest": Once(_declare, "declare_interest"),
    "request_recusal": Once(_request, "request_recusal"),
    "decide_recusal": Once(_recuse, "decide_recusal"),
    "request_extension": Once(_ask_extension, "request_extension"),
    "decide_extension": Once(_extend, "decide_extension"),
    "transfer_work": Once(_transfer, "transfer_work"),
    "delegate_work": Once(_delegate, "delegate_work"),
    "return_delegated": Once(_return_delegated, "return_delegated"),
    "recall_delegated": Once(_recall, "recall_delegated"),
    "ask_signature": Once(_ask_signature, "ask_signature"),
    "give_signature": Once(_sign, "give_signature"),
    "drop_signature": Once(_drop_signature, "drop_signature"),
    "set_substitution": Once(_substitute, "set_substitution", "more"),
    "end_substitution": Once(_end_substitution, "end_substitution"),
    "begin_departure": Once(_depart, "begin_departure"),
    "hand_over_departing": Once(_departing, "hand_over_departing", "same"),
    "stop_departure": Once(_stop_departure, "stop_departure"),
    "end_departure": Once(_end_departure, "end_departure", "same"),
    "report_overreach": Once(_overreach, "report_overreach"),
    "settle_deviation": Once(_settle_deviation, "settle_deviation"),
    "confirm_overreach": Once(_confirm_overreach, "confirm_overreach"),
    "lift_stop": Once(_lift_stop, "lift_stop"),
    "create_token": Once(_token, "create_token", "more"),
    "revoke_token": Once(_revoke_token, "revoke_token"),
    "begin_enrolment": Once(_enrol, "begin_enrolment", "more"),
    "confirm_enrolment": Once(_enrolled, "confirm_enrolment"),
    "set_seal": Once(_set_seal, "set_seal", "more"),
    "remove_seal": Once(_remove_seal, "remove_seal"),
    "remove_codes": Once(_remove_codes, "remove_codes"),
    "propose_withdrawal": Once(_propose, "propose_withdrawal", "more"),
    "decide_withdrawal": Once(_withdraw, "decide_withdrawal"),
    "propose_migration": Once(_ask_migration, "propose_migration"),
    "decide_migration": Once(_migrate, "decide_migration"),
    "publish_year": Once(_year, "publish_year", "more"),
    "change_day": Once(_day, "change_day", "more"),
    "open_document": Once(_look, "open_document", "more"),
    "seal_looks": Once(_seal, "seal_looks", "same"),
    "anchor_record": Once(_anchor, "anchor_record", "same"),
    "draft_version": Once(_draft_version, "draft_version", "same"),
    "approve_version": Once(_approve, "approve_version"),
    "retire_version": Once(_retire, "retire_version"),
    "begin_draft": Once(_begin_draft, "begin_draft"),
    "save_draft_file": Once(_save_draft_file, "save_draft_file"),
    "remove_draft_file": Once(_remove_draft_file, "remove_draft_file"),
    "restore_draft_file": Once(_restore_draft_file, "restore_draft_file", "more"),
    "discard_draft": Once(_discard_draft, "discard_draft"),
    "keep_check": Once(_keep_check, "keep_check", "more"),
    "give_post": Once(_post, "give_post", "more"),
    "end_post": Once(_end_post, "end_post", "more"),
    "open_account": Once(_account, "open_account"),
    "lock_account": Once(_lock, "lock_account", "more"),
    "unlock_account": Once(_unlock, "unlock_account", "more"),
    "set_rights": Once(_rights, "set_rights", "same"),
    "describe_unit": Once(_rename, "describe_unit"),
    "close_unit": Once(_close, "close_unit"),
    "reopen_unit": Once(_reopen, "reopen_unit"),
    "set_password": Once(_password, "set_password", "more"),
    "retry_incident": Once(_incident, "retry_incident", "same"),
    "retry_due": Once(_late, "retry_due", "same"),
    "retry_job": Once(_dead, "retry_job"),
    "relate": Once(_relate, "relate"),
    "describe_person": Once(_describe, "describe_person", "same"),
    "request_award": Once(_award, "request_award", "more"),
    "keep_stamp": Once(_stamp, "keep_stamp", "same"),
    "log_in": Once(_log_in, "_note_attempt", "more"),
    "log_out": Once(_log_out, "log_out", "more"),
    "add_unit": Once(lambda room: partial(room.give, "管理员", add_unit, "科"), "add_unit", "more"),
    "add_person": Once(
        lambda room: partial(room.give, "管理员", add_person, "新人"), "add_person", "more"
    ),
}
ELSEWHERE = {
    "propose_value": "refused while one waits: tests/web/administration/test_settings.py",
    "decide_value": "refused a second time: tests/web/administration/test_settings.py",
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
    "open_archive": "a look, noted each time: tests/engine/commands/test_retire.py",
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
        name
        for path in COMMANDS.glob("*.py")
        for name in re.findall(
            r"^def ([a-z]\w*)\(\s*desk: Desk", path.read_text("utf-8"), re.MULTILINE
        )
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


class TestEveryCommand:
    """Each command is one transaction."""

    def test_every_command_is_broken_here_or_named_elsewhere(self) -> None:
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
        given = _open(room)
        with broken(room, "before_commit", "open_case"), pytest.raises(Broken):
            given()
        assert room.all(sa.select(CaseRow)) == []
        assert given().number == "某集问〔2026〕1号"

    def test_a_motion_after_a_fault_is_the_first_one(self, room: Boardroom) -> None:
        given = _motion(room)
        with broken(room, "before_commit", "put_motion"), pytest.raises(Broken):
            given()
        given()
        assert [row.number for row in room.all(sa.select(Motion))] == [1]
