"""From the record of what was done in a rehearsal to the steps of a scenario.

Nothing is recorded for the scenario's sake: cases' audit entries say what was done, by whom and
when; answers, motions, opinions and recusals lie in their rows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.desk.answers import SALT
from engine.desk.facts import Fact
from engine.desk.values import plain
from engine.publishing.rehearsing.answers import Names, scenario_answers
from engine.publishing.rehearsing.standing import as_it_stands
from engine.store.tables import (
    Answers,
    AuditEntry,
    CaseRow,
    DecisionRow,
    LinkedCase,
    Motion,
    OpinionRow,
    Participant,
    Recusal,
    WorkItemRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from engine.desk import Desk
    from engine.workflow import Form

COLLECTIVE = "collective"
FOLLOWING = frozenset(
    {
        Fact.CASE_CLOSED,
        Fact.STATUS_CHANGED,
        Fact.WORK_OPENED,
        Fact.WORK_WITHDRAWN,
        Fact.WORK_CLAIMED,
        Fact.WORK_RELEASED,
        Fact.FACT_STATED,
        Fact.ATTACHED,
        Fact.PARTICIPANT_NAMED,
        Fact.PARTICIPANT_LEFT,
        Fact.CONFLICT_FOUND,
        Fact.WORK_HANDED_ON,
        Fact.DEADLINE_STARTED,
        Fact.DEADLINE_MET,
        Fact.DEADLINE_LAPSED,
        Fact.DEADLINE_WITHDRAWN,
        Fact.DEADLINE_RECOUNTED,
        Fact.CARD_GIVEN,
        Fact.REMINDED,
        Fact.TIMER_FIRED,
        Fact.MESSAGE_SENT,
        Fact.MESSAGE_DELIVERED,
        Fact.TABLE_CONSULTED,
        Fact.EXPRESSION_WARNED,
        Fact.PROPOSED,
        Fact.DECISION_APPROVED,
        Fact.DOCUMENT_DRAFTED,
        Fact.DOCUMENT_ISSUED,
        Fact.DOCUMENT_SERVED,
        Fact.NUMBER_ALLOTTED,
        Fact.SANCTION_RECORDED,
        Fact.SANCTION_ENDED,
        Fact.DECISION_SUPERSEDED,
        Fact.HEARING_CALLED,
        Fact.PUBLISHED,
        Fact.PUBLICATION_WITHHELD,
        Fact.PUBLICATION_WITHDRAWN,
        Fact.CHILD_ASKED,
        Fact.CHILD_OPENED,
        Fact.CHILD_CHANGED,
        Fact.CHILD_CLOSED,
        Fact.MATTER_TRANSFERRED,
        Fact.MATTER_COPIED,
        Fact.RECEIPT_RECORDED,
        Fact.ESCALATED,
        Fact.TOLD,
        Fact.REVEALED,
        Fact.REFUSED,
        Fact.INCIDENT_RAISED,
        Fact.DEVIATION_RAISED,
    }
)
"""What follows from a step by itself, or changes nothing: no step of its own."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a rehearsal has come to.

    Attributes:
        steps: As they stand in a scenario, the last one saying how the first case stands.
        unsaid: Facts of the record for which scenarios have no step.
    """

    steps: tuple[dict[str, Any], ...]
    unsaid: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no case was opened."""
        return not any("open" in one for one in self.steps)


def written(
    desk: Desk, procedure: str, people: Mapping[str, str], began: datetime, zone: ZoneInfo
) -> Written:
    """Return the steps that lead to where the office stands now.

    Args:
        desk: Of a query, of the platform.
        procedure: The folder's own.
        people: Id by name, of the cast.
        began: Civil time of the beginning, without a zone.
        zone: Of the authority.
    """
    names = Names({one: name for name, one in people.items()})
    cases = _labels(desk, names)
    if not cases:
        return Written(())
    writing = _Writing(desk, procedure, names, cases, zone, began.replace(second=0))
    entries = desk.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.case_id.in_(list(cases)))
        .order_by(AuditEntry.recorded_at, AuditEntry.stream, AuditEntry.sequence)
    ).all()
    for entry in entries:
        writing.take(entry)
    writing.claims()
    writing.move_to(desk.now())
    first = next(iter(cases))
    steps = (*writing.steps, {"then": as_it_stands(desk, desk.session.get_one(CaseRow, first))})
    return Written(steps, tuple(dict.fromkeys(writing.unsaid)))


