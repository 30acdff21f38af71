"""An office: everything that lives as long as the process, and gives out desks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from engine.desk.desk import Actor, Desk
from engine.desk.deviations import note_attempt
from engine.desk.facts import Fact
from engine.errors import ConcurrentChange, NotAllowed, Refusal, StepFault
from engine.store import record
from engine.store.calendars import calendar_version, is_changed, load_calendar
from engine.store.retrying import OUTWARD_LASTS
from engine.store.tables import (
    Attachment,
    CaseRow,
    Deviation,
    DocumentRow,
    ExtensionRequest,
    Incident,
    Motion,
    Recusal,
    SignatureRequest,
    WorkItemRow,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    import bpmn
    from engine.clock import Clock
    from engine.documents.typeset import Typesetter
    from engine.model.calendars import WorkingCalendar
    from engine.ports import Channels, Files, Jobs, Seals, Tracer
    from engine.store.database import Database
    from engine.vault import RecordKey, Vault
    from engine.workflow import VersionLibrary

P = ParamSpec("P")
T = TypeVar("T")

RETRIES = 5
ID_LENGTH = 36
CONTENTION = frozenset({"40001", "40P01", "23505"})
"""PostgreSQL's codes for a serialisation failure, a deadlock, and a key that somebody else
took first: the row is there when the command runs again."""


_OfACase = (
    type[WorkItemRow]
    | type[Motion]
    | type[Recusal]
    | type[ExtensionRequest]
    | type[DocumentRow]
    | type[Attachment]
    | type[SignatureRequest]
    | type[Deviation]
)
OF_A_CASE: tuple[_OfACase, ...] = (
    WorkItemRow,
    Motion,
    Recusal,
    ExtensionRequest,
    DocumentRow,
    Attachment,
    SignatureRequest,
    Deviation,
)


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
        seals: Seals | None = None,
        record_key: RecordKey | None = None,
        channels: Channels | None = None,
    ) -> None:
        """Furnish an office; `kind` is what its database was born as.

        Without `record_key` the record is chained, but its heads are never anchored; `seals`
        puts electronic seals on what is to be issued; without `channels` notices stay on pages.
        """
        self.database = database
        self.clock = clock
        self.jobs = jobs
        self.files = files
        self.vault = vault
        self.versions = versions
        self.typesetter = typesetter
        self.kind = kind
        self.hook = hook
        self.seals = seals
        self.record_key = record_key
        self.channels = channels
        self.retries_last = OUTWARD_LASTS
        """Over how long what others have to take is tried before it is given up."""
        self.watch: Callable[[Sequence[bpmn.Trace]], None] | None = None
        """Sees the trace of every step; scenarios learn from it which ways they took."""
        self.tracer: Tracer | None = None
        """Follows commands, queries, jobs and statements where the office wishes so."""
        self._calendars: dict[tuple[str, int], WorkingCalendar] = {}

    def give(
        self,
        actor: Actor,
        command: Callable[Concatenate[Desk, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Give a command: commit on success, roll back on any error.

        A refusal is recorded in a transaction of its own and raised again. What the
        database could not bring together with somebody else's act is tried again.

        Raises:
            Refusal: The rules do not permit it, or a value does not fit its column.
            ConcurrentChange: Somebody else changed the same thing meanwhile.
        """
        if self.tracer is None:
            return self._give(actor, command, args, kwargs)
        with self.tracer.span("command", command.__name__):
            return self._give(actor, command, args, kwargs)

    def _give(
        self,
        actor: Actor,
        command: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> T:
        name = command.__name__
        try:
            return self._run(actor, command, args, kwargs)
        except Refusal as refusal:
            self._run(actor, _record_refusal, (name, refusal, args), {}, watched=False)
            raise
        except StepFault as fault:
            self._run(actor, _record_incident, (fault,), {}, watched=False)
            raise

    def ask(
        self,
        actor: Actor,
        query: Callable[Concatenate[Desk, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Ask a query: a desk whose session only reads and is rolled back."""
        if self.tracer is None:
            with self.database.reading() as session:
                return query(Desk(session, actor, self), *args, **kwargs)
        name = getattr(query, "__name__", type(query).__name__)
        with self.tracer.span("query", name), self.database.reading() as session:
            return query(Desk(session, actor, self), *args, **kwargs)

    def calendar(self, session: Session, authority_id: str) -> WorkingCalendar:
        """Return an authority's calendar, read anew only when it has changed.

        What a transaction has changed and not yet committed is never kept: it may be
        rolled back, and the next change would bear the same version.
        """
        if is_changed(session, authority_id):
            return load_calendar(session, authority_id)
        key = (authority_id, calendar_version(session, authority_id))
        found = self._calendars.get(key)
        if found is None:
            found = self._calendars[key] = load_calendar(session, authority_id)
        return found

    def _run(
        self,
        actor: Actor,
        command: Callable[..., T],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        watched: bool = True,
    ) -> T:
        """Run a command in a transaction, again where the database asks for it."""
        name = command.__name__ if watched else ""
        for attempt in range(RETRIES):
            said = False
            try:
                with self.database.begin() as session:
                    desk = Desk(session, actor, self)
                    result = command(desk, *args, **kwargs)
                    record.write_entries(session)
                    self._look_on("before_commit", name)
                    said = True
                self._look_on("after_commit", name)
                for action in desk.on_commit:
                    action()
            except StaleDataError as stale:
                raise ConcurrentChange("row.changed", command=name) from stale
            except DataError as error:
                raise Refusal("value.unfit", command=name) from error
            except DBAPIError as error:
                again = _may_be_given_again(error, commit_was_said=said)
                if not again or attempt + 1 == RETRIES:
                    raise
            else:
                return result
        raise AssertionError("unreachable")

    def _look_on(self, moment: str, command: str) -> None:
        if self.hook is not None and command:
            self.hook(moment, command)


def _may_be_given_again(error: DBAPIError, *, commit_was_said: bool) -> bool:
    """Return whether a command that the database broke off surely left nothing.

    So it is with contention, and where the connection was gone before COMMIT was said: the
    pool replaces it. A connection lost after that may have committed; nobody gives such a
    command again but a person who has seen what is there.
    """
    if getattr(error.orig, "sqlstate", "") in CONTENTION:
        return True
    return error.connection_invalidated and not commit_was_said


def _record_refusal(desk: Desk, command: str, refusal: Refusal, args: tuple[object, ...]) -> None:
    """Record a refusal, in the chain of its case where the first argument names one."""
    case = None
    case_id = _case_of(desk, args[0]) if args and isinstance(args[0], str) else None
    if case_id is not None:
        case = desk.session.get(CaseRow, case_id, with_for_update=True)
    desk.record(
        case,
        Fact.REFUSED,
        command=command,
        message=refusal.message_id,
        rule=refusal.rule,
        params={key: str(value) for key, value in refusal.params.items()},
    )
    if isinstance(refusal, NotAllowed):
        note_attempt(desk, case, command, refusal)


def _case_of(desk: Desk, row_id: str) -> str | None:
    """Return the case that a row with this id belongs to, or is; None of what is no id."""
    if len(row_id) != ID_LENGTH or not row_id.isascii() or not row_id.isprintable():
        return None
    if desk.session.get(CaseRow, row_id) is not None:
        return row_id
    for table in OF_A_CASE:
        case_id = desk.session.scalar(sa.select(table.case_id).where(table.id == row_id))
        if case_id is not None:
            return case_id
    return None


def _record_incident(desk: Desk, fault: StepFault) -> None:
    """Put a failed step before the administrators, once, while the case waits."""
    case = desk.session.get(CaseRow, fault.case_id, with_for_update=True)
    if case is None:
        return  # the case was being opened and has gone with the transaction
    known = desk.session.scalar(
        sa.select(Incident.id).where(
            Incident.case_id == case.id,
            Incident.element == fault.element,
            Incident.resolved_at.is_(None),
        )
    )
    if known is None:
        reason: dict[str, object] = {"zh": fault.zh, "en": fault.en}
        desk.session.add(
            Incident(
                authority_id=case.authority_id,
                case_id=case.id,
                element=fault.element,
                kind="step",
                reason=reason,
                happened_at=desk.now(),
            )
        )
        desk.record(case, Fact.INCIDENT_RAISED, element=fault.element, kind="step", reason=reason)
