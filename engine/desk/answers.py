"""Answers on their way from a form into the case: checked, sealed, kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bpmn import feel
from engine.desk.desk import Desk
from engine.desk.form_context import form_variables
from engine.desk.values import plain
from engine.errors import Refusal
from engine.store import record
from engine.store.tables import Answers, CaseRow
from engine.store.waiting import add_later
from engine.workflow import Form, LoadedVersion, Secret

SALT = "$salt"
"""The key under which answers keep the salt of their digest in the record."""


def checked(
    desk: Desk,
    version: LoadedVersion,
    case: CaseRow,
    form: Form | None,
    data: Mapping[str, Any],
    *,
    variables: Mapping[str, Any],
    environment: feel.Environment,
    is_open: bool = True,
) -> dict[str, Any]:
    """Return what a form takes from `data`, confidential values sealed into the vault.

    Without a form there are no answers.

    Args:
        is_open: The case's row is already in the database.

    Raises:
        AnswersRefused: With the errors of each field.
    """
    if form is None:
        return {}
    passed = form.check(
        data,
        variables=form_variables(desk, version, form, variables, case if is_open else None),
        environment=environment,
        today=desk.calendar(case.authority_id).day_of(desk.now()),
    )

    def put(secret: Secret) -> object:
        return desk.office.vault.put(
            desk.session,
            authority_id=case.authority_id,
            case_id=case.id,
            field=".".join(str(part) for part in secret.path),
            kind=secret.field,
            value=secret.value,
            at=desk.now(),
        )

    return passed.sealed(put)


def keep_answers(
    desk: Desk,
    case: CaseRow,
    data: Mapping[str, Any],
    *,
    form: str,
    happened_on: date,
    work_item_id: str | None = None,
    filing: str = "",
    filed_for: str | None = None,
    proof: str = "",
) -> tuple[Answers, str]:
    """Keep answers and return them with their salted digest, for the record.

    The salt stays with the content: once both are destroyed nobody can guess the
    content from the digest.
    """
    kept = plain(dict(data))
    salt, digest = record.seal(kept)
    row = Answers(
        authority_id=case.authority_id,
        case_id=case.id,
        work_item_id=work_item_id,
        filing=filing,
        form=form,
        data={**kept, SALT: salt},
        given_by=desk.actor.person_id,
        filed_for=filed_for,
        happened_on=happened_on,
        proof=proof,
        recorded_at=desk.now(),
    )
    add_later(desk.session, row)
    return row, digest


def must_not_lie_ahead(desk: Desk, case: CaseRow, day: date) -> None:
    """Refuse a day of a fact that has not come yet.

    Source: design.md §4: facts have two times; proposed.
    """
    today = desk.calendar(case.authority_id).day_of(desk.now())
    if day > today:
        raise Refusal("fact.in_future", day=day.isoformat(), today=today.isoformat())
