"""The minutes of a collective decision: who was there, who said what, how it stood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.desk.assembly import Assembly
from engine.desk.desk import Desk
from engine.desk.holders import names_of
from engine.desk.papers import draft, open_draft
from engine.model.collective import Vote
from engine.store.tables import CaseRow, DocumentRow, WorkItemRow

MINUTES = "minutes"
"""The property that names the document of a step's minutes."""


def keep_minutes(
    desk: Desk,
    case: CaseRow,
    item: WorkItemRow,
    assembly: Assembly,
    *,
    kind: str,
    seen: Mapping[str, Any],
) -> DocumentRow | None:
    """Draft the minutes of a deliberation, where the step names a document for them.

    Minutes of an earlier deliberation of the same step are superseded, not overwritten.

    Args:
        desk: Of the command.
        case: Locked.
        item: The collective step.
        assembly: As it stands.
        kind: What it decides: ``original`` or ``appeal``.
        seen: The variables in scope, with the motion's answers; the document reads them
            and `deliberation`.

    Source: procedures C07 (会议纪要), §6 (时间、到会、回避、表态、表决、结论).
    """
    key = str(item.properties.get(MINUTES) or "")
    if not key:
        return None
    earlier = open_draft(desk, case, key)
    if earlier is not None:
        earlier.state = "superseded"
        desk.session.flush()
    told = deliberation(assembly, kind, desk.calendar(case.authority_id).day_of(desk.now()))
    zone = desk.calendar(case.authority_id).zone
    if assembly.meeting is not None:
        people = names_of(desk, [assembly.meeting.chair, assembly.meeting.recorder])
        told |= {
            "held_at": f"{assembly.meeting.held_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "place": assembly.meeting.place,
            "agenda": assembly.meeting.agenda,
            "chair": people.get(assembly.meeting.chair, ""),
            "recorder": people.get(assembly.meeting.recorder, ""),
        }
    return draft(desk, case, key, {**seen, "deliberation": told})


def deliberation(assembly: Assembly, kind: str, held_on: date) -> dict[str, Any]:
    """Return what minutes record of a deliberation, with names in place of ids.

    Of a secret vote they say that each member voted, and what members said; never how.
    """
    names = {one.person_id: one.name for one in assembly.members}
    counted = assembly.tally
    spoken = [
        (one.name, one.opinion, one.deputy)
        for one in assembly.members
        if one.opinion is not None and not one.recused
    ]
    return {
        "decision": kind,
        "held_on": held_on,
        "held_at": None,
        "place": None,
        "agenda": None,
        "chair": None,
        "recorder": None,
        "vote": assembly.voting.value,
        "entitled": counted.entitled,
        "present": counted.present,
        "in_favour": counted.in_favour,
        "against": counted.against,
        "abstained": counted.abstained,
        "recused": [names.get(one, one) for one in counted.recused],
        "absent": [names.get(one, one) for one in counted.absent],
        "absences": [
            {"name": name, "reasons": opinion.reasons}
            for name, opinion, _deputy in spoken
            if not opinion.present
        ],
        "opinions": [
            {
                "name": f"{name}（{deputy}代）" if deputy else name,
                "vote": opinion.vote if opinion.present else "absent",
                "reasons": opinion.reasons,
            }
            for name, opinion, deputy in spoken
        ],
        "dissent": [
            {"name": name, "reasons": opinion.dissent or opinion.reasons}
            for name, opinion, _deputy in spoken
            if opinion.dissent or opinion.vote == Vote.DISAGREE
        ],
    }
