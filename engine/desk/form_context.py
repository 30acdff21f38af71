"""What a form may read: the variables in scope, and the choices that the engine supplies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.holders import SUBJECT, holding, participants
from engine.store.tables import CaseRow, PersonRow, UnitRow
from engine.workflow import Form, LoadedVersion

Option = dict[str, str]
"""``label`` and ``value`` of one choice."""

REGISTER = "register"
"""The property `person` of a field that offers everybody at the authority, whatever they hold."""


def form_variables(
    desk: Desk,
    version: LoadedVersion,
    form: Form | None,
    variables: Mapping[str, Any],
    case: CaseRow | None = None,
    *,
    language: str = "zh",
) -> dict[str, Any]:
    """Return the variables of a form with the choices that it names by `valuesKey`.

    A field with the property `person` gets the people who hold that role today, or
    have it in the case; ``people_subject`` before a case is there, and ``people_register``
    at any time, is everybody in the register.
    `allowed_measures_options`, `measures_options` and `tiers_options` follow the
    procedure's order.

    Args:
        desk: Of a command or query.
        version: The procedure's.
        form: None gives the variables alone.
        variables: What the step sees.
        case: None before it is opened.
        language: Of the labels.
    """
    given = dict(variables)
    if form is None:
        return given
    rules = version.rules
    allowed = variables.get("allowed_measures")
    codes = [str(one) for one in allowed] if isinstance(allowed, list | tuple) else []
    every = [
        {"label": measure.title.say(language), "value": str(measure.code)}
        for measure in rules.measures.values()
    ]
    given["measures_options"] = every
    given["allowed_measures_options"] = [one for one in every if one["value"] in codes]
    given["tiers_options"] = [{"label": tier, "value": tier} for tier in rules.tiers]
    given["channels_options"] = [
        {"label": channel.title.say(language), "value": channel.code}
        for channel in rules.channels.values()
    ]
    for field in form.fields():
        role = (field.get("properties") or {}).get("person")
        if role:
            key = str(field.get("valuesKey") or f"people_{role}")
            given[key] = people_options(desk, str(role), case)
    return given


def people_options(desk: Desk, role: str, case: CaseRow | None) -> list[Option]:
    """Return the people who may be chosen for a role, by name."""
    authority_id = case.authority_id if case is not None else desk.actor.authority_id
    query = (
        sa.select(PersonRow.id, PersonRow.name, PersonRow.title, UnitRow.name.label("unit"))
        .outerjoin(UnitRow, UnitRow.id == PersonRow.unit_id)
        .where(PersonRow.authority_id == authority_id)
        .order_by(PersonRow.name, PersonRow.id)
    )
    if role != REGISTER and (role != SUBJECT or case is not None):
        people = set(holding(desk, f"r:{authority_id}:{role}"))
        if case is not None:
            people |= set(participants(desk, case, role))
        query = query.where(PersonRow.id.in_(people))
    return [
        {
            "label": "，".join(part for part in (row.name, row.unit, row.title) if part),
            "value": row.id,
        }
        for row in desk.session.execute(query)
    ]
