"""Send what is to leave the pages: once the command has committed, again until it is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import sqlalchemy as sa

from engine.desk import REHEARSAL, Desk, Fact, Office, system_actor
from engine.desk.notices import in_words
from engine.desk.outgoing import words_of
from engine.errors import Fault, NotAllowed, NotFound
from engine.model.notifying import Channel, Event, fill
from engine.ports import Message
from engine.store.outbox import Job
from engine.store.tables import (
    Account,
    CaseRow,
    Notice,
    NoticeAddress,
    NoticeAddressProof,
    NoticeDelivery,
    OutboxJob,
    PersonRow,
)
from engine.vault import is_reference

TRIAL = {
    "zh": ("问责流程平台：试发", "这是一条试发的消息。收到即说明地址可用。"),
    "en": ("Wenze: a trial", "This is a trial message. Your address works."),
}
PROOF = {
    "zh": (
        "问责流程平台：确认邮箱地址",
        "确认码：{code}。请在24小时内填入“消息设置”。不是您本人操作的，不必理会。",
    ),
    "en": (
        "Wenze: confirm your address",
        "Code: {code}. Enter it under “Notice settings” within 24 hours. Not you? Do nothing.",
    ),
}
TOGETHER = {"zh": "问责流程平台：{count}条消息", "en": "Wenze: {count} notices"}
REHEARSED = {"zh": "【演练】", "en": "[Rehearsal] "}
ID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one job sends.

    Attributes:
        message: None where nothing is left to be sent.
        sent: The deliveries that it carries.
        dropped: Those that need not or may not go out any more, with why.
    """

    message: Message | None
    kind: str = ""
    address: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    sent: tuple[str, ...] = ()
    dropped: Mapping[str, str] = field(default_factory=dict)


def deliver_notices(office: Office, job: Job) -> None:
    """Send the notices of a job, outside of any transaction; the worker of `deliver_notices`.

    The message's id follows from the job's key, so that a receiver knows a repetition.

    Raises:
        OSError, ValueError: It was not taken; the job is tried again.
        Fault: This installation sends nothing any more.
    """
    actor = system_actor(str(job.payload["authority_id"]))
    parcel = office.ask(actor, pack, job.key)
    _send(office, parcel)
    if parcel.sent or parcel.dropped:
        office.give(actor, settle_deliveries, parcel.sent, parcel.dropped)


def try_address(office: Office, job: Job) -> None:
    """Send a trial message; the worker of `try_notice_address`.

    Raises:
        OSError, ValueError, Fault: As `deliver_notices` says.
    """
    actor = system_actor(str(job.payload["authority_id"]))
    given = (str(job.payload["person_id"]), str(job.payload["channel"]))
    _send(office, office.ask(actor, pack_trial, job.key, *given))


def send_proof(office: Office, job: Job) -> None:
    """Send its code to a new mail address; the worker of `prove_notice_address`.

    Raises:
        OSError, ValueError, Fault: As `deliver_notices` says.
    """
    actor = system_actor(str(job.payload["authority_id"]))
    given = (str(job.payload["person_id"]), str(job.payload["asked"]))
    _send(office, office.ask(actor, pack_proof, job.key, *given))


def pack(desk: Desk, job_key: str) -> Parcel:
    """Return what a job has to send by now; a query.

    What was read meanwhile is left out, and so is what concerns a case from which its reader
    has been recused, or somebody without a log-in.
    """
    rows = desk.session.execute(
        sa.select(NoticeDelivery, Notice)
        .join(Notice, Notice.id == NoticeDelivery.notice_id)
        .where(NoticeDelivery.job_key == job_key, NoticeDelivery.state == "waiting")
        .order_by(Notice.id)
    ).all()
    if not rows:
        return Parcel(None)
    first: NoticeDelivery = rows[0][0]
    language = _language(desk, first.person_id)
    address = desk.session.get(NoticeAddress, (first.person_id, first.channel))
    dropped: dict[str, str] = {}
    going: list[tuple[str, str, str, str]] = []
    for delivery, notice in rows:
        why = _why_not(desk, notice, language, address)
        if why:
            dropped[delivery.id] = why
            continue
        subject, line = _said(desk, notice, language)
        going.append((delivery.id, notice.event, subject, line))
    if not going or address is None:
        return Parcel(None, dropped=dropped)
    subject = going[0][2]
    if len(going) > 1:
        subject = TOGETHER[language].format(count=len(going))
    lines, events = tuple(one[3] for one in going), tuple(sorted({one[1] for one in going}))
    message = _message(desk, job_key, language, subject, lines, events)
    place, secret = _opened(desk, address)
    sent = tuple(one[0] for one in going)
    return Parcel(message, address.kind, place, secret, sent, dropped)


def pack_trial(desk: Desk, job_key: str, person_id: str, channel: str) -> Parcel:
    """Return a trial message to somebody's own address; empty where it has gone. A query."""
    address = desk.session.get(NoticeAddress, (person_id, channel))
    language = _language(desk, person_id)
    if address is None or not language:
        return Parcel(None)
    subject, line = TRIAL[language]
    place, secret = _opened(desk, address)
    message = _message(desk, job_key, language, subject, (line,), ("trial",))
    return Parcel(message, address.kind, place, secret)


