"""One's wishes for notices, an authority's words for them, and what could not be sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.outgoing import newest_template, preference_of
from engine.desk.outgoing_words import PLATFORM, Words
from engine.errors import NotFound
from engine.model.notifying import KINDS, Channel, Event, Preference, fill, unknown_variables
from engine.store.tables import (
    NoticeAddress,
    NoticeAddressProof,
    NoticeDelivery,
    NoticePreference,
    NoticeTemplate,
    OutboxJob,
)

SAMPLE = {
    "zh": {
        "case_number": "某司问〔2026〕1号",
        "procedure": "企业领导干部问责",
        "step": "调查并提交书面报告",
        "due": "2026年4月29日",
    },
    "en": {
        "case_number": "某司问〔2026〕1号",
        "procedure": "Accountability of company leaders",
        "step": "调查并提交书面报告",
        "due": "2026-04-29",
    },
}
MOST = 200


@dataclass(frozen=True, slots=True)
class OwnWishes:
    """How the reader wishes to be told.

    Attributes:
        addresses: By channel; the address itself is never shown again.
        offered: The kinds of addresses that this installation sends to, by channel.
        unproved: New addresses, masked, that wait for the code that was sent to them.
    """

    preference: Preference
    addresses: Mapping[Channel, NoticeAddress]
    offered: Mapping[Channel, tuple[str, ...]]
    unproved: Mapping[Channel, str]


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """The words in use for a kind of event.

    Attributes:
        newest: The newest version of the authority's own; None where it never had any.
    """

    event: Event
    words: Words
    newest: NoticeTemplate | None

    @property
    def is_own(self) -> bool:
        """Return whether the authority says it in its own words."""
        return self.newest is not None and not self.newest.is_reset


@dataclass(frozen=True, slots=True)
class Stuck:
    """A job that was given up, with what it carries.

    Attributes:
        count: How many notices it carries.
        error: What the receiver's side said last; never an address.
    """

    job_id: str
    channel: Channel
    person: str
    count: int
    attempts: int
    error: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Sending:
    """How sending goes at the reader's authority: how many by state, and what was given up."""

    counts: Mapping[str, int]
    stuck: tuple[Stuck, ...]


def own_wishes(desk: Desk) -> OwnWishes:
    """Return how the actor wishes to be told."""
    row = desk.session.get(NoticePreference, desk.actor.person_id)
    found = desk.session.scalars(
        sa.select(NoticeAddress).where(NoticeAddress.person_id == desk.actor.person_id)
    )
    channels = desk.office.channels
    offered = {
        channel: tuple(kind for kind in kinds if channels is not None and channels.offers(kind))
        for channel, kinds in KINDS.items()
    }
    proofs = desk.session.scalars(
        sa.select(NoticeAddressProof).where(
            NoticeAddressProof.person_id == desk.actor.person_id,
            NoticeAddressProof.ends_at > desk.now(),
        )
    )
    return OwnWishes(
        preference_of(row),
        {Channel(one.channel): one for one in found},
        offered,
        {Channel(one.channel): one.shown for one in proofs},
    )


def templates(desk: Desk) -> list[TemplateLine]:
    """Return the words in use at the actor's authority for every kind of event.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    return [_template(desk, event) for event in Event]


def template(desk: Desk, event: str) -> tuple[TemplateLine, list[tuple[NoticeTemplate, str]]]:
    """Return the words in use for a kind of event, and every version with who made it.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: There is no such kind.
    """
    desk.require_admin()
    if event not in set(Event):
        raise NotFound(event)
    rows = list(
        desk.session.scalars(
            sa.select(NoticeTemplate)
            .where(
                NoticeTemplate.authority_id == desk.actor.authority_id,
                NoticeTemplate.event == event,
            )
            .order_by(NoticeTemplate.number.desc())
        )
    )
    names = names_of(desk, [row.changed_by for row in rows])
    history = [(row, names.get(row.changed_by, "")) for row in rows]
    return _template(desk, Event(event)), history


def sample(text: str, language: str) -> str:
    """Return how a template reads for a case that is made up; as it stands where it is wrong."""
    return text if unknown_variables(text) else fill(text, SAMPLE[language])


def sending(desk: Desk) -> Sending:
    """Return how sending goes at the actor's authority.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    own = NoticeDelivery.authority_id == desk.actor.authority_id
    counts = {
        str(state): int(count)
        for state, count in desk.session.execute(
            sa.select(NoticeDelivery.state, sa.func.count())
            .where(own)
            .group_by(NoticeDelivery.state)
        )
    }
    rows = desk.session.execute(
        sa.select(OutboxJob, NoticeDelivery.channel, NoticeDelivery.person_id, sa.func.count())
        .join(NoticeDelivery, NoticeDelivery.job_key == OutboxJob.key)
        .where(own, OutboxJob.state == "dead", NoticeDelivery.state == "waiting")
        .group_by(OutboxJob.id, NoticeDelivery.channel, NoticeDelivery.person_id)
        .order_by(OutboxJob.not_before.desc(), OutboxJob.id)
        .limit(MOST)
    ).all()
    names = names_of(desk, [row[2] for row in rows])
    stuck = tuple(
        Stuck(
            job_id=job.id,
            channel=Channel(channel),
            person=names.get(person_id, ""),
            count=count,
            attempts=job.attempts,
            error=job.last_error,
            since=job.not_before,
        )
        for job, channel, person_id, count in rows
    )
    return Sending(counts, stuck)


def _template(desk: Desk, event: Event) -> TemplateLine:
    newest = newest_template(desk.session, desk.actor.authority_id, event)
    if newest is None or newest.is_reset:
        return TemplateLine(event, PLATFORM[event], newest)
    words = Words(
        {language: str(text) for language, text in newest.subject.items()},
        {language: str(text) for language, text in newest.body.items()},
    )
    return TemplateLine(event, words, newest)
