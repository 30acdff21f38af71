"""Where commands are given: what a command may touch while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from engine.desk.outgoing import plan
from engine.desk.rights import OUTSIDERS, VISIBLE_TO, Relation, Right, permits
from engine.desk.standing import Standing, principals_on, standing_of
from engine.errors import NotAllowed, NotFound, Recused
from engine.model.collective import DeputyVotes
from engine.model.notifying import STEPS, event_of
from engine.store import record
from engine.store.calendars import is_changed
from engine.store.due import claim_due_of_case
from engine.store.tables import CaseRow, Notice, WorkItemRow
from engine.store.waiting import add_later

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    import bpmn
    from engine.desk.facts import Fact
    from engine.desk.office import Office
    from engine.model.calendars import WorkingCalendar
    from engine.store.tables import DeadlineRow, DueRow
    from engine.workflow import LoadedVersion

SYSTEM = "system"

_LOCKED = sa.select(CaseRow).options(undefer(CaseRow.state)).with_for_update()
_CASE = _LOCKED.where(CaseRow.id == sa.bindparam("case"))
_CASE_OF_ITEM = _LOCKED.where(
    CaseRow.id
    == sa.select(WorkItemRow.case_id)
    .where(WorkItemRow.id == sa.bindparam("item"))
    .scalar_subquery()
)
_CASE_AND_ITEM = (
    sa.select(CaseRow, WorkItemRow)
    .join(WorkItemRow, WorkItemRow.case_id == CaseRow.id)
    .where(WorkItemRow.id == sa.bindparam("item"))
    .options(undefer(CaseRow.state))
    .with_for_update()
    .execution_options(populate_existing=True)
)


class _OfAnAuthority(Protocol):
    @property
    def authority_id(self) -> str: ...


Owned = TypeVar("Owned", bound=_OfAnAuthority)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command.

    Attributes:
        person_id: The person, or ``system`` for what the platform does by itself.
        authority_id: The authority at which the person acts.
        account_id: The log-in used; empty for the system.
        is_admin: Whether the log-in administers the platform.
        has_signed: Whether the password was entered again for this very command.
    """

    person_id: str
    authority_id: str
    account_id: str = ""
    is_admin: bool = False
    has_signed: bool = False

    @property
    def is_system(self) -> bool:
        """Return whether the platform itself acts."""
        return self.person_id == SYSTEM


def system_actor(authority_id: str) -> Actor:
    """Return the platform acting for `authority_id`."""
    return Actor(SYSTEM, authority_id)


