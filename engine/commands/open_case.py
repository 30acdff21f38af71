"""Open a case: register a clue under a procedure, with its number and its clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from bpmn import feel
from engine.desk import Desk, Fact
from engine.desk.advance import start_case
from engine.desk.answers import checked, keep_answers, must_not_lie_ahead
from engine.desk.deadlines import state_fact
from engine.desk.holders import SUBJECT, add_participant
from engine.desk.indexing import index_case
from engine.desk.linking import PARENT, tell_parent
from engine.desk.notices import tell
from engine.desk.reported import SOURCE as REPORTED
from engine.desk.reported import GoesToReported
from engine.desk.values import day_of
from engine.errors import Fault, NotAllowed, NotFound, Refusal
from engine.model.procedure_rules import StartRule
from engine.store.numbering import allot
from engine.store.tables import AuthorityRow, CaseRow, PersonRow, PostRow, UnitRow, new_id
from engine.store.versions import version_in_force
from engine.workflow import Form, LoadedVersion

REPORTER = "reporter"
TRUTHFUL = "truthful_told"
"""The field of a start form by which a reporter acknowledges the duty to report the truth."""
SECRECY = ("public", "internal", "secret")
TITLE_LENGTH = 200


def open_case(
    desk: Desk,
    procedure: str,
    answers: Mapping[str, Any],
    *,
    channel: str = "",
    title: str = "",
    subject_id: str = "",
    reporter_id: str = "",
    secrecy: str = "",
) -> CaseRow:
    """Open a case under the version of `procedure` that is in force today.

    What is not handed in is read from the answers: `channel`, `title`, `subject_id`
    (or `subject`), `reporter_id`, `secrecy`. A reporter who registers is the
    reporter. The number is allotted in this transaction.

    Args:
        desk: Of somebody whom the procedure lets register.
        procedure: The procedure's id.
        answers: To the start form; hostile.
        channel: A code of the procedure's `channels`.
        title: What the case is about, without names of reporters.
        subject_id: The person in question; a person of the register.
        reporter_id: Who reported, if that is a person of the register.
        secrecy: ``public``, ``internal`` or ``secret``; internal if not said.

    Returns:
        The case, with what its diagram did at once.

    Raises:
        NotFound: No version of the procedure is in force, or no such person.
        NotAllowed: The actor may not register here.
        AnswersRefused: The start form is not satisfied.
        Refusal: The channel or level of secrecy is unknown, or the day lies ahead; or a
            reporter has not acknowledged that reports are to be true.
    """
    version = in_force(desk, procedure)
    start = version.rules.start
    if start is None:
        raise Fault(f"{procedure} says nothing about its start")
    is_reporter = _must_register(start, desk.roles_held())
    if is_reporter:
        _must_know_duty(version.form(version.definition.process_id, start.form), answers)
    return register(
        desk,
        version,
        answers,
        channel=channel,
        title=title,
        subject_id=subject_id,
        reporter_id=reporter_id,
        secrecy=secrecy,
        is_reporter=is_reporter,
    )


@dataclass(frozen=True, slots=True)
class Parent:
    """The case that opens another one, as its child is told of it."""

    id: str
    number: str
    procedure: str
    relation: str

    def as_variable(self) -> dict[str, str]:
        """Return it as the child's variable `parent`."""
        return {
            "id": self.id,
            "number": self.number,
            "procedure": self.procedure,
            "relation": self.relation,
        }


def register(
    desk: Desk,
    version: LoadedVersion,
    answers: Mapping[str, Any],
    *,
    channel: str = "",
    title: str = "",
    subject_id: str = "",
    reporter_id: str = "",
    secrecy: str = "",
    is_reporter: bool = False,
    case_id: str = "",
    parent: Parent | None = None,
    variables: Mapping[str, Any] | None = None,
    happened_on: date | None = None,
    more: Mapping[str, Any] | None = None,
) -> CaseRow:
    """Put a case into the register and start it; the caller has looked at who may.

    Args:
        desk: Of the command.
        version: In force.
        answers, channel, title, subject_id, reporter_id, secrecy: As `open_case` says.
        is_reporter: Who registers is the reporter, where nobody else is named.
        case_id: Given before, or empty.
        parent: The case that opens it, or None.
        variables: What the diagram has from the beginning, besides.
        happened_on: The day of the start's fact; that of the answers, or today, without it.
        more: What the record says besides.

    Raises:
        NotFound, AnswersRefused, Refusal, Fault: As `open_case` says.
    """
    start = version.rules.start
    if start is None:
        raise Fault(f"{version.procedure} says nothing about its start")
    authority = desk.session.get_one(AuthorityRow, desk.actor.authority_id)
    case = CaseRow(
        id=case_id or new_id(),
        authority_id=authority.id,
        version_id=version.id,
        procedure=version.procedure,
        number="",
        title="",
        opened_at=desk.now(),
        opened_by=desk.actor.person_id,
        parent_id=parent.id if parent else None,
        relation=parent.relation if parent else "",
    )
    base = variables_of(version, authority)
    form = version.form(version.definition.process_id, start.form)
    given = checked(
        desk,
        version,
        case,
        form,
        answers,
        variables=base,
        environment=feel.Environment(now=desk.office.clock.now, zone=desk.calendar().zone),
        is_open=False,
    )
    case.channel = channel or _text(given, "channel")
    if version.rules.channels and case.channel not in version.rules.channels:
        raise Refusal("case.channel_unknown", channel=case.channel)
    case.secrecy = secrecy or _text(given, "secrecy") or "internal"
    if case.secrecy not in SECRECY:
        raise Refusal("case.secrecy_unknown", secrecy=case.secrecy)
    subject = _person(desk, subject_id or _text(given, "subject_id") or _text(given, "subject"))
    reporter = _person(desk, reporter_id or _text(given, "reporter_id"))
    if reporter is None and is_reporter:
        reporter = _person(desk, desk.actor.person_id)
    _must_not_reach(desk, subject, is_reporter=is_reporter)
    case.title = (title or _text(given, "title") or title_of(version, subject))[:TITLE_LENGTH]
    happened_on = happened_on or day_of(given.get(start.happened)) or desk.today()
    must_not_lie_ahead(desk, case, happened_on)
    give_number(desk, case, version, authority)
    desk.session.add(case)
    desk.session.flush()
    for person, role in ((subject, SUBJECT), (reporter, REPORTER)):
        if person is not None:
            add_participant(desk, case, person.id, role)
    index_case(desk, case)
    _, digest = keep_answers(desk, case, given, form=start.form, happened_on=happened_on)
    desk.record(
        case,
        Fact.CASE_OPENED,
        number=case.number,
        procedure=version.procedure,
        version=version.number,
        channel=case.channel,
        answers=digest,
        **(more or {}),
        **({"parent": parent.id, "relation": parent.relation} if parent else {}),
    )
    if start.fact:
        state_fact(desk, case, start.fact, happened_on=happened_on, variables=given)
    named: dict[str, Any] = {
        "case": {
            "id": case.id,
            "number": case.number,
            "procedure": version.procedure,
            "registered_on": happened_on,
            "channel": case.channel,
        },
        SUBJECT: describe(desk, subject),
    }
    if parent is not None:
        named[PARENT] = parent.as_variable()
    filled = given if form is None else form.filled_up(given, base)
    whole = {**base, **filled, **named, **(variables or {})}
    start_case(desk, case, whole, message=start.message or None)
    tell_parent(desk, case)
    if reporter is not None:
        tell(desk, case, [reporter.id], "case.opened")
    return case