def pack_proof(desk: Desk, job_key: str, person_id: str, asked: str) -> Parcel:
    """Return the code for a new mail address; empty where it counts no more. A query."""
    proof = desk.session.get(NoticeAddressProof, (person_id, Channel.MAIL.value))
    language = _language(desk, person_id)
    if proof is None or not language or desk.now() >= proof.ends_at:
        return Parcel(None)
    if proof.asked_at.isoformat() != asked:
        return Parcel(None)  # another was asked for since
    held = _held(desk, proof)
    subject, line = PROOF[language]
    message = _message(
        desk, job_key, language, subject, (line.format(code=held["code"]),), ("proof",)
    )
    return Parcel(message, proof.kind, held["address"])


def settle_deliveries(desk: Desk, sent: tuple[str, ...], dropped: Mapping[str, str]) -> None:
    """Note which deliveries went out and which were dropped.

    Raises:
        NotAllowed: Somebody other than the platform says so.
    """
    if not desk.actor.is_system:
        raise NotAllowed("message.system_only")
    rows = desk.session.scalars(
        sa.select(NoticeDelivery).where(
            NoticeDelivery.id.in_([*sent, *dropped]), NoticeDelivery.state == "waiting"
        )
    )
    for row in rows:
        row.state = "dropped" if row.id in dropped else "sent"
        row.reason, row.settled_at = dropped.get(row.id, ""), desk.now()


def send_again(desk: Desk, job_id: str) -> None:
    """Have notices sent again that were given up.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: No such dead job carries notices of the authority.
    """
    desk.require_admin()
    job = desk.session.get(OutboxJob, job_id, with_for_update=True)
    waiting = None
    if job is not None and job.state == "dead":
        waiting = desk.session.scalar(
            sa.select(NoticeDelivery)
            .where(
                NoticeDelivery.job_key == job.key,
                NoticeDelivery.authority_id == desk.actor.authority_id,
                NoticeDelivery.state == "waiting",
            )
            .limit(1)
        )
    if job is None or waiting is None:
        raise NotFound(job_id)
    job.state, job.attempts, job.not_before = "todo", 0, desk.now()
    desk.record(None, Fact.NOTICE_SENT_AGAIN, channel=waiting.channel, person=waiting.person_id)


def _send(office: Office, parcel: Parcel) -> None:
    if parcel.message is None:
        return
    if office.channels is None:
        raise Fault("this installation sends no notices")
    office.channels.send(parcel.kind, parcel.address, parcel.secret, parcel.message)


def _why_not(desk: Desk, notice: Notice, language: str, address: NoticeAddress | None) -> str:
    if notice.read_at is not None:
        return "read"
    if not language:
        return "no_account"
    if address is None:
        return "no_address"
    if notice.case_id is not None:
        case = desk.session.get_one(CaseRow, notice.case_id)
        if desk.standing(case, notice.person_id).recusal:
            return "not_visible"
    return ""


def _said(desk: Desk, notice: Notice, language: str) -> tuple[str, str]:
    """Return subject and line of a notice, from the closed list of what may go out."""
    words = words_of(desk.session, notice.authority_id, Event(notice.event))
    values = {name: str(value) for name, value in notice.about.items()}
    if language == "zh" and "due" in values:
        values["due"] = str(in_words(values["due"]))
    if notice.case_id is not None:
        case = desk.session.get_one(CaseRow, notice.case_id)
        values["case_number"] = case.number
        values["procedure"] = desk.version(case).rules.title.say(language)
    return fill(words.subject[language], values), fill(words.body[language], values)


def _message(  # noqa: PLR0917 -- the parts of a message
    desk: Desk,
    job_key: str,
    language: str,
    subject: str,
    lines: tuple[str, ...],
    events: tuple[str, ...],
) -> Message:
    mark = REHEARSED[language] if desk.office.kind == REHEARSAL else ""
    digest = hashlib.sha256(job_key.encode()).hexdigest()[:ID_LENGTH]
    return Message(digest, mark + subject, lines, events, desk.now())


def _language(desk: Desk, person_id: str) -> str:
    """Return the language of somebody's log-in; "" for who has none that is open."""
    found = desk.session.scalar(
        sa.select(Account.language)
        .join(PersonRow, PersonRow.id == Account.person_id)
        .where(Account.person_id == person_id, Account.is_active)
        .order_by(Account.id)
        .limit(1)
    )
    return "" if found is None else "en" if found == "en" else "zh"


def _opened(desk: Desk, row: NoticeAddress) -> tuple[str, str]:
    """Return address and secret from the vault."""
    held = _held(desk, row)
    return held["address"], held["secret"]


def _held(desk: Desk, row: NoticeAddress | NoticeAddressProof) -> dict[str, str]:
    """Return what the vault holds of an address."""
    if not is_reference(row.held):
        raise Fault(f"the address of {row.person_id} for {row.channel} is no reference")
    return cast("dict[str, str]", desk.office.vault.open(desk.session, row.held, row.person_id))
