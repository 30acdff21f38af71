"""A collective body at its work item: members, opinions, conditions, and who looks on."""

from __future__ import annotations

from dataclasses import dataclass

from engine.desk.assembly import Assembly, Member, assembly_of, organ_of
from engine.desk.desk import Desk
from engine.desk.holders import names_of, people_in_role
from engine.desk.sitting import convenes, stands_in_for
from engine.desk.views.task import TaskView, task_view
from engine.errors import NotAllowed, NotFound
from engine.model.collective import COLLECTIVE_SOURCE
from engine.store.tables import CaseRow, PersonRow, WorkItemRow


@dataclass(frozen=True, slots=True)
class MeetingView:
    """A collective step as its page shows it.

    Attributes:
        task: The step with its form, which is the motion's.
        assembly: The body and its newest motion.
        me: The reader as a member, or None for who does not belong to it.
        organ: The organ's role.
        titles: The post of each member, by person id.
        names: Of members, chair, recorder and signers, by person id.
        convenes: Whether the reader looks after the meeting, a member or not.
        minutes_id: The document of the minutes to sign; empty before they are drafted.
        stands_in: The members for whom the reader may vote as a deputy.
    """

    task: TaskView
    assembly: Assembly
    me: Member | None
    organ: str
    titles: dict[str, str]
    names: dict[str, str]
    convenes: bool
    minutes_id: str
    stands_in: tuple[Member, ...] = ()


def meeting_view(desk: Desk, work_item_id: str, *, language: str = "zh") -> MeetingView:
    """Return a collective step; the opinions are for those who sit in the body.

    Raises:
        NotFound: There is no such step, or it is not a collective one.
        NotAllowed: The reader does not belong to the body.
        Recused: A conflict keeps the reader out.
    """
    task = task_view(desk, work_item_id, language=language)
    if task.item.properties.get("act") != "collective":
        raise NotFound(work_item_id)
    organ = organ_of(task.item)
    convening = convenes(desk, task.case, task.item)
    stands_in = stands_in_for(desk, task.case, task.item)
    sits = desk.actor.person_id in people_in_role(desk, task.case, organ)
    if not (sits or convening or stands_in or _voted_for(desk, task.case, task.item)):
        raise NotAllowed("opinion.not_member", rule=COLLECTIVE_SOURCE)
    assembly = assembly_of(desk, task.case, task.item)
    people = [desk.session.get_one(PersonRow, one.person_id) for one in assembly.members]
    others = {one.person_id for one in assembly.signatures}
    if assembly.meeting is not None:
        others |= {assembly.meeting.chair, assembly.meeting.recorder}
    names = {one.person_id: one.name for one in assembly.members} | names_of(desk, others)
    motion = assembly.motion
    return MeetingView(
        task=task,
        assembly=assembly,
        me=assembly.member(desk.actor.person_id),
        organ=organ,
        titles={person.id: person.title for person in people},
        names=names,
        convenes=convening,
        minutes_id=(motion.minutes_id or "") if motion is not None else "",
        stands_in=stands_in,
    )


def _voted_for(desk: Desk, case: CaseRow, item: WorkItemRow) -> bool:
    """Return whether the reader has voted on the newest motion as somebody's deputy."""
    return any(
        one.opinion is not None and one.opinion.deputy_id == desk.actor.person_id
        for one in assembly_of(desk, case, item).members
    )
