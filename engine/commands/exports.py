"""Take out a ledger or a case's file (导出): ordered with a reason, made by a job, kept a while.

Whoever ordered it is whose rights count, when it is made and again when it is fetched. The
order and each fetch stand on the access record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from engine.desk import Actor, Desk, Fact, Office, Right, system_actor
from engine.desk.conflicts import bar_conflicts
from engine.desk.reasons import reason_for_looking
from engine.desk.settings import setting
from engine.desk.views.counting import LONGEST
from engine.desk.views.ledger import read_choice, written_choice
from engine.desk.views.oversight import must_oversee
from engine.errors import Fault, NotAllowed, NotFound, Refusal
from engine.model.settings import SettingKey
from engine.store.access import note_look
from engine.store.holding import still_needed
from engine.store.tables import Account, CaseRow, Export

if TYPE_CHECKING:
    from engine.store.outbox import Job

KIND, END = "export", "export_end"
"""The kinds of the outbox jobs: one makes the file, one forgets it."""

LEDGER, FILE_PDF, FILE_ZIP = "ledger", "file_pdf", "file_zip"
STATISTICS = "statistics"
OF_A_CASE = (FILE_PDF, FILE_ZIP)
RUNNING, STOPPED, READY, FAILED, ENDED = "running", "stopped", "ready", "failed", "ended"
SOURCE = "SUP-001"


def order_ledger(
    desk: Desk, chosen: Mapping[str, str], *, reason: str, language: str = "zh"
) -> Export:
    """Order the ledger of cases as .xlsx, with the filters and columns chosen.

    Args:
        desk: Of somebody who holds a post.
        chosen: The parts of the ledger's address, as `written_choice` gives them; hostile.
        reason: Why it is taken out, 4 to 400 characters; on the access record.
        language: Of the titles and words in it, zh or en.

    Raises:
        NotAllowed: The actor holds no post at the authority.
        Refusal: The reason is missing or too long, the choice is none, or three run already.

    Source: operations (台账); SUP-001; proposed.
    """
    if not desk.roles_held():
        raise NotAllowed("export.no_post", rule=SOURCE)
    try:
        choice = read_choice(chosen)
    except ValueError as error:
        raise Refusal("export.choice", rule=SOURCE) from error
    kept = {**written_choice(choice), "columns": ",".join(choice.columns)}
    return _order(desk, LEDGER, None, reason, chosen=kept, language=language)


def order_statistics(
    desk: Desk, since: date, until: date, *, reason: str, language: str = "zh"
) -> Export:
    """Order the authority's figures for a period as .xlsx.

    Args:
        desk: Of a supervision officer or an administrator.
        since: The first day.
        until: The last day.
        reason: Why they are taken out, 4 to 400 characters; on the access record.
        language: Of the words in it, zh or en.

    Raises:
        NotAllowed: It is somebody else.
        Refusal: The reason is missing or too long, the period is none, or three run already.

    Source: SUP-060; SUP-001; proposed.
    """
    must_oversee(desk)
    if until < since or until - since > LONGEST:
        raise Refusal("statistics.period", rule=SOURCE, longest=LONGEST.days)
    kept = {"since": since.isoformat(), "until": until.isoformat()}
    return _order(desk, STATISTICS, None, reason, chosen=kept, language=language)


def order_case_file(desk: Desk, case_id: str, kind: str, *, reason: str) -> Export:
    """Order the whole file of a case: bound as one PDF, or packed as a zip with digests.

    Args:
        desk: Of somebody who sees the file.
        case_id: The case.
        kind: ``file_pdf`` or ``file_zip``.
        reason: Why it is taken out, 4 to 400 characters; on the access record and the case's.

    Raises:
        NotFound, Recused, NotAllowed: As `Desk.case` says.
        Refusal: The reason is missing or too long, the kind is none, or three run already.

    Source: operations (案卷); SUP-001, SUP-016; proposed.
    """
    case = desk.case(case_id, may=Right.SEE_FILE)
    bar_conflicts(desk, case, desk.actor.person_id)
    if kind not in OF_A_CASE:
        raise Refusal("export.choice", rule=SOURCE)
    export = _order(desk, kind, case, reason)
    desk.record(case, Fact.EXPORT_ORDERED, export=export.id, kind=kind, reason=export.reason)
    return export


def stop_export(desk: Desk, export_id: str) -> Export:
    """Stop making something that one has ordered.

    Raises:
        NotFound: The actor ordered none such.
        Refusal: It is not being made any more.
    """
    row = _own(desk, export_id)
    if row.state != RUNNING:
        raise Refusal("export.over", rule=SOURCE)
    row.state, row.ended_at = STOPPED, desk.now()
    desk.record(None, Fact.EXPORT_STOPPED, export=row.id, kind=row.kind)
    return row


def open_export(desk: Desk, export_id: str) -> tuple[Export, bytes]:
    """Return what one has ordered, once it is made and until it ends; the look is recorded.

    Raises:
        NotFound: The actor ordered none such, or may not know of the case any more.
        Recused, NotAllowed: The actor may not see the case's file any more.
        Refusal: It is not made yet, or not kept any more.
        Fault: The stored bytes no longer have their digest.
    """
    row = _own(desk, export_id)
    if row.state != READY or row.ends_at is None or desk.now() >= row.ends_at:
        raise Refusal("export.gone" if row.state != RUNNING else "export.not_yet", rule=SOURCE)
    if row.case_id is not None:
        case = desk.session.get_one(CaseRow, row.case_id)
        desk.authorise(case, Right.SEE_FILE)
        bar_conflicts(desk, case, desk.actor.person_id)
    _note(desk, row, "fetched")
    return row, desk.office.files.get(row.digest)


def note_export_progress(desk: Desk, export_id: str, done: int, total: int) -> bool:
    """Keep how far it is; return whether it is still wanted.

    Raises:
        NotFound: The actor ordered none such.
    """
    row = _own(desk, export_id)
    if row.state != RUNNING:
        return False
    row.done, row.total = done, total
    return True


def keep_export(desk: Desk, export_id: str, digest: str, size: int, name: str) -> None:
    """Keep what was made, until the time is over; nothing if it was stopped meanwhile.

    Args:
        desk: Of whoever ordered it.
        export_id: The order.
        digest: SHA-256 of the stored bytes.
        size: Bytes.
        name: What the file is called.

    Raises:
        NotFound: The actor ordered none such.
    """
    row = _own(desk, export_id)
    if row.state != RUNNING:
        return
    row.state, row.digest, row.size, row.name = READY, digest, size, name
    kept = timedelta(hours=setting(desk, SettingKey.EXPORT_HOURS))
    row.done, row.ended_at, row.ends_at = row.total, desk.now(), desk.now() + kept
    desk.record(None, Fact.EXPORT_READY, export=row.id, kind=row.kind, sha256=digest)
    desk.enqueue(END, f"export_end:{row.id}", {"export": row.id}, not_before=row.ends_at)


def fail_export(desk: Desk, export_id: str) -> None:
    """Say that it could not be made: a right has gone, or there is too much.

    Raises:
        NotFound: The actor ordered none such.
    """
    row = _own(desk, export_id)
    if row.state == RUNNING:
        row.state, row.ended_at = FAILED, desk.now()


def end_export(desk: Desk, export_id: str) -> str:
    """End what is kept no longer; return the digest of bytes that nothing else needs, or "".

    The platform gives this command when the time is over.

    Raises:
        NotAllowed: Somebody else gives it.
        Fault: There is none such.
    """
    if not desk.actor.is_system:
        raise NotAllowed("export.not_platform")
    row = desk.session.get(Export, export_id, with_for_update=True)
    if row is None:
        raise Fault(f"there is no export {export_id}")
    if row.state != READY or row.ends_at is None or desk.now() < row.ends_at:
        return ""
    digest, row.digest, row.state = row.digest, "", ENDED
    desk.session.flush()
    return "" if still_needed(desk.session, [digest]) else digest


def forget_export(office: Office, job: Job) -> None:
    """Do a job of kind ``export_end``: end an export, and forget its bytes."""
    with office.database.reading() as session:
        row = session.get(Export, str(job.payload["export"]))
    if row is None:
        raise Fault(f"there is no export {job.payload['export']}")
    digest = office.give(system_actor(row.authority_id), end_export, row.id)
    if digest:
        office.files.drop(digest)


def ordered(office: Office, export_id: str) -> tuple[Actor, Export] | None:
    """Return an order that is to be carried out, and who ordered it; None once it is not.

    Raises:
        Fault: There is none such.
    """
    with office.database.reading() as session:
        row = session.get(Export, export_id)
        if row is None:
            raise Fault(f"there is no export {export_id}")
        account = session.get(Account, row.account_id)
        if account is None or not account.is_active or row.state != RUNNING:
            return None
        session.expunge(row)
        actor = Actor(row.ordered_by, row.authority_id, account.id, is_admin=account.is_admin)
        return actor, row


def _order(
    desk: Desk,
    kind: str,
    case: CaseRow | None,
    reason: str,
    *,
    chosen: Mapping[str, str] | None = None,
    language: str = "zh",
) -> Export:
    said = reason_for_looking(reason, "export.reason", rule=SOURCE)
    running = desk.session.scalar(
        sa.select(sa.func.count())
        .select_from(Export)
        .where(Export.ordered_by == desk.actor.person_id, Export.state == RUNNING)
    )
    most = setting(desk, SettingKey.EXPORTS_AT_ONCE)
    if (running or 0) >= most:
        raise Refusal("export.busy", rule=SOURCE, most=most)
    row = Export(
        authority_id=desk.actor.authority_id,
        kind=kind,
        case_id=case.id if case is not None else None,
        chosen=dict(chosen or {}),
        reason=said,
        language="en" if language == "en" else "zh",
        ordered_by=desk.actor.person_id,
        account_id=desk.actor.account_id,
        ordered_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    _note(desk, row, said)
    if case is None:
        desk.record(None, Fact.EXPORT_ORDERED, export=row.id, kind=kind, reason=said)
    desk.enqueue(KIND, f"export:{row.id}", {"export": row.id})
    return row


def _own(desk: Desk, export_id: str) -> Export:
    row = desk.session.get(Export, export_id, with_for_update=True)
    if row is None or row.ordered_by != desk.actor.person_id:
        raise NotFound(export_id)
    return row


def _note(desk: Desk, row: Export, reason: str) -> None:
    note_look(
        desk.session,
        authority_id=row.authority_id,
        case_id=row.case_id,
        person_id=desk.actor.person_id,
        what="export",
        ref=f"{row.kind}:{row.id}",
        reason=reason,
        at=desk.now(),
    )
