"""Let closed cases leave the daily tables (期满移出): proposed, approved, packed, removed.

What leaves is written whole into a package first: rows, papers, and the chain of the record with
a verifier of its own. The case, its decisions and its record stay, so that whoever asks years
later why something was done is answered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from engine.commands.case_package import package_of
from engine.commands.let_papers_go import KIND as PAPERS
from engine.desk import Desk, Fact, Office, Right, system_actor
from engine.desk.conflicts import bar_conflicts
from engine.desk.reasons import reason_for_looking
from engine.desk.retiring import Retirable, obstacle_to, retirable
from engine.desk.settings import reasons_stated
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.access import note_look
from engine.store.retiring import remove_heavy_rows
from engine.store.tables import (
    AuditHead,
    CaseRow,
    Retirement,
    RetirementItem,
)

if TYPE_CHECKING:
    from engine.store.outbox import Job

KIND = "retire"
"""The kind of the outbox job."""
AT_ONCE = 20
SOURCE = "SUP-025; operations, 归档"
__all__ = [
    "Retirable",
    "case_numbered",
    "decide_retirement",
    "finish_retirement",
    "go_on_with_retirement",
    "keep_case",
    "open_archive",
    "propose_retirement",
    "retirable",
    "retirements",
    "run_retirement",
]


def propose_retirement(desk: Desk, *, reasons: str) -> Retirement:
    """Propose that every case whose time is over leave the daily tables.

    Args:
        desk: Of an administrator, or the platform.
        reasons: Why; on the record, 1 to 500 characters.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: There are no reasons, another round is not over, or no case may leave.

    Source: SUP-025; the periods are proposed (`SettingKey.RETENTION_YEARS`).
    """
    desk.require_admin()
    stated = reasons_stated(reasons)
    going = sa.select(Retirement.id).where(
        Retirement.authority_id == desk.actor.authority_id,
        Retirement.state.in_(("proposed", "running")),
    )
    if desk.session.scalar(going) is not None:
        raise Refusal("retirement.going", rule=SOURCE)
    found = retirable(desk)
    if not found:
        raise Refusal("retirement.none", rule=SOURCE)
    row = Retirement(
        authority_id=desk.actor.authority_id,
        total=len(found),
        reasons=stated,
        proposed_by=desk.actor.person_id,
        proposed_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    desk.session.add_all(
        RetirementItem(retirement_id=row.id, case_id=one.case_id, number=one.number)
        for one in found
    )
    desk.record(None, Fact.RETIREMENT_PROPOSED, retirement=row.id, total=row.total, reasons=stated)
    return row


def decide_retirement(
    desk: Desk, retirement_id: str, *, approved: bool, reasons: str
) -> Retirement:
    """Approve a round, which then runs in the background, or reject it.

    Args:
        desk: Of another administrator than the one who proposed it.
        retirement_id: The round.
        approved: Whether it runs.
        reasons: Why; on the record, 1 to 500 characters.

    Raises:
        NotAllowed: The actor is no administrator, or proposed it.
        NotFound: There is none at the authority.
        Refusal: It was decided before, or there are no reasons.
    """
    desk.require_admin()
    row = desk.own(Retirement, retirement_id, lock=True)
    if row.proposed_by == desk.actor.person_id:
        raise NotAllowed("retirement.own", rule=SOURCE)
    if row.state != "proposed":
        raise Refusal("retirement.decided", rule=SOURCE)
    row.decision_reasons = reasons_stated(reasons)
    row.decided_by, row.decided_at = desk.actor.person_id, desk.now()
    row.state = "running" if approved else "rejected"
    desk.record(
        None,
        Fact.RETIREMENT_DECIDED,
        retirement=row.id,
        approved=approved,
        reasons=row.decision_reasons,
    )
    if approved:
        _send_on(desk, row.id, 0)
    else:
        _release(desk, row.id)
    return row


def retirements(desk: Desk, limit: int = 20) -> list[Retirement]:
    """Return the newest rounds of the authority.

    Raises:
        NotAllowed: The actor is no administrator.
    """
    desk.require_admin()
    query = (
        sa.select(Retirement)
        .where(Retirement.authority_id == desk.actor.authority_id)
        .order_by(Retirement.proposed_at.desc(), Retirement.id.desc())
        .limit(limit)
    )
    return list(desk.session.scalars(query))


def run_retirement(office: Office, job: Job) -> None:
    """Pack and remove the next cases of a round; the worker of the job `retire`.

    Each case is packed first and removed in a transaction of its own that looks again whether
    it may go: killed at any moment, the round goes on where it stood.
    """
    retirement_id = str(job.payload["retirement"])
    with office.database.reading() as session:
        row = session.get(Retirement, retirement_id)
        if row is None or row.state != "running":
            return
        query = (
            sa.select(RetirementItem.case_id)
            .where(RetirementItem.retirement_id == row.id, RetirementItem.state == "todo")
            .order_by(RetirementItem.case_id)
            .limit(AT_ONCE)
        )
        actor = system_actor(row.authority_id)
        cases = list(session.scalars(query))
    for case_id in cases:
        package = office.ask(actor, package_of, case_id)
        if package is None:
            office.give(actor, keep_case, retirement_id, case_id)
            continue
        digest = office.files.put(package.content)
        size = len(package.content)
        office.give(
            actor, finish_retirement, retirement_id, case_id, digest, size=size, head=package.head
        )
    office.give(actor, go_on_with_retirement, retirement_id)


def finish_retirement(
    desk: Desk, retirement_id: str, case_id: str, digest: str, *, size: int, head: str
) -> bool:
    """Remove the heavy rows of a case that was packed; return whether they went.

    A case whose record has grown since it was packed is left for the next turn; one that may
    not go any more is kept.

    Args:
        desk: Of the platform.
        retirement_id: The round.
        case_id: The case.
        digest: SHA-256 of its package, which is among the files.
        size: Bytes of it.
        head: The newest entry of its chain that the package holds.

    Raises:
        NotAllowed: Somebody else gives it.
        NotFound: There is no such case in the round.
    """
    row, item, case = _locked(desk, retirement_id, case_id)
    if item.state != "todo":
        return False
    present = desk.session.get_one(AuditHead, f"case:{case.id}")
    if present.digest != head:
        return False
    if obstacle := obstacle_to(desk, case):
        _keep(desk, row, item, obstacle.value)
        return False
    gone = remove_heavy_rows(desk.session, case)
    item.state, item.digest, item.size, item.tried_at = "retired", digest, size, desk.now()
    row.done += 1
    desk.record(
        case, Fact.CASE_RETIRED, retirement=row.id, sha256=digest, size=size, head=head, rows=gone
    )
    desk.enqueue(PAPERS, f"{PAPERS}:{case.id}", {"case": case.id})
    return True


def keep_case(desk: Desk, retirement_id: str, case_id: str) -> None:
    """Keep a case of a round in the daily tables, where something stands in the way.

    Raises:
        NotAllowed: Somebody else than the platform gives it.
        NotFound: There is no such case in the round.
    """
    row, item, case = _locked(desk, retirement_id, case_id)
    obstacle = obstacle_to(desk, case)
    if item.state == "todo" and obstacle is not None:
        _keep(desk, row, item, obstacle.value)


def go_on_with_retirement(desk: Desk, retirement_id: str) -> None:
    """Send the rest of a round on its way as another job, or end it.

    Raises:
        NotAllowed: Somebody else than the platform gives it.
        NotFound: There is none such.
    """
    _must_be_platform(desk)
    row = desk.own(Retirement, retirement_id, lock=True)
    left = sa.select(sa.func.count()).select_from(RetirementItem)
    todo = desk.session.scalar(
        left.where(RetirementItem.retirement_id == row.id, RetirementItem.state == "todo")
    )
    if row.state != "running":
        return
    if todo:
        _send_on(desk, row.id, row.done + row.kept)
        return
    row.state, row.ended_at = "done", desk.now()
    desk.record(
        None, Fact.RETIREMENT_DONE, retirement=row.id, total=row.total, done=row.done, kept=row.kept
    )


def open_archive(desk: Desk, case_id: str, *, reason: str) -> tuple[RetirementItem, bytes]:
    """Return the package of a case that has left the daily tables; the look is recorded.

    Args:
        desk: Of who may see what the investigation gathered, or the platform.
        case_id: The case.
        reason: Why, 4 to 400 characters; on the access record.

    Raises:
        NotFound: The case has not left, or the actor may not know of it.
        NotAllowed, Recused: The actor may not see the whole file.
        Refusal: The reason is missing or too long.
        Fault: The package no longer has its digest.
    """
    case = desk.session.get(CaseRow, case_id)
    if case is None:
        raise NotFound(case_id)
    if not desk.actor.is_system:
        desk.authorise(case, Right.SEE_INVESTIGATION)
        bar_conflicts(desk, case, desk.actor.person_id)
    said = reason_for_looking(reason, "retirement.reason", rule=SOURCE)
    item = desk.session.scalar(
        sa.select(RetirementItem).where(
            RetirementItem.case_id == case.id, RetirementItem.state == "retired"
        )
    )
    if item is None:
        raise NotFound(case_id)
    note_look(
        desk.session,
        authority_id=case.authority_id,
        case_id=case.id,
        person_id=desk.actor.person_id,
        what="archive",
        ref=item.digest,
        reason=said,
        at=desk.now(),
    )
    return item, desk.office.files.get(item.digest)


def case_numbered(desk: Desk, number: str) -> tuple[str, str]:
    """Return the id and the authority of the case with a number, for who runs the machine.

    Raises:
        NotAllowed: Somebody other than the platform asks.
        NotFound: There is none.
    """
    _must_be_platform(desk)
    row = desk.session.scalar(sa.select(CaseRow).where(CaseRow.number == number))
    if row is None:
        raise NotFound(number)
    return row.id, row.authority_id


def _locked(
    desk: Desk, retirement_id: str, case_id: str
) -> tuple[Retirement, RetirementItem, CaseRow]:
    _must_be_platform(desk)
    case = desk.session.get(
        CaseRow, case_id, with_for_update=True, options=[undefer(CaseRow.state)]
    )
    row = desk.own(Retirement, retirement_id, lock=True)
    item = desk.session.get(RetirementItem, (retirement_id, case_id))
    if item is None or case is None:
        raise NotFound(case_id)
    return row, item, case


def _keep(desk: Desk, row: Retirement, item: RetirementItem, obstacle: str) -> None:
    item.state, item.obstacle, item.tried_at = "kept", obstacle, desk.now()
    row.kept += 1


def _release(desk: Desk, retirement_id: str) -> None:
    """Let the cases of a rejected round be proposed again."""
    query = sa.update(RetirementItem).where(RetirementItem.retirement_id == retirement_id)
    desk.session.execute(query.values(state="kept", obstacle="rejected"))


def _send_on(desk: Desk, retirement_id: str, tried: int) -> None:
    key = f"{KIND}:{retirement_id}:{tried}:{desk.now().isoformat()}"  # a turn may try none anew
    desk.enqueue(KIND, key, {"retirement": retirement_id})


def _must_be_platform(desk: Desk) -> None:
    if not desk.actor.is_system:
        raise NotAllowed("retirement.platform", rule=SOURCE)
