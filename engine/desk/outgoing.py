"""Which notices leave the pages: planned in the command's transaction, sent after its commit."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk.outgoing_words import PLATFORM, Words
from engine.model.notifying import Channel, Digest, Event, Preference, when_to_send
from engine.store.prepared import Prepared
from engine.store.tables import (
    NoticeAddress,
    NoticeDelivery,
    NoticePreference,
    NoticeTemplate,
)
from engine.store.waiting import asked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from engine.desk.desk import Desk
    from engine.store.tables import Notice

DELIVER = "deliver_notices"
"""The kind of job that sends notices by a channel."""
TRY = "try_notice_address"
"""The kind of job that sends a trial message."""
PROVE = "prove_notice_address"
"""The kind of job that sends its code to a new mail address."""
DEFAULT_WANTED = frozenset(
    {Event.ASSIGNED, Event.NEAR, Event.YELLOW, Event.RED, Event.RETURNED, Event.ASKED}
)
"""What an address is used for until its owner says otherwise. Proposed."""

_CHANNELS = Prepared(
    sa.select(NoticeAddress.channel).where(NoticeAddress.person_id == sa.bindparam("person"))
)


def plan(desk: Desk, notice: Notice) -> None:
    """Put a notice on its way by every channel that its reader wishes and has an address for.

    Notices that wait for the same end of quiet hours or the same digest share one job.
    """
    session = desk.session
    channels = _channels_to(desk, notice.person_id)
    if not channels:
        return
    with session.no_autoflush:
        row = session.get(NoticePreference, notice.person_id)
    wish = preference_of(row)
    event = Event(notice.event)
    at = when_to_send(desk.now(), event, wish, desk.calendar(notice.authority_id))
    session.flush()  # the deliveries refer to the notice
    for channel in sorted(wish.wanted.get(event, frozenset())):
        if channel.value not in channels:
            continue
        if at == desk.now():
            key = f"notice:{notice.id}:{channel}"
        else:
            key = f"notices:{notice.person_id}:{channel}:{at.isoformat()}"
        session.add(
            NoticeDelivery(
                authority_id=notice.authority_id,
                notice_id=notice.id,
                person_id=notice.person_id,
                channel=channel.value,
                job_key=key,
            )
        )
        payload = {"authority_id": notice.authority_id}
        desk.enqueue(DELIVER, key, payload, not_before=at)


def _channels_to(desk: Desk, person_id: str) -> frozenset[str]:
    """Return by what somebody can be reached besides the pages; asked for once in a command."""
    found = desk.addresses.get(person_id)
    if found is None:
        rows = asked(desk.session, _CHANNELS, {"person": person_id}, NoticeAddress)
        found = desk.addresses[person_id] = frozenset(channel for (channel,) in rows)
    return found


def preference_of(row: NoticePreference | None) -> Preference:
    """Return somebody's wishes; until something is saved, what concerns one's own work."""
    if row is None:
        every = frozenset(Channel)
        return Preference(dict.fromkeys(DEFAULT_WANTED, every))
    wanted = {}
    for event in Event:
        chosen = row.wanted.get(event.value)
        if isinstance(chosen, list):
            wanted[event] = frozenset(Channel(one) for one in chosen if one in set(Channel))
    quiet = None
    if row.quiet_from and row.quiet_to:
        quiet = (time.fromisoformat(row.quiet_from), time.fromisoformat(row.quiet_to))
    return Preference(
        wanted, Digest(row.digest), time.fromisoformat(row.digest_at), quiet, row.workdays_only
    )


def words_of(session: Session, authority_id: str, event: Event) -> Words:
    """Return the words in use at an authority for a kind of event."""
    row = newest_template(session, authority_id, event)
    if row is None or row.is_reset:
        return PLATFORM[event]
    return Words(_texts(row.subject), _texts(row.body))


def newest_template(session: Session, authority_id: str, event: Event) -> NoticeTemplate | None:
    """Return the newest version of an authority's own words; None where it never had any."""
    return session.scalar(
        sa.select(NoticeTemplate)
        .where(NoticeTemplate.authority_id == authority_id, NoticeTemplate.event == event.value)
        .order_by(NoticeTemplate.number.desc())
        .limit(1)
    )


def _texts(kept: Mapping[str, object]) -> dict[str, str]:
    return {language: str(text) for language, text in kept.items()}