def in_force(desk: Desk, procedure: str) -> LoadedVersion:
    """Return the version that binds a case opened today.

    Raises:
        NotFound: There is none.
    """
    row = version_in_force(desk.session, desk.actor.authority_id, procedure, desk.today())
    if row is None:
        raise NotFound(procedure)
    return desk.office.versions.get(desk.session, row.id)


def _must_register(start: StartRule, held: frozenset[str]) -> bool:
    """Check who registers; return whether it is the reporter in person."""
    roles = {str(role) for role in start.roles}
    if not held.isdisjoint(roles):
        return REPORTER in held and held.isdisjoint(roles - {REPORTER})
    if REPORTER in roles:
        return True
    raise NotAllowed("case.may_not_register", roles=sorted(roles))


def variables_of(version: LoadedVersion, authority: AuthorityRow) -> dict[str, Any]:
    """Return the variables that every case of a version has from the beginning."""
    return {
        **version.rules.variables,
        "authority": {
            "id": authority.id,
            "name": authority.name,
            "short": authority.short_name,
        },
        "policy": dict(version.rules.policy),
        "parameters": dict(version.parameters),
        "switches": dict(version.switches),
    }


def give_number(desk: Desk, case: CaseRow, version: LoadedVersion, authority: AuthorityRow) -> None:
    """Give a new case the next number of its procedure's series."""
    series = version.rules.number
    if series is None:
        case.number = case.id
        return
    allotted = allot(
        desk.session,
        series.rule,
        authority_id=authority.id,
        authority_short=authority.short_name,
        procedure=case.procedure,
        series=series.series,
        year=desk.today().year,
        now=desk.now(),
        case_id=case.id,
        used_for=case.id,
    )
    case.number = allotted.text


def _must_not_reach(desk: Desk, subject: PersonRow | None, *, is_reporter: bool) -> None:
    """Refuse an officer who would register what is reported of oneself. Source: SUP-013."""
    if subject is not None and subject.id == desk.actor.person_id and not is_reporter:
        raise GoesToReported("reported.registering", rule=REPORTED)


def _must_know_duty(form: Form | None, given: Mapping[str, Any]) -> None:
    """Refuse a reporter who has not acknowledged that reports are to be true. Source: SUP-064."""
    keys = {one["key"] for one in form.fields()} if form is not None else set()
    if TRUTHFUL in keys and given.get(TRUTHFUL) is not True:
        raise Refusal("report.not_acknowledged", rule="SUP-064")


def _person(desk: Desk, person_id: str) -> PersonRow | None:
    if not person_id:
        return None
    return desk.own(PersonRow, person_id)


def describe(desk: Desk, person: PersonRow | None) -> dict[str, Any] | None:
    """Return a person as diagrams, tables and documents name one."""
    if person is None:
        return None
    unit = desk.session.get(UnitRow, person.unit_id) if person.unit_id else None
    day = desk.today()
    post = desk.session.scalar(
        sa.select(PostRow.title)
        .where(
            PostRow.person_id == person.id,
            PostRow.title != "",
            PostRow.valid_from <= day,
            sa.or_(PostRow.valid_to.is_(None), PostRow.valid_to >= day),
        )
        .order_by(PostRow.valid_from)
    )
    return {
        "id": person.id,
        "name": person.name,
        "unit": unit.name if unit else "",
        "post": person.title or post or "",
        "level": person.level,
        "status": person.status,
    }


def title_of(version: LoadedVersion, subject: PersonRow | None) -> str:
    """Return the title of a case that was given none."""
    return f"{version.rules.title.zh}：{subject.name}" if subject else version.rules.title.zh


def _text(answers: Mapping[str, Any], key: str) -> str:
    value = answers.get(key)
    return value.strip() if isinstance(value, str) else ""
