"""Act `name_team`: those who investigate or review become participants of the case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.desk import Desk, Fact
from engine.desk.conflicts import conflicts_of
from engine.desk.holders import add_participant, names_of
from engine.desk.working import reoffer
from engine.errors import NotFound, Recused, Refusal
from engine.model.conflicts import RECUSAL_SOURCE
from engine.store.tables import CaseRow, PersonRow, WorkItemRow

LEAST = 2
"""How many make a team unless the property `at_least` says otherwise; proposed (C04)."""

LEADS = {"investigator": "investigation_lead", "reviewer": "review_lead"}


class NameTeam:
    """Names members and a lead; each is looked at for conflicts of interest.

    Source: S0篇1§7-2 (组成调查组), S0篇1§14; procedures C04: two or more, proposed.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse a team that is too small, a lead from outside it, or a member in conflict."""
        members = _members(answers)
        least = int(str(item.properties.get("at_least", LEAST)))
        if len(members) < least:
            raise Refusal("team.too_small", least=least, rule="procedures C04")
        lead = answers.get("lead")
        if lead and lead not in members:
            raise Refusal("team.lead_not_member")
        for person_id in members:
            person = desk.session.get(PersonRow, person_id)
            if person is None or person.authority_id != case.authority_id:
                raise NotFound(person_id)
            found = conflicts_of(desk, case, person_id, item=item)
            standing = desk.standing(case, person_id)
            if found or standing.recusal:
                raise Recused(
                    "team.conflict",
                    rule=RECUSAL_SOURCE,
                    name=person.name,
                    kind=found[0].kind.value if found else standing.recusal,
                )

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Make them participants, offer them what waits for their role; give `team`."""
        role = str(item.properties.get("participants", "investigator"))
        members, lead = _members(answers), answers.get("lead")
        for person_id in members:
            if add_participant(desk, case, person_id, role):
                desk.record(case, Fact.PARTICIPANT_NAMED, person=person_id, role=role)
        if lead and role in LEADS and add_participant(desk, case, str(lead), LEADS[role]):
            desk.record(case, Fact.PARTICIPANT_NAMED, person=lead, role=LEADS[role])
        reoffer(desk, case)
        names = names_of(desk, members)
        return {
            "team": [
                {"id": one, "name": names.get(one, ""), "lead": one == lead} for one in members
            ]
        }


def _members(answers: Mapping[str, Any]) -> list[str]:
    members = answers.get("members")
    found = [str(one) for one in members] if isinstance(members, list) else []
    lead = answers.get("lead")
    if lead and str(lead) not in found and found:
        return found
    return list(dict.fromkeys(found))
