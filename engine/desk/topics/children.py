"""Topics `wenze.open-case` and `wenze.await-children`: a case opens others and waits for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpmn
from bpmn import feel
from engine.desk.desk import Desk
from engine.desk.form_context import form_variables
from engine.desk.linking import (
    OPEN_CHILD,
    RELATED,
    UNTIL,
    are_far_enough,
    as_variable,
    ask_for_child,
    children_of,
)
from engine.desk.values import plain
from engine.errors import Refusal, StepFault
from engine.store.tables import CaseRow, PersonRow
from engine.store.versions import version_in_force
from engine.workflow import LoadedVersion

MOST_CHILDREN = 100
"""How many children one step may open."""
SOURCE = "S0篇5§13"
SUBJECT_ID = "subject_id"
"""The field of a start form that names the person in question; filled in by itself."""


def open_children(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Open a child case for each subject; the answers are checked now, by the child's form.

    Source: S0篇5§13; procedures C25.
    """
    procedure = item.properties.get("procedure") or case.procedure
    relation = item.properties.get("relation") or RELATED
    stated = _value(desk, case, item, variables, "subject_from")
    answers = _value(desk, case, item, variables, "answers") or {}
    wanted = stated if isinstance(stated, list) else [stated]
    if len(wanted) > MOST_CHILDREN:
        raise Refusal("linked.too_many", rule=SOURCE, most=MOST_CHILDREN, count=len(wanted))
    version = _in_force(desk, case, procedure)
    rows = []
    for number, one in enumerate(wanted, start=1):
        own, its_relation = (
            (one.get("answers"), one.get("relation")) if isinstance(one, Mapping) else (None, None)
        )
        subject_id = _person(desk, case, one)
        rows.append(
            ask_for_child(
                desk,
                case,
                f"{OPEN_CHILD}:{case.id}:{item.id}:{number}",
                element=item.element,
                procedure=procedure,
                relation=str(its_relation or relation),
                subject_id=subject_id,
                answers=_passed(desk, version, {**answers, **(own or {})}, subject_id),
            )
        )
    found = {"children": as_variable(children_of(desk, case))}
    into = item.properties.get("into")
    if into:
        found[into] = [
            {
                "id": row.child_id,
                "procedure": row.procedure,
                "relation": row.relation,
                "subject_id": row.subject_id,
            }
            for row in rows
        ]
    return found


def await_children(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Go on once the children are far enough; wait until then.

    Source: procedures P15: 汇合; C25.
    """
    stated = item.properties.get("relation", "")
    relations = frozenset(one.strip() for one in stated.split(";") if one.strip())
    until = item.properties.get("until") or UNTIL[-1]
    if until not in UNTIL:
        raise StepFault(
            case.id,
            item.element,
            f"until 应是 {'、'.join(UNTIL)} 之一，现在是“{until}”。",
            f"`until` is one of {', '.join(UNTIL)}, not {until!r}.",
        )
    return {} if are_far_enough(children_of(desk, case), relations, until) else None


def _value(
    desk: Desk, case: CaseRow, item: bpmn.Item, variables: Mapping[str, Any], name: str
) -> Any:
    """Return what a property says, as a value and not as the text that pages show."""
    definition = desk.version(case).definition
    text = definition.elements[item.process, item.element].properties.get(name, "")
    if not text.startswith("="):
        return text or None
    environment = feel.Environment(
        now=desk.office.clock.now, zone=desk.calendar(case.authority_id).zone
    )
    try:
        expression = feel.compile_expression(text[1:], names=frozenset(variables))
        return plain(expression.evaluate(dict(variables), environment))
    except feel.FeelError as error:
        raise StepFault(
            case.id,
            item.element,
            f"属性 {name} 的“{text}”无法计算：{error}",
            f"The property {name} {text!r} fails: {error}",
        ) from error


def _in_force(desk: Desk, case: CaseRow, procedure: str) -> LoadedVersion:
    today = desk.calendar(case.authority_id).day_of(desk.now())
    row = version_in_force(desk.session, case.authority_id, procedure, today)
    version = desk.office.versions.get(desk.session, row.id) if row is not None else None
    if version is None or version.rules.start is None:
        raise Refusal("linked.no_procedure", rule=SOURCE, procedure=procedure)
    return version


def _person(desk: Desk, case: CaseRow, stated: object) -> str:
    """Return the id of the person in question, who is in the register of the same authority."""
    person_id = stated.get("id") if isinstance(stated, Mapping) else stated
    if not person_id:
        return ""
    person = desk.session.get(PersonRow, str(person_id))
    if person is None or person.authority_id != case.authority_id:
        raise Refusal("linked.no_person", rule=SOURCE, person=str(person_id))
    return person.id


def _passed(
    desk: Desk, version: LoadedVersion, answers: Mapping[str, Any], subject_id: str
) -> Mapping[str, Any]:
    """Return the answers of the child's start form, if the form lets them pass."""
    start = version.rules.start
    form = version.form(version.definition.process_id, start.form) if start else None
    if form is None:
        return {}
    given = dict(answers)
    if subject_id and any(field["key"] == SUBJECT_ID for field in form.fields()):
        given.setdefault(SUBJECT_ID, subject_id)
    base = {"parameters": dict(version.parameters), "switches": dict(version.switches)}
    form.check(
        given,
        variables=form_variables(desk, version, form, {**version.rules.variables, **base}, None),
        environment=feel.Environment(now=desk.office.clock.now, zone=desk.calendar().zone),
        today=desk.today(),
    )
    return given
