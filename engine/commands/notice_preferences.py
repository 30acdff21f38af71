"""Say how one wishes to be told besides on the pages, and where."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from datetime import time, timedelta

from engine.desk import Desk, Fact
from engine.desk.outgoing import PROVE, TRY
from engine.errors import NotFound, Refusal
from engine.model.notifying import KINDS, SIGNED, Channel, Digest, Event
from engine.store.tables import (
    NoticeAddress,
    NoticeAddressProof,
    NoticePreference,
    VaultField,
)
from engine.vault import is_reference

FIELD = "notice_address"
LONGEST_ADDRESS = 500
SHORTEST_SECRET, LONGEST_SECRET = 6, 200
CODE_DIGITS, MOST_TRIES = 8, 5
AGAIN_AFTER = timedelta(minutes=1)
PROVED_WITHIN = timedelta(hours=24)
"""How long the code that is sent to a new mail address counts; proposed."""


def save_notice_preference(
    desk: Desk,
    wanted: Mapping[str, Collection[str]],
    *,
    digest: str = Digest.AT_ONCE,
    digest_at: str = "08:30",
    quiet_from: str = "",
    quiet_to: str = "",
    workdays_only: bool = False,
) -> NoticePreference:
    """Keep how the actor wishes to be told; on the pages everything is told in any case.

    Args:
        desk: Of whose wishes they are.
        wanted: Channels by kind of event.
        digest: ``at_once`` or ``daily``.
        digest_at: Civil time of the daily digest, ``HH:MM``.
        quiet_from, quiet_to: Civil times between which nothing goes out; both or neither.
        workdays_only: Nothing goes out on days off.

    Raises:
        Refusal: An event, a channel or a time is none.
    """
    kept: dict[str, object] = {}
    for event, channels in wanted.items():
        unknown = {event} - set(Event) | set(channels) - set(Channel)
        if unknown:
            raise Refusal("notify.unknown", what=sorted(unknown))
        kept[event] = sorted(set(channels))
    if digest not in set(Digest):
        raise Refusal("notify.unknown", what=[digest])
    times = [_time(text) for text in (digest_at, quiet_from, quiet_to)]
    if not times[0]:
        raise Refusal("notify.time", text="")
    if bool(times[1]) != bool(times[2]) or (times[1] and times[1] == times[2]):
        raise Refusal("notify.quiet")
    row = desk.session.get(NoticePreference, desk.actor.person_id, with_for_update=True)
    if row is None:
        row = NoticePreference(
            person_id=desk.actor.person_id,
            authority_id=desk.actor.authority_id,
            saved_at=desk.now(),
        )
        desk.session.add(row)
    row.wanted, row.digest, row.workdays_only = kept, str(digest), workdays_only
    row.digest_at, row.quiet_from, row.quiet_to = times
    row.saved_at = desk.now()
    return row


def set_notice_address(
    desk: Desk, channel: str, kind: str, address: str, *, secret: str = ""
) -> NoticeAddress | None:
    """Keep where a channel reaches the actor; one that was there is replaced.

    Address and secret lie in the vault under the person; the record holds channel and kind.
    A mail address is used only once its owner has entered the code that is sent to it
    (`prove_notice_address`); until then the one before stands, if there was one.

    Args:
        desk: Of whose address it is.
        channel: ``mail``, ``robot`` or ``webhook``.
        kind: One of the channel's kinds.
        address: A mail address, or the https address of the robot or receiver.
        secret: What messages are signed with; needed by the kinds that sign.

    Returns:
        What is kept now; None for one that has to be proved first.

    Raises:
        Refusal: This installation does not send there, the address or secret is none, or a
            code was sent less than a minute ago.
    """
    if channel not in set(Channel) or kind not in KINDS[Channel(channel)]:
        raise Refusal("notify.unknown", what=[channel, kind])
    channels = desk.office.channels
    if channels is None or not channels.offers(kind):
        raise Refusal("notify.not_offered", kind=kind)
    address, secret = address.strip(), secret.strip()
    if len(address) > LONGEST_ADDRESS or not channels.admits(kind, address):
        raise Refusal("notify.address")
    if kind in SIGNED and not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET:
        raise Refusal("notify.secret", least=SHORTEST_SECRET, most=LONGEST_SECRET)
    if channel == Channel.MAIL:
        _ask_for_proof(desk, kind, address)
        return None
    held = _hold(desk, {"address": address, "secret": secret if kind in SIGNED else ""})
    return _use(desk, channel, kind, held, masked(kind, address))


def prove_notice_address(desk: Desk, channel: str, code: str) -> NoticeAddress | None:
    """Use a new address from now on, whose owner enters the code that was sent to it.

    Returns:
        What is used now; None for a wrong code, of which five are taken.

    Raises:
        NotFound: No address waits for its code.
        Refusal: The code's time is over, or five wrong ones were entered.

    Source: proposed: nobody directs the office's notices to an address of somebody else's.
    """
    key = (desk.actor.person_id, channel)
    proof = desk.session.get(NoticeAddressProof, key, with_for_update=True)
    if proof is None:
        raise NotFound(channel)
    if desk.now() >= proof.ends_at or proof.tries >= MOST_TRIES:
        raise Refusal("notify.proof_over", most=MOST_TRIES)
    if not hmac.compare_digest(digest_of_code(code), proof.code_digest):
        proof.tries += 1
        return None
    row = _use(desk, channel, proof.kind, proof.held, proof.shown)
    desk.session.delete(proof)
    return row


def digest_of_code(code: str) -> str:
    """Return what a code is compared by: the SHA-256 of its digits, without blanks."""
    return hashlib.sha256("".join(code.split()).encode()).hexdigest()


def _ask_for_proof(desk: Desk, kind: str, address: str) -> None:
    """Send a code to a new address, and keep it until it is proved."""
    key = (desk.actor.person_id, Channel.MAIL.value)
    proof = desk.session.get(NoticeAddressProof, key, with_for_update=True)
    if proof is not None:
        if desk.now() < proof.asked_at + AGAIN_AFTER:
            raise Refusal("notify.proof_soon")
        _forget(desk, proof)
        desk.session.delete(proof)
        desk.session.flush()
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    desk.session.add(
        NoticeAddressProof(
            person_id=key[0],
            channel=key[1],
            authority_id=desk.actor.authority_id,
            kind=kind,
            held=_hold(desk, {"address": address, "secret": "", "code": code}),
            shown=masked(kind, address),
            code_digest=digest_of_code(code),
            asked_at=desk.now(),
            ends_at=desk.now() + PROVED_WITHIN,
        )
    )
    asked = desk.now().isoformat()
    payload = {"authority_id": desk.actor.authority_id, "person_id": key[0], "asked": asked}
    desk.enqueue(PROVE, f"prove:{key[0]}:{asked}", payload)
    desk.record(None, Fact.NOTICE_ADDRESS_CHANGED, channel=key[1], kind=kind, change="asked")


def _hold(desk: Desk, value: Mapping[str, str]) -> dict[str, object]:
    """Keep an address in the vault under the person; return the reference."""
    held = desk.office.vault.put(
        desk.session,
        authority_id=desk.actor.authority_id,
        case_id=desk.actor.person_id,
        field=FIELD,
        kind=FIELD,
        value=dict(value),
        at=desk.now(),
    )
    return dict(held)


def _use(desk: Desk, channel: str, kind: str, held: dict[str, object], shown: str) -> NoticeAddress:
    row = desk.session.get(NoticeAddress, (desk.actor.person_id, channel), with_for_update=True)
    if row is None:
        row = NoticeAddress(
            person_id=desk.actor.person_id,
            channel=channel,
            authority_id=desk.actor.authority_id,
            kind=kind,
            held=held,
            shown=shown,
            set_at=desk.now(),
        )
        desk.session.add(row)
    else:
        _forget(desk, row)
        row.kind, row.held, row.shown = kind, held, shown
        row.set_at = desk.now()
    desk.record(None, Fact.NOTICE_ADDRESS_CHANGED, channel=channel, kind=kind, change="set")
    return row


def drop_notice_address(desk: Desk, channel: str) -> None:
    """Forget where a channel reaches the actor, proved or not; nothing goes out by it any more.

    Raises:
        NotFound: There is none.
    """
    key = (desk.actor.person_id, channel)
    found = (
        desk.session.get(NoticeAddress, key, with_for_update=True),
        desk.session.get(NoticeAddressProof, key, with_for_update=True),
    )
    rows = [row for row in found if row is not None]
    if not rows:
        raise NotFound(channel)
    for row in rows:
        _forget(desk, row)
        desk.session.delete(row)
    kind = rows[0].kind
    desk.record(None, Fact.NOTICE_ADDRESS_CHANGED, channel=channel, kind=kind, change="dropped")


def try_notice_address(desk: Desk, channel: str) -> None:
    """Have a trial message sent to one's own address; at most one a minute.

    Raises:
        NotFound: There is none.
    """
    person_id = desk.actor.person_id
    if desk.session.get(NoticeAddress, (person_id, channel)) is None:
        raise NotFound(channel)
    key = f"try:{person_id}:{channel}:{desk.now():%Y%m%d%H%M}"
    payload = {
        "authority_id": desk.actor.authority_id,
        "person_id": person_id,
        "channel": channel,
    }
    desk.enqueue(TRY, key, payload)


def masked(kind: str, address: str) -> str:
    """Return what an owner recognises an address by, and nobody could send to.

    >>> masked("mail", "zhang.san@example.gov.cn")
    'z***@example.gov.cn'
    >>> masked("wecom", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc")
    'qyapi.weixin.qq.com'
    """
    if kind == "mail":
        name, _, domain = address.rpartition("@")
        return f"{name[:1]}***@{domain}"
    return address.split("//", 1)[-1].split("/", 1)[0].split("?", 1)[0]


def _forget(desk: Desk, row: NoticeAddress | NoticeAddressProof) -> None:
    """Take what the vault held of an address out of it."""
    if is_reference(row.held):
        field = desk.session.get(VaultField, row.held["$vault"])
        if field is not None and field.case_id == row.person_id:
            desk.session.delete(field)


def _time(text: str) -> str:
    """Return a civil time as ``HH:MM``; "" for an empty text."""
    if not text.strip():
        return ""
    try:
        return time.fromisoformat(text.strip()).strftime("%H:%M")
    except ValueError as error:
        raise Refusal("notify.time", text=text.strip()[:20]) from error
