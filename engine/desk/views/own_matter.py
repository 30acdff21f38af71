"""What a subject sees of the outcome, and how long each right of theirs still runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.views.case import DeadlineView, clock_of_filing, takes_filing
from engine.desk.views.filing import may_file
from engine.desk.views.own import OwnCase, own_case
from engine.model.deadline_rules import DeadlineRule
from engine.model.procedure_rules import FilingRule
from engine.store.tables import CaseRow, DecisionRow, Recusal, SanctionRow
from engine.workflow import LoadedVersion

SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class OwnRight:
    """Something that the reader may file.

    Attributes:
        clock: Until when; None where no period runs.
        is_late: The period is over; only a late filing with reasons is taken.
        follows: The deadlines that begin once it is filed.
    """

    rule: FilingRule
    clock: DeadlineView | None
    is_late: bool
    follows: tuple[DeadlineRule, ...]


@dataclass(frozen=True, slots=True)
class OwnMatter:
    """A case for its subject or reporter, with outcome and rights.

    Attributes:
        rights: What may be filed now.
        decisions: Those that have reached the subject by a document, the newest first.
        sanctions: By decision id.
        recusals: What the reader asked for, and what came of it.
    """

    own: OwnCase
    version: LoadedVersion
    rights: tuple[OwnRight, ...]
    decisions: tuple[DecisionRow, ...]
    sanctions: Mapping[str, tuple[SanctionRow, ...]]
    recusals: tuple[Recusal, ...]


def own_matter(desk: Desk, case_id: str) -> OwnMatter:
    """Return a case for the page of its subject or reporter.

    A decision is shown once a document issued after it was served on the reader, so
    that nobody reads it here before it has reached them (S0篇1§10). A reporter sees
    how the matter stands, not what was decided on whom.

    Raises:
        NotFound, Recused, NotAllowed: As `own_case` says.
    """
    own = own_case(desk, case_id)
    case = own.row
    version = desk.version(case)
    decisions = _decisions(desk, own) if own.role == SUBJECT else ()
    return OwnMatter(
        own=own,
        version=version,
        rights=tuple(_rights(desk, case, version)),
        decisions=decisions,
        sanctions={one.id: _sanctions(desk, one) for one in decisions},
        recusals=tuple(
            desk.session.scalars(
                sa.select(Recusal)
                .where(Recusal.case_id == case.id, Recusal.requested_by == desk.actor.person_id)
                .order_by(Recusal.requested_at)
            )
        ),
    )


def _rights(desk: Desk, case: CaseRow, version: LoadedVersion) -> Iterator[OwnRight]:
    for rule in version.rules.filings.values():
        if may_file(desk, case, rule) and takes_filing(desk, case, rule):
            clock = clock_of_filing(desk, case, rule)
            follows = version.rules.starting_on(rule.fact) if rule.fact else ()
            yield OwnRight(rule, clock, rule.message not in case.awaited, follows)


def _decisions(desk: Desk, own: OwnCase) -> tuple[DecisionRow, ...]:
    issued = [row.issued_at for row, _service in own.documents if row.issued_at is not None]
    if not issued:
        return ()
    rows = desk.session.scalars(
        sa.select(DecisionRow)
        .where(DecisionRow.case_id == own.row.id, DecisionRow.made_at <= max(issued))
        .order_by(DecisionRow.made_at.desc())
    )
    return tuple(rows)


def _sanctions(desk: Desk, decision: DecisionRow) -> tuple[SanctionRow, ...]:
    return tuple(
        desk.session.scalars(
            sa.select(SanctionRow)
            .where(
                SanctionRow.decision_id == decision.id,
                SanctionRow.person_id == desk.actor.person_id,
            )
            .order_by(SanctionRow.id)
        )
    )
