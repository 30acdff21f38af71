"""Rehearse a version that nobody has approved: a case that has no effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.commands.open_case import title_of, variables_of
from engine.desk import Desk, Fact
from engine.desk.advance import start_case
from engine.desk.deadlines import state_fact
from engine.desk.external import kept
from engine.desk.trials import TRIAL
from engine.desk.views.published import must_design
from engine.errors import NotFound
from engine.model.numbering import NumberRule
from engine.store.numbering import allot
from engine.store.tables import AuthorityRow, CaseRow, VersionRow, new_id

if TYPE_CHECKING:
    from engine.desk.external import Given

RULE = NumberRule("演练〔{year}〕{n}号")
SERIES = "$trial"
KEY_LIMIT = 200


def start_trial(
    desk: Desk,
    version_id: str,
    variables: Given,
    *,
    business_key: str = "",
    message: str = "",
) -> CaseRow:
    """Open a case of a version for rehearsals; its work comes to who opens it, and nobody else.

    It has a number of a series of its own and issues no documents.

    Args:
        desk: Of a process designer or an administrator.
        version_id: In state ``trial``.
        variables: What the diagram has from the beginning, besides; files are attached.
        business_key: What the program that begins it calls it.
        message: The message that begins it; empty for what the procedure says.

    Raises:
        NotAllowed: The actor designs no procedures here.
        NotFound: There is no such version.
        Refusal: A variable cannot be taken.
        StepFault: The diagram failed at its beginning.

    Source: SUP-051, proposed.
    """
    must_design(desk)
    row = desk.own(VersionRow, version_id)
    if row.state != TRIAL:
        raise NotFound(version_id)
    version = desk.office.versions.get(desk.session, row.id)
    authority = desk.session.get_one(AuthorityRow, desk.actor.authority_id)
    today = desk.today()
    case_id = new_id()
    number = allot(
        desk.session,
        RULE,
        authority_id=authority.id,
        authority_short=authority.short_name,
        procedure=SERIES,
        series=TRIAL,
        year=today.year,
        now=desk.now(),
        case_id=case_id,
        used_for=case_id,
    )
    case = CaseRow(
        id=case_id,
        authority_id=authority.id,
        version_id=version.id,
        procedure=version.procedure,
        number=number.text,
        title=title_of(version, None),
        opened_at=desk.now(),
        opened_by=desk.actor.person_id,
        is_trial=True,
        business_key=business_key[:KEY_LIMIT],
    )
    desk.session.add(case)
    desk.session.flush()
    desk.record(
        case,
        Fact.CASE_OPENED,
        number=case.number,
        procedure=version.procedure,
        version=version.number,
        trial=True,
    )
    start = version.rules.start
    if start is not None and start.fact:
        state_fact(desk, case, start.fact, happened_on=today)
    named = {
        "case": {
            "id": case.id,
            "number": case.number,
            "procedure": version.procedure,
            "registered_on": today,
            "channel": "",
        },
        "subject": None,
    }
    given = kept(desk, case, variables)
    whole = {**variables_of(version, authority), **named, **given}
    named_by = message or (start.message if start is not None else "")
    start_case(desk, case, whole, message=named_by or None)
    return case
