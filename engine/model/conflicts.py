"""Conflicts of interest, and recusal (回避)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from engine.errors import Refusal
from engine.model.identifiers import PersonId, UnitId

RECUSAL_SOURCE = "S0篇1§14"


class ConflictKind(StrEnum):
    """Why a person should not act in a case."""

    SUBJECT = "subject"
    DECLARED = "declared"
    APPLIED = "applied"
    SAME_UNIT = "same_unit"
    RELATION = "relation"
    EARLIER_INVOLVEMENT = "earlier_involvement"
    ORIGINAL_HANDLER = "original_handler"


class RelationKind(StrEnum):
    """How two persons are related, as the register of relations says."""

    KIN = "kin"
    SUPERIOR = "superior"
    INTEREST = "interest"


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of two persons; it holds in both directions.

    Attributes:
        person: One of the two; for `superior`, the superior.
        other: The other one.
        kind: How they are related, now or formerly.
    """

    person: PersonId
    other: PersonId
    kind: RelationKind


@dataclass(frozen=True, slots=True)
class Involvement:
    """A part that a person has had in the matter, as the record has it.

    Attributes:
        tag: The property `involves` of the element acted on, such as ``investigation``.
        decided: The person took part in the decision that is now appealed against.
    """

    person: PersonId
    tag: str
    decided: bool = False


@dataclass(frozen=True, slots=True)
class ConflictRules:
    """What counts as a conflict for one step.

    Attributes:
        same_unit: Belonging to the subject's unit. Source: SUP-017.
        relations: The relations that count. Source: S0篇1§14, which says only 利害关系;
            that kin and superiors fall under it is proposed (SUP-017, SC-010).
        excluded_involvement: Tags of earlier steps whose actors may not take this one
            (property `excludes`). Source: procedures C11, SC-019; proposed.
        original_handlers: Whether who took part in the decision appealed against is
            excluded (`appeal.exclude_original_handlers`); proposed.
    """

    same_unit: bool = True
    relations: frozenset[RelationKind] = frozenset(RelationKind)
    excluded_involvement: frozenset[str] = frozenset()
    original_handlers: bool = False


@dataclass(frozen=True, slots=True)
class Conflict:
    """One conflict of interest of one person.

    Attributes:
        detail: The relation or the tag; empty where the kind says all. Never free text.
        subject: The subject concerned, where there is one.
    """

    kind: ConflictKind
    detail: str = ""
    subject: PersonId | None = None


def conflicts_between(  # noqa: PLR0917 -- everything a conflict may come from
    person: PersonId,
    subjects: Iterable[PersonId],
    units: Mapping[PersonId, frozenset[UnitId]],
    relations: Iterable[Relation] = (),
    involvement: Iterable[Involvement] = (),
    rules: ConflictRules = ConflictRules(),
) -> tuple[Conflict, ...]:
    """Return the conflicts of `person` that the records show.

    Args:
        person: Who is to act.
        subjects: The case's subjects.
        units: The units of each person on the day in question.
        relations: The register of relations; others' are passed over.
        involvement: Who has had what part in the matter.
        rules: What counts for the step.

    Source: S0篇1§14; SUP-017; procedures C03, C11.
    """
    subjects = tuple(subjects)
    related = tuple(relations)
    found: list[Conflict] = []
    for subject in subjects:
        if subject == person:
            found.append(Conflict(ConflictKind.SUBJECT, subject=subject))
            continue
        if rules.same_unit and units.get(person, frozenset()) & units.get(subject, frozenset()):
            found.append(Conflict(ConflictKind.SAME_UNIT, subject=subject))
        found.extend(
            Conflict(ConflictKind.RELATION, relation.kind.value, subject)
            for relation in related
            if relation.kind in rules.relations
            and {relation.person, relation.other} == {person, subject}
        )
    own = [part for part in involvement if part.person == person]
    tags = sorted({part.tag for part in own} & rules.excluded_involvement)
    found.extend(Conflict(ConflictKind.EARLIER_INVOLVEMENT, tag) for tag in tags)
    if rules.original_handlers and any(part.decided for part in own):
        found.append(Conflict(ConflictKind.ORIGINAL_HANDLER))
    return tuple(found)


class RecusalState(StrEnum):
    """What became of an application for recusal."""

    PENDING = "pending"
    GRANTED = "granted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Recusal:
    """A declaration by, or an application against, one who acts in a case.

    Attributes:
        person: Whose recusal it is.
        kind: `declared` by the person, or `applied` for by somebody else.
        applied_by: Who declared or applied.
        applied_on: On which day.
        state: What became of it.
        decided_by: Who decided, or None.
        reasons: The reasons of the decision.
        reviewed: Whether a rejection has been reviewed already.
    """

    person: PersonId
    kind: ConflictKind
    applied_by: PersonId
    applied_on: date
    state: RecusalState = RecusalState.PENDING
    decided_by: PersonId | None = None
    reasons: str = ""
    reviewed: bool = False

    @property
    def bars(self) -> bool:
        """Whether the person may not touch the case now.

        While an application is pending, contact with the file is suspended; the
        period of the investigation runs on. Source: procedures C03; proposed.
        """
        return self.state is not RecusalState.REJECTED

    def decided(self, *, granted: bool, by: PersonId, reasons: str) -> Recusal:
        """Return the application decided.

        Raises:
            Refusal: It was decided before, by the person concerned, or it is rejected
                without reasons.

        Source: procedures C03: the head decides, a rejection has written reasons; proposed.
        """
        if self.state is not RecusalState.PENDING:
            raise Refusal("recusal.decided", rule=RECUSAL_SOURCE, state=self.state.value)
        if by == self.person:
            raise Refusal("recusal.own", rule=RECUSAL_SOURCE)
        if not granted and not reasons.strip():
            raise Refusal("recusal.reasons_missing", rule=RECUSAL_SOURCE)
        state = RecusalState.GRANTED if granted else RecusalState.REJECTED
        return replace(self, state=state, decided_by=by, reasons=reasons)

    def for_review(self) -> Recusal:
        """Return a rejected application as pending once more.

        Raises:
            Refusal: It was not rejected, or has been reviewed already.

        Source: procedures C03, a rejection can be reviewed once; proposed.
        """
        if self.state is not RecusalState.REJECTED or self.reviewed:
            raise Refusal("recusal.no_review", rule=RECUSAL_SOURCE, state=self.state.value)
        return replace(self, state=RecusalState.PENDING, decided_by=None, reasons="", reviewed=True)
