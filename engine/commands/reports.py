"""Report without a log-in (匿名举报): hand in, add to it, ask back, register, do not accept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa

from engine.commands.add_attachment import add_attachment
from engine.commands.register_clue import register_clue
from engine.commands.submit_work import Upload
from engine.desk import Desk, Fact, system_actor
from engine.desk.file_types import media_type_of
from engine.desk.holders import holding
from engine.desk.reasons import reason_for_looking
from engine.desk.reports import (
    NOT_ACCEPTED,
    PROTECTORS,
    RECEIVED,
    RECEIVERS,
    REGISTERED,
    Said,
    SaidFile,
    digest_of_code,
    new_code,
    note_reading,
    read_messages,
    receivers,
    report_by_code,
    report_for,
)
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow, Report, ReportFile, ReportMessage
from engine.vault import Reference

LONGEST = 10_000
LINE = 200
MOST_FILES = 10
MOST_AN_HOUR = 200
"""Reports and additions that one authority takes in an hour, against floods (proposed)."""
CONTACT = ("name", "phone", "address")
NAME_LENGTH = 200
TOLD = {
    "zh": "收到一件网上反映，请在“来信”中查看。",
    "en": "A report came in by the public form; see the reports.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What a query code shows: how the report stands, and what the office asks; nothing else.

    Attributes:
        state: ``received``, ``registered``, ``closed`` or ``not_accepted``.
        reasons: Why it was not accepted.
        questions: That were asked, the newest first.
    """

    state: str
    reasons: str
    questions: tuple[Said, ...]


def hand_in_report(
    desk: Desk,
    text: str,
    *,
    contact: Mapping[str, str],
    truthful: bool,
    files: Sequence[Upload] = (),
) -> str:
    """Take a report from somebody who is not logged in; return the query code, shown once.

    What was said and who said it go to the vault; the record has that a report came.

    Args:
        desk: Of the platform, acting for the authority that was chosen.
        text: What is reported, and whom it concerns.
        contact: ``name``, ``phone``, ``address``: each may be missing or empty.
        truthful: The reporter has acknowledged that reports are to be true.
        files: Hostile.

    Raises:
        NotFound: Nobody receives reports there.
        Refusal: There is no text, it is not acknowledged, a file is not taken, or too many
            reports came within the hour.

    Source: SUP-007, SUP-014, SUP-015 (不得强制填写姓名、电话), SUP-064 (如实举报告知确认).
    """
    _must_be_the_door(desk)
    if desk.actor.authority_id not in {one for one, _ in receivers(desk)}:
        raise NotFound(desk.actor.authority_id)
    _must_not_flood(desk)
    if not truthful:
        raise Refusal("report.not_acknowledged", rule="SUP-064")
    code = new_code()
    report = Report(
        authority_id=desk.actor.authority_id,
        code_digest=digest_of_code(code),
        received_at=desk.now(),
    )
    desk.session.add(report)
    desk.session.flush()
    for key in CONTACT:
        value = contact.get(key, "").strip()
        if len(value) > LINE:
            raise Refusal("report.too_long", most=LINE)
        if value:
            report.contact = {**report.contact, key: _put(desk, report, f"reporter.{key}", value)}
    _say(desk, report, text, files)
    desk.record(None, Fact.REPORT_RECEIVED, report=report.id, files=len(files))
    _tell(desk, report)
    return code


def add_to_report(desk: Desk, code: str, text: str, *, files: Sequence[Upload] = ()) -> None:
    """Add something to a report, or answer a question, by its query code.

    Raises:
        NotFound: There is no such report.
        Refusal: There is no text, a file is not taken, or too much came within the hour.
    """
    _must_be_the_door(desk)
    report = report_by_code(desk, code)
    desk = replace(desk, actor=system_actor(report.authority_id))
    _must_not_flood(desk)
    _say(desk, report, text, files)
    desk.record(None, Fact.REPORT_ADDED, report=report.id, files=len(files))
    _tell(desk, report)


def standing_of_report(desk: Desk, code: str) -> Standing:
    """Return how a report stands, by its query code.

    Raises:
        NotFound: There is no such report.

    Source: 权限矩阵: reporter 本人案件状态.
    """
    report = report_by_code(desk, code)
    state = report.state
    if report.case_id is not None:
        case = desk.session.get_one(CaseRow, report.case_id)
        state = "closed" if case.closed_at is not None else REGISTERED
    asked = [one for one in read_messages(desk, report) if one.by_id is not None]
    return Standing(state, report.reasons, tuple(reversed(asked)))


def read_report(desk: Desk, report_id: str) -> tuple[Report, tuple[Said, ...]]:
    """Return a report with what was said; the look is recorded.

    Raises:
        NotFound: The authority has none.
        NotAllowed: The actor receives no reports.
    """
    report = report_for(desk, report_id, RECEIVERS)
    note_reading(desk, report, "report", report.id)
    return report, tuple(read_messages(desk, report))


def open_report_file(desk: Desk, report_id: str, digest: str) -> tuple[SaidFile, bytes]:
    """Return a file that came with a report; the look is recorded.

    Raises:
        NotFound: The authority has no such report, or it no such file.
        NotAllowed: The actor receives no reports.
    """
    report = report_for(desk, report_id, RECEIVERS)
    for said in read_messages(desk, report):
        for one in said.files:
            if one.digest == digest:
                note_reading(desk, report, "attachment", f"{report.id}:{digest}")
                return one, desk.office.files.get(digest)
    raise NotFound(digest)


