"""An office: everything that lives as long as the process, and gives out desks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError

from engine.desk.desk import Actor, Desk
from engine.desk.facts import Fact
from engine.errors import ConcurrentChange, Refusal, StepFault
from engine.store.calendars import calendar_version, load_calendar
from engine.store.tables import CaseRow, Incident, WorkItemRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from engine.clock import Clock
    from engine.documents.typeset import Typesetter
    from engine.model.calendars import WorkingCalendar
    from engine.ports import Files, Jobs
    from engine.store.database import Database
    from engine.vault import Vault
    from engine.workflow import VersionLibrary

P = ParamSpec("P")
T = TypeVar("T")

RETRIES = 5
SERIALISATION = {"40001", "40P01"}


class Hook(Protocol):
    """Looks on at the moments of a command; tests inject faults here."""

    def __call__(self, moment: str, command: str) -> None:
        """See `moment`: ``before_commit`` or ``after_commit``."""
        ...


class Office:
    """Gives each command a desk of its own: one command, one transaction, one record."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        jobs: Jobs,
        files: Files,
        vault: Vault,
        versions: VersionLibrary,
        typesetter: Typesetter,
        kind: str = "real",
        hook: Hook | None = None,
    ) -> None:
        """Furnish an office; `kind` is what its database was born as."""
        self.database = database
        self.clock = clock
        self.jobs = jobs
        self.files = files
        self.vault = vault
        self.versions = versions
        self.typesetter = typesetter
        self.kind = kind
        self.hook = hook
        self._calendars: dict[tuple[str, int], WorkingCalendar] = {}

    def give(
        self,
        actor: Actor,
        command: Callable[Concatenate[Desk, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Give a command: commit on success, roll back on any error.

        A refusal is recorded in a transaction of its own and raised again. A
        serialisation failure or deadlock of the database is tried again.

        Raises:
            Refusal: The rules do not permit it.
            ConcurrentChange: Somebody else changed the same thing meanwhile.
        """
        name = command.__name__
        for attempt in range(RETRIES):
            try:
                with self.database.begin() as session:
                    desk = Desk(session, actor, self)
                    result = command(desk, *args, **kwargs)
                    session.flush()
                    self._look_on("before_commit", name)
                self._look_on("after_commit", name)
                for action in desk.on_commit:
                    action()
            except Refusal as refusal:
                self._record_refusal(actor, name, refusal, args)
                raise
            except StepFault as fault:
                self._record_incident(actor, fault)
                raise
            except StaleDataError as stale:
                raise ConcurrentChange("row.changed", command=name) from stale
            except OperationalError as error:
                if (
                    getattr(error.orig, "sqlstate", "") not in SERIALISATION
                    or attempt + 1 == RETRIES
                ):
                    raise
            else:
                return result
        raise AssertionError("unreachable")

    def ask(
        self,
        actor: Actor,
        query: Callable[Concatenate[Desk, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Ask a query: a desk whose session only reads and is rolled back."""
        with self.database.reading() as session:
            return query(Desk(session, actor, self), *args, **kwargs)

    def calendar(self, session: Session, authority_id: str) -> WorkingCalendar:
        """Return an authority's calendar, read anew only when it has changed."""
        key = (authority_id, calendar_version(session, authority_id))
        found = self._calendars.get(key)
        if found is None:
            found = self._calendars[key] = load_calendar(session, authority_id)
        return found

    def _look_on(self, moment: str, command: str) -> None:
        if self.hook is not None:
            self.hook(moment, command)

    def _record_refusal(
        self, actor: Actor, command: str, refusal: Refusal, args: tuple[object, ...]
    ) -> None:
        """Record a refusal, in the chain of its case where the first argument names it."""
        with self.database.begin() as session:
            desk = Desk(session, actor, self)
            case = None
            if args and isinstance(args[0], str):
                item = session.get(WorkItemRow, args[0])
                case_id = args[0] if item is None else item.case_id
                case = session.get(CaseRow, case_id, with_for_update=True)
            desk.record(
                case,
                Fact.REFUSED,
                command=command,
                message=refusal.message_id,
                rule=refusal.rule,
                params={key: str(value) for key, value in refusal.params.items()},
            )

    def _record_incident(self, actor: Actor, fault: StepFault) -> None:
        """Put a failed step before the administrators, once, while the case waits."""
        with self.database.begin() as session:
            case = session.get(CaseRow, fault.case_id, with_for_update=True)
            if case is None:
                return  # the case was being opened and has gone with the transaction
            known = session.scalar(
                sa.select(Incident.id).where(
                    Incident.case_id == case.id,
                    Incident.element == fault.element,
                    Incident.resolved_at.is_(None),
                )
            )
            if known is None:
                reason: dict[str, object] = {"zh": fault.zh, "en": fault.en}
                session.add(
                    Incident(
                        authority_id=case.authority_id,
                        case_id=case.id,
                        element=fault.element,
                        kind="step",
                        reason=reason,
                        happened_at=self.clock.now(),
                    )
                )
                Desk(session, actor, self).record(
                    case, Fact.INCIDENT_RAISED, element=fault.element, kind="step", reason=reason
                )
