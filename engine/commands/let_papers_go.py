"""Let the papers of a case that has left go from the file store: its package holds them.

Files and database share no transaction. So each step may be done again from its beginning, and
between any two of them the bytes are in the store or in the package, mostly in both:
the package is read back and checked, what nothing else needs is set aside, and a day later,
when every command that may have relied on it has ended, it is looked at again and removed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.commands.case_package import papers_of
from engine.desk import Desk, Fact, Office, system_actor
from engine.documents.packing import digests_in
from engine.errors import Fault
from engine.store.holding import still_needed
from engine.store.outbox import effect_done
from engine.store.tables import CaseRow, PackedPaper, RetirementItem

if TYPE_CHECKING:
    from engine.store.outbox import Job

KIND, END = "retire_papers", "retire_papers_end"
"""The kinds of the outbox jobs: one sets aside, one removes."""
ASIDE = timedelta(days=1)
"""How long bytes are aside before they are removed; proposed."""


def let_papers_go(office: Office, job: Job) -> None:
    """Do a job of kind ``retire_papers``: set aside what the case's package holds.

    Raises:
        Fault: The case has not left.
        KeyError, ValueError: Its package is gone or damaged; nothing is set aside.
    """
    case_id = str(job.payload["case"])
    authority_id, package = _left(office, case_id)
    held = digests_in(office.files.get(package))
    actor = system_actor(authority_id)
    packed = office.give(actor, _note_packed, case_id, held)
    going = sorted(set(packed) - office.ask(actor, _needed, packed))
    for digest in going:
        office.files.set_aside(digest)
    office.give(actor, _end_later, case_id, going)


def end_papers(office: Office, job: Job) -> None:
    """Do a job of kind ``retire_papers_end``: remove what was set aside a day ago.

    What something has come to need meanwhile is put back.

    Raises:
        Fault: The case has not left.
    """
    case_id = str(job.payload["case"])
    aside = [str(digest) for digest in job.payload["papers"]]
    authority_id, package = _left(office, case_id)
    actor = system_actor(authority_id)
    needed = office.ask(actor, _needed, aside)
    for digest in aside:
        if digest in needed:
            office.files.put_back(digest)
        else:
            office.files.drop_aside(digest)
    office.give(actor, _note_gone, case_id, job.key, package, len(aside) - len(needed))


def _left(office: Office, case_id: str) -> tuple[str, str]:
    """Return the authority of a case that has left, and the digest of its package."""
    with office.database.reading() as session:
        found = session.execute(
            sa.select(CaseRow.authority_id, RetirementItem.digest)
            .join(RetirementItem, RetirementItem.case_id == CaseRow.id)
            .where(CaseRow.id == case_id, RetirementItem.state == "retired")
        ).first()
    if found is None:
        raise Fault(f"the case {case_id} has not left")
    return found.authority_id, found.digest


def _note_packed(desk: Desk, case_id: str, held: Collection[str]) -> list[str]:
    """Note which papers of the case its package holds; from now on it does not need them."""
    desk.session.get_one(CaseRow, case_id, with_for_update=True)
    own = {digest for _name, digest in papers_of(desk.session, case_id)}
    noted = set(
        desk.session.scalars(sa.select(PackedPaper.digest).where(PackedPaper.case_id == case_id))
    )
    packed = sorted(own & set(held))
    desk.session.add_all(
        PackedPaper(case_id=case_id, digest=digest) for digest in packed if digest not in noted
    )
    return packed


def _needed(desk: Desk, digests: Sequence[str]) -> frozenset[str]:
    return still_needed(desk.session, digests)


def _end_later(desk: Desk, case_id: str, aside: list[str]) -> None:
    if aside:
        payload = {"case": case_id, "papers": aside}
        desk.enqueue(END, f"{END}:{case_id}", payload, not_before=desk.now() + ASIDE)


def _note_gone(desk: Desk, case_id: str, key: str, package: str, papers: int) -> None:
    case = desk.session.get_one(CaseRow, case_id, with_for_update=True)
    if papers and not effect_done(desk.session, key, END, desk.now()):
        desk.record(case, Fact.CASE_PAPERS_REMOVED, papers=papers, sha256=package)
