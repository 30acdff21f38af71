"""Hold a meeting: call it, keep dissent, close the ballot, sign the minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.desk import Desk, Fact
from engine.desk.advance import visible
from engine.desk.assembly import (
    assembly_of,
    digest_of_minutes,
    newest_meeting,
    opinions_on,
    signatures_needed,
)
from engine.desk.minutes import MINUTES, keep_minutes
from engine.desk.notices import tell
from engine.desk.sitting import (
    collective_step,
    motion_at_hand,
    must_sit,
    must_sit_or_convene,
)
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.collective import COLLECTIVE_SOURCE
from engine.store.tables import (
    CaseRow,
    Meeting,
    MinutesSignature,
    Motion,
    OpinionRow,
    PersonRow,
    WorkItemRow,
)

if TYPE_CHECKING:
    from datetime import datetime

MEETING_SOURCE = "procedures C07"
NOTICE = "meeting_notice"
NEEDED_TO_CLOSE = ("quorum", "opinions", "ballots")


def call_meeting(
    desk: Desk,
    work_item_id: str,
    *,
    held_at: datetime,
    place: str,
    agenda: str,
    chair: str = "",
    recorder: str = "",
) -> Meeting:
    """Call the body together; a later call takes the place of an earlier one.

    Args:
        desk: Of a member, or of who holds the step's `convener` role.
        work_item_id: A step with the act `collective`.
        held_at: When it is held; aware, ahead.
        place: Where.
        agenda: What is deliberated (议题).
        chair: Who presides, a member who is not recused; the actor without it.
        recorder: Who takes the minutes; the actor without it.

    Raises:
        NotFound: The chair or recorder is not at the authority.
        NotAllowed: The actor neither belongs to the body nor calls it together.
        Recused: A conflict keeps the actor out.
        Refusal: The day is past or too near for the notice, place or agenda are missing,
            or the chair does not sit.

    Source: procedures C07 (通知议题); the length of the notice is the procedure's, proposed.
    """
    case, item = collective_step(desk, work_item_id)
    must_sit_or_convene(desk, case, item)
    if not place.strip() or not agenda.strip():
        raise Refusal("meeting.incomplete", rule=MEETING_SOURCE)
    _must_be_ahead(desk, case, item, held_at)
    assembly = assembly_of(desk, case, item)
    presiding = assembly.member(chair or desk.actor.person_id)
    if presiding is None or presiding.recused:
        raise Refusal("meeting.chair_not_member", rule=MEETING_SOURCE)
    writing = desk.session.get(PersonRow, recorder or desk.actor.person_id)
    if writing is None or writing.authority_id != case.authority_id:
        raise NotFound(recorder)
    meeting = Meeting(
        authority_id=case.authority_id,
        case_id=case.id,
        work_item_id=item.id,
        held_at=held_at,
        place=place.strip(),
        agenda=agenda.strip(),
        chair=presiding.person_id,
        recorder=writing.id,
        called_by=desk.actor.person_id,
        called_at=desk.now(),
    )
    desk.session.add(meeting)
    desk.session.flush()
    calendar = desk.calendar(case.authority_id)
    told = {one.person_id for one in assembly.members if not one.recused} | {writing.id}
    told = set(
        tell(
            desk,
            case,
            told,
            "meeting.called",
            day=calendar.day_of(held_at).isoformat(),
            time=f"{held_at.astimezone(calendar.zone):%H:%M}",
            place=meeting.place,
            item=item.name,
        )
    )
    desk.record(
        case,
        Fact.MEETING_CALLED,
        item=item.id,
        meeting=meeting.id,
        held_at=held_at.isoformat(),
        place=meeting.place,
        agenda=meeting.agenda,
        chair=meeting.chair,
        recorder=meeting.recorder,
        told=sorted(told),
    )
    return meeting


def record_dissent(desk: Desk, motion_id: str, *, reasons: str) -> OpinionRow:
    """Keep a member's dissent with its reasons for the minutes (保留意见).

    It is the member's own wish, after voting: in a secret vote as well, where it says
    what the member wants said and nothing of the ballot.

    Raises:
        NotAllowed: The actor does not belong to the body.
        Recused: A conflict keeps the actor out.
        Refusal: The actor has not voted, the minutes are drafted, a dissent is kept
            already, or the reasons are missing.

    Source: S0篇5§8-4 (民主集中制); that dissent is kept is proposed (issue 5).
    """
    case, item, motion = motion_at_hand(desk, motion_id)
    must_sit(desk, case, item)
    if not reasons.strip():
        raise Refusal("reasons.missing", rule=COLLECTIVE_SOURCE)
    row = opinions_on(desk, motion).get(desk.actor.person_id)
    if row is None or not row.present:
        raise Refusal("dissent.not_voted", rule=COLLECTIVE_SOURCE)
    if row.dissent:
        raise Refusal("dissent.kept", rule=COLLECTIVE_SOURCE)
    if motion.closed_at is not None:
        raise Refusal("motion.closed", rule=COLLECTIVE_SOURCE, number=motion.number)
    row.dissent = reasons.strip()
    desk.record(case, Fact.DISSENT_KEPT, motion=motion.id, person=row.person_id)
    return row


def close_ballot(desk: Desk, motion_id: str) -> Motion:
    """Close the ballot on a motion and draft the minutes that are to be signed.

    Minutes are kept of a motion that was not carried as well; nothing is decided here.

    Raises:
        NotAllowed: The actor neither belongs to the body nor looks after its meetings.
        Recused: A conflict keeps the actor out.
        Refusal: The quorum is not there, somebody present has not voted, it is closed
            already, or the step asks for no signed minutes.

    Source: procedures C07 (表决→会议纪要).
    """
    case, item, motion = motion_at_hand(desk, motion_id)
    must_sit_or_convene(desk, case, item)
    if not signatures_needed(item) or not item.properties.get(MINUTES):
        raise Refusal("minutes.not_asked", rule=MEETING_SOURCE, item=item.name)
    if motion.closed_at is not None:
        raise Refusal("motion.closed", rule=COLLECTIVE_SOURCE, number=motion.number)
    assembly = assembly_of(desk, case, item)
    open_ = [one.id for one in assembly.conditions if not one.met and one.id in NEEDED_TO_CLOSE]
    if open_:
        raise Refusal(f"close.{open_[0]}", rule=COLLECTIVE_SOURCE)
    motion.closed_at = desk.now()
    seen = {**visible(desk, case, item), **motion.answers}
    kind = str(item.properties.get("decision") or "original")
    minutes = keep_minutes(desk, case, item, assembly, kind=kind, seen=seen)
    motion.minutes_id = minutes.id if minutes is not None else None
    counted = assembly.tally
    desk.record(
        case,
        Fact.BALLOT_CLOSED,
        motion=motion.id,
        vote=assembly.voting.value,
        present=counted.present,
        in_favour=counted.in_favour,
        against=counted.against,
        abstained=counted.abstained,
        minutes=motion.minutes_id,
    )
    return motion


def sign_minutes(desk: Desk, motion_id: str) -> MinutesSignature:
    """Sign the minutes as they stand: chair and recorder first of all, members besides.

    Raises:
        NotAllowed: The actor is neither chair nor recorder nor a member who was present.
        Recused: A conflict keeps the actor out.
        Refusal: The password was not entered again, the ballot is still open, or the
            actor has signed these minutes.

    Source: procedures C07 (会议纪要); S3 L59§17; who signs is proposed.
    """
    case, item, motion = motion_at_hand(desk, motion_id)
    must_sit_or_convene(desk, case, item)
    if not desk.actor.has_signed:
        raise Refusal("signature.missing", rule="S3 L59§17")
    digest = digest_of_minutes(desk, motion)
    if motion.closed_at is None or not digest:
        raise Refusal("minutes.open", rule=MEETING_SOURCE)
    person_id = desk.actor.person_id
    earlier = desk.session.get(MinutesSignature, (motion.id, person_id))
    if earlier is not None and earlier.digest == digest:
        raise Refusal("minutes.signed", rule=MEETING_SOURCE)
    if earlier is not None:
        desk.session.delete(earlier)
        desk.session.flush()
    row = MinutesSignature(
        motion_id=motion.id,
        person_id=person_id,
        authority_id=case.authority_id,
        case_id=case.id,
        part=_part(desk, item, motion),
        digest=digest,
        signed_at=desk.now(),
    )
    desk.session.add(row)
    desk.record(
        case,
        Fact.MINUTES_SIGNED,
        motion=motion.id,
        minutes=motion.minutes_id,
        person=person_id,
        part=row.part,
        digest=digest,
    )
    return row


def _part(desk: Desk, item: WorkItemRow, motion: Motion) -> str:
    meeting = newest_meeting(desk, item)
    person_id = desk.actor.person_id
    if meeting is not None and person_id == meeting.chair:
        return "chair"
    if meeting is not None and person_id == meeting.recorder:
        return "recorder"
    opinion = opinions_on(desk, motion).get(person_id)
    if opinion is None or not opinion.present:
        raise NotAllowed("minutes.not_signer", rule=MEETING_SOURCE)
    return "member"


def _must_be_ahead(desk: Desk, case: CaseRow, item: WorkItemRow, held_at: datetime) -> None:
    """Refuse a meeting in the past, or one that leaves fewer working days than the notice."""
    if held_at < desk.now():
        raise Refusal("meeting.past", rule=MEETING_SOURCE)
    stated = str(item.properties.get(NOTICE) or "")
    days = int(stated) if stated.isdecimal() else 0
    calendar = desk.calendar(case.authority_id)
    if not days:
        return
    first = calendar.workday_after(calendar.day_of(desk.now()), days)
    if calendar.day_of(held_at) < first:
        raise Refusal("meeting.notice", rule=MEETING_SOURCE, days=days, first=first.isoformat())