def name_reporter_of(desk: Desk, report_id: str, *, reason: str) -> dict[str, str]:
    """Return who reported, for a reason that goes on the access record.

    Raises:
        NotFound: The authority has none.
        NotAllowed: The actor neither receives reports nor protects reporters.
        ReasonMissing: The reason is missing, too short or too long.

    Source: SUP-014 (查看须理由并留痕).
    """
    report = report_for(desk, report_id, PROTECTORS)
    stated = reason_for_looking(reason, "report.reason", rule="SUP-014")
    note_reading(desk, report, "field", f"reporter:{report.id}", stated)
    vault = desk.office.vault
    return {
        key: str(vault.open(desk.session, cast("Reference", reference), report.id))
        for key, reference in report.contact.items()
    }


def ask_reporter(desk: Desk, report_id: str, text: str) -> None:
    """Ask the reporter something; the question is shown to who has the query code.

    Raises:
        NotFound, NotAllowed: As `read_report` says.
        Refusal: There is no text.
    """
    report = report_for(desk, report_id, RECEIVERS)
    _say(desk, report, text, (), by_id=desk.actor.person_id)
    desk.record(None, Fact.REPORT_QUESTIONED, report=report.id)


def register_report(
    desk: Desk,
    report_id: str,
    procedure: str,
    answers: Mapping[str, Any],
    files: Mapping[str, Sequence[Upload]],
) -> CaseRow:
    """Open a case of a report; its files go into the file, its reporter stays in the vault.

    Raises:
        NotFound, NotAllowed: As `read_report` says.
        Refusal: It is settled already, or as `register_clue` says.
    """
    report = _open(desk, report_id)
    case = register_clue(desk, procedure, answers, files)
    for said in read_messages(desk, report):
        for one in said.files:
            add_attachment(desk, case.id, one.name, desk.office.files.get(one.digest))
    report.case_id = case.id
    _settle(desk, report, REGISTERED)
    return case


def refuse_report(desk: Desk, report_id: str, *, reasons: str) -> None:
    """Do not accept a report, with reasons that the reporter reads.

    Raises:
        NotFound, NotAllowed: As `read_report` says.
        Refusal: It is settled already, or reasons are missing.

    Source: SUP-033 (事事有回音).
    """
    report = _open(desk, report_id)
    if not reasons.strip() or len(reasons) > LONGEST:
        raise Refusal("reasons.missing", rule="SUP-033")
    report.reasons = reasons.strip()
    _settle(desk, report, NOT_ACCEPTED)


def _open(desk: Desk, report_id: str) -> Report:
    report = report_for(desk, report_id, RECEIVERS)
    if report.state != RECEIVED:
        raise Refusal("report.settled", rule="SUP-033")
    return report


def _settle(desk: Desk, report: Report, state: str) -> None:
    report.state = state
    report.settled_by, report.settled_at = desk.actor.person_id, desk.now()
    desk.record(
        None, Fact.REPORT_SETTLED, report=report.id, state=state, became=report.case_id or ""
    )


def _say(
    desk: Desk, report: Report, text: str, files: Sequence[Upload], *, by_id: str | None = None
) -> None:
    text = text.strip()
    if not text or len(text) > LONGEST or len(files) > MOST_FILES:
        raise Refusal("report.incomplete", most=LONGEST, files=MOST_FILES)
    kept = [_kept(desk, one) for one in files]
    desk.session.add_all(
        ReportFile(authority_id=report.authority_id, report_id=report.id, digest=one.digest)
        for one in kept
    )
    content = {"text": text, "files": [asdict(one) for one in kept]}
    said = _put(desk, report, "reporter.said" if by_id is None else "question", content)
    desk.session.add(
        ReportMessage(
            authority_id=report.authority_id,
            report_id=report.id,
            by_id=by_id,
            said=dict(said),
            said_at=desk.now(),
        )
    )


def _kept(desk: Desk, upload: Upload) -> SaidFile:
    name = upload.name.replace("\\", "/").rpartition("/")[2].strip()[-NAME_LENGTH:] or "file"
    media_type = media_type_of(name, upload.content)
    return SaidFile(name, media_type, len(upload.content), desk.office.files.put(upload.content))


def _put(desk: Desk, report: Report, field: str, value: object) -> Reference:
    return desk.office.vault.put(
        desk.session,
        authority_id=report.authority_id,
        case_id=report.id,
        field=field,
        kind=field,
        value=value,
        at=desk.now(),
    )


def _tell(desk: Desk, report: Report) -> None:
    for role in sorted(RECEIVERS):
        for person_id in holding(desk, f"r:{report.authority_id}:{role}"):
            desk.notify(person_id, "report.received", TOLD)


def _must_be_the_door(desk: Desk) -> None:
    if not desk.actor.is_system:
        raise NotAllowed("report.not_yours", rule="SUP-014")


def _must_not_flood(desk: Desk) -> None:
    since = desk.now() - timedelta(hours=1)
    count = desk.session.scalar(
        sa.select(sa.func.count())
        .select_from(ReportMessage)
        .where(
            ReportMessage.authority_id == desk.actor.authority_id,
            ReportMessage.by_id.is_(None),
            ReportMessage.said_at > since,
        )
    )
    if (count or 0) >= MOST_AN_HOUR:
        raise Refusal("report.too_many", rule="SUP-007")
