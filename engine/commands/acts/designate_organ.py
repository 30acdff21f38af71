"""Act `designate_organ`: the organ above decides on an organ's recusal and designates another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.commands.recuse import replace_handler
from engine.desk import Desk, Fact
from engine.desk.advance import set_variables
from engine.desk.conflicts import INVESTIGATORS
from engine.desk.holders import people_in_role
from engine.desk.notices import tell
from engine.desk.organs import REPLACED, replaced_organs
from engine.desk.working import reoffer
from engine.errors import NotAllowed, Refusal
from engine.model.identifiers import RoleKey
from engine.model.roles import Scope
from engine.store.tables import CaseRow, Participant, PersonRow, Recusal, WorkItemRow

SOURCE = "S3 L51"
KIND = "organ"
"""The kind of the recusal of each of the organ's people who handled the case."""


class DesignateOrgan:
    """Rejects the recusal of an organ with reasons, or has another organ stand in for it.

    Answers: `organ_granted`, `organ_reasons`, and `designated`, the role that stands in. The
    organ is the variable named by the property `organ` (`recused_organ` without it). While
    it is decided the organ goes on: its recusal would stop the case.

    Source: S3 L51 (负责问责的纪检监察机关、组织人事部门本身的回避); who decides, and that another
    organ is designated: procedures C03, proposed.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse an organ that decides on itself, and one that nobody could stand in for."""
        organ = _organ(case, item)
        if organ in desk.standing(case).roles:
            raise NotAllowed("organ.own", rule=SOURCE, organ=_title(desk, case, organ))
        if not str(answers.get("organ_reasons") or "").strip():
            raise Refusal("reasons.missing", rule=SOURCE)
        if answers.get("organ_granted") is not True:
            return
        designated = str(answers.get("designated") or "")
        role = desk.version(case).rules.roles.get(RoleKey(designated))
        gone = {organ, *replaced_organs(case)}
        if role is None or role.scope is not Scope.AUTHORITY or role.outside or designated in gone:
            raise Refusal("organ.unfit", rule=SOURCE, organ=_title(desk, case, organ))
        if not set(people_in_role(desk, case, designated)) - set(people_in_role(desk, case, organ)):
            raise Refusal("organ.nobody", rule=SOURCE, organ=role.title.zh)

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Let the other organ stand in; what the recused one did is to be looked at again."""
        if answers.get("organ_granted") is not True:
            return {}
        organ, designated = _organ(case, item), str(answers["designated"])
        handlers = _handlers(
            desk, case, people_in_role(desk, case, organ), people_in_role(desk, case, designated)
        )
        set_variables(desk, case, {REPLACED: {**replaced_organs(case), organ: designated}})
        desk.record(case, Fact.ORGAN_REPLACED, organ=organ, designated=designated)
        for person_id in handlers:
            _bar(desk, case, person_id, str(answers["organ_reasons"]))
            replace_handler(desk, case, person_id)
        reoffer(desk, case)
        desk.forget_standing(case)
        role = desk.version(case).rules.roles[RoleKey(designated)]
        told = people_in_role(desk, case, organ)
        title = role.title
        tell(desk, case, told, "organ.designated", title=title.zh, title_en=title.say("en"))
        return {}


def _organ(case: CaseRow, item: WorkItemRow) -> str:
    named = str(item.properties.get("organ") or "recused_organ")
    return str(case.variables.get(named) or "")


def _title(desk: Desk, case: CaseRow, organ: str) -> str:
    role = desk.version(case).rules.roles.get(RoleKey(organ))
    return organ if role is None else role.title.zh


def _handlers(desk: Desk, case: CaseRow, holders: list[str], designated: list[str]) -> list[str]:
    """Return who investigates in the case or has had its work in hand, of the organ's people.

    Those are the holders of its role and whoever serves in their units, without those of
    the organ that stands in.
    """
    parts = desk.session.scalars(
        sa.select(Participant.person_id).where(
            Participant.case_id == case.id, Participant.role.in_(INVESTIGATORS)
        )
    )
    work = desk.session.execute(
        sa.select(WorkItemRow.claimed_by, WorkItemRow.completed_by).where(
            WorkItemRow.case_id == case.id
        )
    )
    met = set(parts) | {one for row in work for one in row if one is not None}
    units = sa.select(PersonRow.unit_id).where(PersonRow.id.in_(holders))
    colleagues = desk.session.scalars(
        sa.select(PersonRow.id).where(PersonRow.id.in_(met), PersonRow.unit_id.in_(units))
    )
    return sorted((met & set(holders) | set(colleagues)) - set(designated))


def _bar(desk: Desk, case: CaseRow, person_id: str, reasons: str) -> None:
    """Keep one of the organ's people from the file that this person has handled."""
    desk.session.add(
        Recusal(
            authority_id=case.authority_id,
            case_id=case.id,
            person_id=person_id,
            kind=KIND,
            state="granted",
            reasons=reasons,
            requested_by=desk.actor.person_id,
            requested_at=desk.now(),
            decided_by=desk.actor.person_id,
            decided_at=desk.now(),
            decision_reasons=reasons,
        )
    )
    desk.session.flush()