@dataclass(slots=True)
class Desk:
    """What one command may touch: session, clock, actor, and the office's fittings.

    There is no way to load a case in a command without saying what for.

    Attributes:
        on_commit: What to do in memory once the transaction has committed; nothing
            that must not be lost, for that there are jobs.
        rounds: The newest rounds of deadlines that the command has read, by case and key.
        instances: The instances that the command has restored, with the states they stand for.
        worlds: What expressions of each case may ask, by the calendar and the version it runs by.
        addresses: By which channels the command has found people to be reached besides the pages.
    """

    session: Session
    actor: Actor
    office: Office
    on_commit: list[Callable[[], None]] = field(default_factory=list)
    rounds: dict[tuple[str, str], DeadlineRow | None] = field(default_factory=dict)
    instances: dict[str, tuple[bytes, bpmn.Instance]] = field(default_factory=dict)
    worlds: dict[str, tuple[WorkingCalendar, LoadedVersion, bpmn.World]] = field(
        default_factory=dict
    )
    addresses: dict[str, frozenset[str]] = field(default_factory=dict)
    _calendars: dict[str, WorkingCalendar] = field(default_factory=dict)
    _standings: dict[str, Standing] = field(default_factory=dict)

    def now(self) -> datetime:
        """Return the present instant by the office's clock; aware, UTC."""
        return self.office.clock.now()

    def today(self) -> date:
        """Return the present civil day at the actor's authority."""
        return self.calendar().day_of(self.now())

    def calendar(self, authority_id: str = "") -> WorkingCalendar:
        """Return the working calendar of an authority; the actor's if none is named."""
        of = authority_id or self.actor.authority_id
        if is_changed(self.session, of):
            return self.office.calendar(self.session, of)
        found = self._calendars.get(of)
        if found is None:
            found = self._calendars[of] = self.office.calendar(self.session, of)
        return found

    def version(self, case: CaseRow) -> LoadedVersion:
        """Return the version that `case` runs in, loaded once."""
        return self.office.versions.get(self.session, case.version_id)

    def case(self, case_id: str, *, may: Right) -> CaseRow:
        """Load a case, lock its row and authorise, in one step.

        Raises:
            NotFound: There is none, or the actor may not know of it.
            Recused: A conflict of interest, pending or granted, bars the actor.
            NotAllowed: The actor may know of the case but not do this.
        """
        case = self.session.scalar(_CASE, {"case": case_id})
        if case is None:
            raise NotFound(case_id)
        self.authorise(case, may)
        return case

    def case_of_item(self, work_item_id: str, *, may: Right) -> CaseRow:
        """Load the case that a work item belongs to, lock its row and authorise, in one step.

        Raises:
            NotFound, Recused, NotAllowed: As `case` says.
        """
        case = self.session.scalar(_CASE_OF_ITEM, {"item": work_item_id})
        if case is None:
            raise NotFound(work_item_id)
        self.authorise(case, may)
        return case

    def case_and_item(self, work_item_id: str, *, may: Right) -> tuple[CaseRow, WorkItemRow]:
        """Load a work item with its case, lock both rows and authorise, in one step.

        Raises:
            NotFound, Recused, NotAllowed: As `case` says.
        """
        found = self.session.execute(_CASE_AND_ITEM, {"item": work_item_id}).one_or_none()
        if found is None:
            raise NotFound(work_item_id)
        case, item = found
        self.authorise(case, may)
        return case, item

    def case_and_due(self, due_id: str) -> tuple[CaseRow, DueRow] | None:
        """Load what is due in a case, mark it fired, lock both rows and authorise, in one step.

        None where nothing of a case is armed and due under this id.

        Raises:
            NotFound, Recused, NotAllowed: As `case` says.
        """
        found = claim_due_of_case(self.session, due_id, self.now())
        if found is not None:
            self.authorise(found[0], Right.ADVANCE)
        return found

    def own(self, table: type[Owned], row_id: str, *, lock: bool = False) -> Owned:
        """Load a row of the actor's authority; no other right to it is looked at.

        Args:
            table: Which rows; those of a case are loaded by `case`.
            row_id: Hostile.
            lock: For a command that changes it.

        Raises:
            NotFound: There is none, or it is another authority's.
        """
        row = self.session.get(table, row_id, with_for_update=lock or None)
        if row is None or row.authority_id != self.actor.authority_id:
            raise NotFound(row_id)
        return row

    def authorise(self, case: CaseRow, may: Right) -> Standing:
        """Check that the actor has a right to `case` and return the standing.

        A recusal keeps somebody from handling the case, never from what is one's own
        in it as subject or reporter.

        Raises:
            NotFound, Recused, NotAllowed: As `case` says.
        """
        standing = self.standing(case)
        if standing.relations.isdisjoint(VISIBLE_TO):
            raise NotFound(case.id)
        if standing.recusal and not permits(may, standing.relations & OUTSIDERS):
            raise Recused(f"recusal.{standing.recusal}", rule="S0篇1§14", case=case.number)
        if not permits(may, standing.relations):
            raise NotAllowed("case.not_allowed", case=case.number, right=may.value)
        return standing

    def standing(self, case: CaseRow, person_id: str = "") -> Standing:
        """Return what the actor, or another person, is to `case` now.

        The actor's is kept for the command; `forget_standing` after it changed.
        """
        if person_id and person_id != self.actor.person_id:
            return self._standing_of(person_id, case, self.today())
        if self.actor.is_system:
            return Standing(frozenset({Relation.SYSTEM}), frozenset(), frozenset(), "")
        if case.id not in self._standings:
            day = self.calendar(case.authority_id).day_of(self.now())
            self._standings[case.id] = self._standing_of(self.actor.person_id, case, day)
        return self._standings[case.id]

    def _standing_of(self, person_id: str, case: CaseRow, day: date) -> Standing:
        rules = self.version(case).rules
        return standing_of(
            self.session,
            person_id,
            case,
            rules.roles,
            day,
            deputies_vote=rules.deputy_votes is DeputyVotes.ALLOWED,
        )

    def forget_standing(self, case: CaseRow) -> None:
        """Read the actor's standing anew the next time it is asked for."""
        self._standings.pop(case.id, None)

    def roles_held(self) -> frozenset[str]:
        """Return the roles of the posts that the actor holds today at the authority."""
        _, posts = principals_on(self.session, self.actor.person_id, self.today())
        return frozenset(
            post.role for post in posts if post.authority_id == self.actor.authority_id
        )

    def require_admin(self) -> None:
        """Check that the actor administers the platform of the authority.

        Raises:
            NotAllowed: It is somebody else.
        """
        if not (self.actor.is_admin or self.actor.is_system):
            raise NotAllowed("platform.not_admin")

    def record(self, case: CaseRow | None, fact: Fact, **details: Any) -> None:
        """Put a fact on the record, in this transaction.

        A case's facts go into its own chain; the platform's into the chain of the
        authority and day. Nothing confidential goes into `details`; of personal
        content only `seal`'s digest.
        """
        authority_id = case.authority_id if case is not None else self.actor.authority_id
        record.append(
            self.session,
            record.stream_of_case(case.id) if case is not None else self._platform_stream(),
            authority_id=authority_id,
            case_id=case.id if case is not None else None,
            recorded_at=self.now(),
            actor=self.actor.person_id,
            fact=fact.value,
            details=details,
        )

    def write(self) -> None:
        """Write all that the command has done so far: revisions then stand as they will."""
        record.write_entries(self.session)

    def hold_record(self) -> None:
        """Lock the authority's chain of the day, as an entry of the platform's does later.

        Who holds one lock first and the other then, and who does it the other way round, would
        wait for each other: this is the one lock of whoever changes how an authority works.
        """
        record.hold(self.session, self._platform_stream(), self.actor.authority_id)

    def hold_records(self, cases: Iterable[CaseRow]) -> None:
        """Lock the chains of several cases in one question, ahead of their next entries."""
        record.hold_together(self.session, [record.stream_of_case(case.id) for case in cases])

    def _platform_stream(self) -> str:
        """Return the chain of the actor's civil day; in UTC where the platform acts for nobody."""
        day = self.today() if self.actor.authority_id else self.now().date()
        return record.stream_of_authority(self.actor.authority_id, day)

    def notify(
        self,
        person_id: str,
        key: str,
        text: Mapping[str, object],
        case: CaseRow | None = None,
        *,
        step: object = "",
        due: object = "",
    ) -> Notice:
        """Put a short notice on a person's page, and on its way by what else the person wishes.

        Args:
            person_id: Whom.
            key: What happened; its kind of event follows from it.
            text: In zh and en, nothing secret; stays on the pages.
            case: What it is about.
            step: The title of a step or a deadline; may go out by other channels.
            due: The last day; may go out as well.
        """
        event = event_of(key)
        about: dict[str, object] = {}
        if event in STEPS:
            about = {name: str(value) for name, value in (("step", step), ("due", due)) if value}
        notice = Notice(
            authority_id=case.authority_id if case is not None else self.actor.authority_id,
            case_id=case.id if case is not None else None,
            person_id=person_id,
            key=key,
            text=dict(text),
            event=event.value,
            about=about,
            sent_at=self.now(),
        )
        add_later(self.session, notice)
        if self.office.channels is not None:
            plan(self, notice)
        return notice

    def enqueue(
        self, kind: str, key: str, payload: Mapping[str, Any], *, not_before: datetime | None = None
    ) -> None:
        """Send a side effect on its way, after this transaction has committed."""
        self.office.jobs.enqueue(self.session, kind, key, payload, not_before=not_before)
