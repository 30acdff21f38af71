"""Try, propose or decide the migration of many cases at once: a batch, case by case.

Each case is done in a transaction of its own, with its own result; a batch can be stopped, and
one whose worker died goes on with the next case.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.commands.batches import Entry, order
from engine.commands.migrate_case import MigrationRefused, fitting, running_in
from engine.desk import Desk
from engine.desk.settings import reasons_stated
from engine.desk.views.operating import migrations_proposed
from engine.store.tables import Batch

MOST = 10_000


def try_migrations(
    desk: Desk, from_version_id: str, to_version_id: str, mapping: Mapping[str, str]
) -> Batch:
    """Look for every running case of a version whether it could go into another; changes none.

    Args:
        desk: Of an administrator.
        from_version_id: The version that the cases run in.
        to_version_id: Another one of the same procedure, published.
        mapping: The new id of each element or flow whose id changed.

    Raises:
        NotAllowed: The actor does not administer the platform.
        NotFound: The authority has no such version.
        MigrationRefused: The versions or the mapping do not fit, or no case or more than
            10,000 run.
    """
    given = {"to": to_version_id, "mapping": dict(mapping)}
    entries = _running(desk, from_version_id, to_version_id, mapping)
    return order(desk, "migration_try", entries, given)


def propose_migrations(
    desk: Desk,
    from_version_id: str,
    to_version_id: str,
    mapping: Mapping[str, str],
    *,
    reasons: str,
) -> Batch:
    """Propose for every running case of a version that it go into another one.

    What stands in the way of one is its result; another administrator decides on the others.

    Raises:
        NotAllowed, NotFound, MigrationRefused: As `try_migrations` says.
        Refusal: The reasons are missing or too long.
    """
    stated = reasons_stated(reasons)
    given = {"to": to_version_id, "mapping": dict(mapping), "reasons": stated}
    entries = _running(desk, from_version_id, to_version_id, mapping)
    return order(desk, "migration_propose", entries, given)


def decide_migrations(desk: Desk, *, granted: bool, reasons: str) -> Batch:
    """Decide on every migration that another administrator has proposed and that waits.

    Raises:
        NotAllowed: The actor is no administrator.
        MigrationRefused: None waits, or more than 10,000 do.
        Refusal: The reasons are missing or too long.
    """
    stated = reasons_stated(reasons)
    waiting = [one for one in migrations_proposed(desk) if not one.is_own]
    entries = [Entry(one.case_number, case_id=one.case_id) for one in waiting]
    _must_be_some(entries)
    return order(desk, "migration_decide", entries, {"granted": granted, "reasons": stated})


def _running(
    desk: Desk, from_version_id: str, to_version_id: str, mapping: Mapping[str, str]
) -> list[Entry]:
    desk.require_admin()
    version = fitting(desk, from_version_id, to_version_id, mapping)
    entries = [Entry(number, case_id=case_id) for case_id, number in running_in(desk, version)]
    _must_be_some(entries)
    return entries


def _must_be_some(entries: list[Entry]) -> None:
    if not 0 < len(entries) <= MOST:
        raise MigrationRefused("migration.how_many", most=MOST, count=len(entries))