def _labels(desk: Desk, names: Names) -> dict[str, str]:
    """Return what scenarios call each case: those of people `case`, `case2`; children by parent."""
    labels: dict[str, str] = {}
    opened = 0
    rows = desk.session.scalars(sa.select(CaseRow).order_by(CaseRow.opened_at, CaseRow.id)).all()
    for row in rows:
        if row.parent_id in labels:
            labels[row.id] = _child_label(desk, row, labels[row.parent_id])
        elif row.opened_by in names.by_id:
            opened += 1
            labels[row.id] = "case" if opened == 1 else f"case{opened}"
        else:
            labels[row.id] = row.procedure if labels else "case"
    return {key: label for key, label in labels.items() if label}


def _child_label(desk: Desk, row: CaseRow, parent: str) -> str:
    ids = list(
        desk.session.scalars(
            sa.select(LinkedCase.child_id)
            .where(LinkedCase.case_id == row.parent_id)
            .order_by(LinkedCase.asked_at, LinkedCase.id)
        )
    )
    child = f"child[{ids.index(row.id) + 1}]"
    return child if parent == "case" else f"{parent}.{child}"


@dataclass(slots=True)
class _Writing:
    """The steps as they come, entry by entry.

    Attributes:
        at: Civil time at which the steps stand.
        ballots: The step of each motion, by its id.
    """

    desk: Desk
    procedure: str
    names: Names
    cases: Mapping[str, str]
    zone: ZoneInfo
    at: datetime
    steps: list[dict[str, Any]] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    ballots: dict[str, dict[str, Any]] = field(default_factory=dict)
    minutes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, entry: AuditEntry) -> None:
        """Write what a fact of the record means as a step."""
        fact = Fact(entry.fact)
        if fact in FOLLOWING:
            return
        writer = _WRITERS.get(fact)
        if entry.actor not in self.names.by_id:
            return
        if writer is None:
            self.unsaid.append(fact.value)
            return
        for step in writer(self, entry):
            self.move_to(entry.recorded_at)
            label = self.cases[str(entry.case_id)]
            self.steps.append({**step, **({} if label == "case" else {"case": label})})

    def move_to(self, instant: datetime) -> None:
        """Write that the clock was moved, where it was by a minute or more."""
        civil = instant.astimezone(self.zone).replace(tzinfo=None, second=0, microsecond=0)
        if civil > self.at:
            self.at = civil
            self.steps.append({"at": f"{civil:%Y-%m-%d %H:%M}"})

    def claims(self) -> None:
        """Write who holds what nobody has done yet."""
        held = self.desk.session.scalars(
            sa.select(WorkItemRow)
            .where(WorkItemRow.case_id.in_(list(self.cases)), WorkItemRow.state == "claimed")
            .order_by(WorkItemRow.opened_at, WorkItemRow.id)
        )
        for item in held:
            name = self.names.by_id.get(item.claimed_by or "")
            label = self.cases[item.case_id]
            if name and not any(one.get("meet") == item.element for one in self.steps):
                step = {"claim": item.element, "by": name}
                self.steps.append({**step, **({} if label == "case" else {"case": label})})

    def opened(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        case = self.desk.session.get_one(CaseRow, entry.case_id)
        if case.parent_id:
            return
        version = self.desk.version(case)
        start = version.rules.start
        form = version.form(version.definition.process_id, start.form) if start else None
        row = self.desk.session.scalar(
            sa.select(Answers)
            .where(Answers.case_id == case.id, Answers.work_item_id.is_(None), Answers.filing == "")
            .order_by(Answers.recorded_at, Answers.id)
            .limit(1)
        )
        rows = self.desk.session.execute(
            sa.select(Participant.role, Participant.person_id).where(
                Participant.case_id == case.id,
                Participant.role.in_(("subject", "reporter")),
            )
        )
        parts = {one.role: one.person_id for one in rows}
        yield {
            "open": case.procedure,
            "by": self.names.of(entry.actor),
            **({"channel": case.channel} if case.channel else {}),
            **{
                role: self.names.of(parts[role])
                for role in ("subject", "reporter")
                if parts.get(role) in self.names.by_id
            },
            "answers": self._answers(row, form, entry),
        }

    def done(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        if entry.details.get("act") == COLLECTIVE:
            return
        item = self._item(entry)
        row = self.desk.session.get(Answers, str(entry.details.get("answers_id")))
        form = self.desk.version(self._case(entry)).form(item.process, item.form)
        proof = row.proof if row is not None else ""
        yield {
            "do": item.element,
            "by": self.names.of(entry.actor),
            "answers": self._answers(row, form, entry),
            **({"proof": proof} if proof else {}),
        }

    def filed(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        key = str(entry.details["filing"])
        version = self.desk.version(self._case(entry))
        rule = version.rules.filings.get(key)
        form = version.form(version.definition.process_id, rule.form) if rule else None
        row = self.desk.session.get(Answers, str(entry.details.get("answers_id")))
        filed_for = self.names.by_id.get(str(entry.details.get("filed_for") or ""), "")
        yield {
            "file": key,
            "by": self.names.of(entry.actor),
            **({"for": filed_for} if filed_for else {}),
            **(
                {"on": str(entry.details["happened_on"])}
                if str(entry.details["happened_on"]) != self._day(entry)
                else {}
            ),
            **({"proof": row.proof} if row is not None and row.proof else {}),
            "answers": self._answers(row, form, entry),
        }

    def motion(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        """Keep the motion; it is written where its last vote is, so that one step says both."""
        motion = self.desk.session.get_one(Motion, str(entry.details["motion"]))
        item = self._item(entry)
        form = self.desk.version(self._case(entry)).form(item.process, item.form)
        answers = scenario_answers(_unsalted(motion.answers), form, self.names, self._day(entry))
        step: dict[str, Any] = {
            "vote": item.element,
            "by": self.names.of(entry.actor),
            "answers": answers,
            "opinions": {},
            "absent": {},
            "decide": False,
        }
        self.ballots[motion.id] = step
        yield step

    def opinion(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        motion = str(entry.details["motion"])
        row = self.desk.session.scalar(
            sa.select(OpinionRow).where(
                OpinionRow.motion_id == motion,
                OpinionRow.person_id == str(entry.details["person"]),
            )
        )
        step = self.ballots.get(motion)
        if row is None or step is None:
            return
        name = self.names.of(row.person_id)
        if row.present:
            vote = "agree" if row.vote == "secret" else row.vote
            step["opinions"][name] = {"vote": vote, "reasons": row.reasons}
        else:
            step["absent"][name] = row.reasons
        self._bring_here(step, entry)
        yield from ()

    def decided(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        decision = self.desk.session.get_one(DecisionRow, str(entry.details["decision"]))
        motion = self.desk.session.get(Motion, decision.motion_id) if decision.motion_id else None
        if motion is None:
            return
        item = self.desk.session.get_one(WorkItemRow, motion.work_item_id)
        yield {"decide": item.element, "by": self.names.of(entry.actor)}

    def met(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        details = entry.details
        held = datetime.fromisoformat(str(details["held_at"]))
        civil = held.astimezone(self.zone).replace(tzinfo=None)
        yield {
            "meet": self._item(entry).element,
            "by": self.names.of(entry.actor),
            "held_at": f"{civil:%Y-%m-%d %H:%M}",
            "place": str(details.get("place") or ""),
            "agenda": str(details.get("agenda") or ""),
            "chair": self.names.of(str(details.get("chair") or "")),
            "recorder": self.names.of(str(details.get("recorder") or "")),
        }

    def dissented(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        row = self.desk.session.scalar(
            sa.select(OpinionRow).where(
                OpinionRow.motion_id == str(entry.details["motion"]),
                OpinionRow.person_id == entry.actor,
            )
        )
        yield {
            "dissent": self._element_of(str(entry.details["motion"])),
            "by": self.names.of(entry.actor),
            "reasons": row.dissent if row is not None else "",
        }

    def closed_ballot(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        motion = str(entry.details["motion"])
        step: dict[str, Any] = {
            "minutes": self._element_of(motion),
            "by": self.names.of(entry.actor),
            "signed_by": [],
        }
        self.minutes[motion] = step
        yield step

    def signed(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        step = self.minutes.get(str(entry.details["motion"]))
        if step is not None:
            step["signed_by"].append(self.names.of(entry.actor))
            self._bring_here(step, entry)
        yield from ()

    def asked_longer(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        yield {
            "extend": str(entry.details["key"]),
            "by": self.names.of(entry.actor),
            "reasons": str(entry.details["reasons"]),
        }

    def ruled_longer(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        key = str(entry.details["key"])
        asked = [one for one in self.steps if one.get("extend") == key and "approved_by" not in one]
        for step in asked[-1:]:
            step |= {
                "approved_by": self.names.of(entry.actor),
                "granted": bool(entry.details["granted"]),
                "decision_reasons": str(entry.details["reasons"]),
            }
            self._bring_here(step, entry)
        yield from ()

    def asked_out(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        row = self.desk.session.get_one(Recusal, str(entry.details["recusal"]))
        yield {
            "recuse": self.names.of(row.person_id),
            "by": self.names.of(entry.actor),
            "reasons": row.reasons,
        }

    def ruled_out(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        name = self.names.of(str(entry.details["person"]))
        asked = [one for one in self.steps if one.get("recuse") == name and "decided_by" not in one]
        for step in asked[-1:]:
            step |= {
                "decided_by": self.names.of(entry.actor),
                "granted": bool(entry.details["granted"]),
            }
            self._bring_here(step, entry)
        yield from ()

    def dunned(self, entry: AuditEntry) -> Iterator[dict[str, Any]]:
        yield {
            "dun": str(entry.details["element"]),
            "by": self.names.of(entry.actor),
            "reasons": str(entry.details.get("reasons") or ""),
        }

    def _bring_here(self, step: dict[str, Any], entry: AuditEntry) -> None:
        """Put a step that goes on with this entry behind all that was done meanwhile."""
        place = next(i for i, one in enumerate(self.steps) if _is_same(one, step))
        moved = self.steps.pop(place)
        self.move_to(entry.recorded_at)
        self.steps.append({**moved, **step})

    def _answers(self, row: Answers | None, form: Form | None, entry: AuditEntry) -> dict[str, Any]:
        if row is None:
            return {}
        return scenario_answers(_unsalted(row.data), form, self.names, self._day(entry))

    def _item(self, entry: AuditEntry) -> WorkItemRow:
        return self.desk.session.get_one(WorkItemRow, str(entry.details["item"]))

    def _case(self, entry: AuditEntry) -> CaseRow:
        return self.desk.session.get_one(CaseRow, entry.case_id)

    def _element_of(self, motion_id: str) -> str:
        motion = self.desk.session.get_one(Motion, motion_id)
        return str(self.desk.session.get_one(WorkItemRow, motion.work_item_id).element)

    def _day(self, entry: AuditEntry) -> str:
        return entry.recorded_at.astimezone(self.zone).date().isoformat()


def _unsalted(data: Mapping[str, object]) -> dict[str, Any]:
    found = plain({key: value for key, value in data.items() if key != SALT})
    return dict(found) if isinstance(found, dict) else {}


def _is_same(one: Mapping[str, Any], step: Mapping[str, Any]) -> bool:
    """Whether a written step is the one that goes on: its lists are the very same objects."""
    kept = [key for key in ("opinions", "signed_by") if key in step]
    if kept:
        return one.get(kept[0]) is step[kept[0]]
    return one is step


_WRITERS: dict[Fact, Callable[[_Writing, AuditEntry], Iterator[dict[str, Any]]]] = {
    Fact.CASE_OPENED: _Writing.opened,
    Fact.WORK_COMPLETED: _Writing.done,
    Fact.FILED: _Writing.filed,
    Fact.MOTION_PUT: _Writing.motion,
    Fact.OPINION_GIVEN: _Writing.opinion,
    Fact.ABSENCE_NOTED: _Writing.opinion,
    Fact.DECIDED: _Writing.decided,
    Fact.MEETING_CALLED: _Writing.met,
    Fact.DISSENT_KEPT: _Writing.dissented,
    Fact.BALLOT_CLOSED: _Writing.closed_ballot,
    Fact.MINUTES_SIGNED: _Writing.signed,
    Fact.EXTENSION_REQUESTED: _Writing.asked_longer,
    Fact.EXTENSION_DECIDED: _Writing.ruled_longer,
    Fact.RECUSAL_REQUESTED: _Writing.asked_out,
    Fact.INTEREST_DECLARED: _Writing.asked_out,
    Fact.RECUSAL_DECIDED: _Writing.ruled_out,
    Fact.DUNNED: _Writing.dunned,
}
