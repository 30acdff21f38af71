"""What is published of a case: kept redacted, in its scope, and withdrawn when it must be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.facts import Fact
from engine.desk.holders import SUBJECT, names_of, participants
from engine.desk.trials import must_be_real
from engine.desk.values import value_at
from engine.errors import Refusal
from engine.model.redaction import names_in, redacted, without_names
from engine.store.tables import CaseRow, Publication, WorkItemRow

PUBLISHES = "publishes"
"""The property that names the variable with what is published."""
SOURCE = "procedures C16"
SCOPE_SOURCE = "SUP-054;S0篇5§15-3"
WITHHELD_SOURCE = "SUP-009;S3 L59§20"
SCOPES = ("unit", "system", "society")
"""本单位、本系统、社会."""
PUBLISHED, WITHHELD, WITHDRAWN = "published", "withheld", "withdrawn"
SECTIONS = ("background", "causes", "procedure", "result")
"""来龙去脉、发生原因、调查程序、处理结果. Source: S3 L51(六); `reform.full_disclosure`."""
PROTECTED = ("reporter",)
"""Participants whose names never leave (SUP-014; procedures C16, C23)."""


def stated(item: WorkItemRow, seen: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a step publishes: the context that its property `publishes` names."""
    found = value_at(seen, str(item.properties.get(PUBLISHES) or "publication"))
    return found if isinstance(found, Mapping) else {}


def must_be_publishable(
    desk: Desk, case: CaseRow, item: WorkItemRow, seen: Mapping[str, Any]
) -> None:
    """Refuse a publication that is not approved, out of its scope, or names who reported.

    Raises:
        Refusal: As said; what has to be taken out is counted, never repeated.

    Source: SUP-054; SUP-009; procedures C16, C23.
    """
    told = stated(item, seen)
    if seen.get("publication_approved") is not True:
        raise Refusal("publication.not_approved", rule=SOURCE)
    must_fit_scope(told, seen)
    if told.get("publish") is False:
        return
    title, text, sections = _content(item, told, seen)
    if not title.strip() or not text.strip():
        raise Refusal("publication.empty", rule=SOURCE)
    people = [one for role in PROTECTED for one in participants(desk, case, role)]
    names = set(names_of(desk, people).values())
    if names_in(" ".join((title, text, *sections.values())), names):
        raise Refusal("publication.names_reporter", rule="procedures C23")


def must_fit_scope(told: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
    """Refuse a scope that is none, that the decision did not set, or a silence without reasons.

    Source: SUP-054 范围与决定书一致; SUP-009.
    """
    if told.get("publish") is False:
        if not str(told.get("withheld_reasons") or "").strip():
            raise Refusal("publication.reasons_missing", rule=WITHHELD_SOURCE)
        return
    scope = told.get("scope")
    if scope not in SCOPES:
        raise Refusal("publication.scope_missing", rule=SCOPE_SOURCE)
    decided = seen.get("decided_scope")
    if decided and scope != decided:
        raise Refusal("publication.scope", rule=SCOPE_SOURCE, scope=scope, decided=decided)


def publish(
    desk: Desk, case: CaseRow, item: WorkItemRow, seen: Mapping[str, Any], *, number: str = ""
) -> Publication:
    """Keep what is published of a case, or why nothing is; it has been looked at before.

    Numbers of persons are masked whatever the draft says; with the property `names` =
    ``mask`` the subject's name is as well.
    """
    must_be_real(case)
    told = stated(item, seen)
    if told.get("publish") is False:
        return withhold(desk, case, str(told.get("withheld_reasons") or ""))
    hidden: set[str] = set()
    if item.properties.get("names") == "mask":
        hidden = set(names_of(desk, participants(desk, case, SUBJECT)).values())
    title, text, sections = _content(item, told, seen)
    row = Publication(
        authority_id=case.authority_id,
        case_id=case.id,
        procedure=case.procedure,
        title=_clean(title, hidden)[:400],
        text=_clean(text, hidden),
        sections={name: _clean(one, hidden) for name, one in sections.items()},
        scope=str(told.get("scope")),
        number=number,
        state=PUBLISHED,
        published_by=desk.actor.person_id,
        published_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(case, Fact.PUBLISHED, publication=row.id, scope=row.scope, number=number)
    return row


def withhold(desk: Desk, case: CaseRow, reasons: str) -> Publication:
    """Keep why a case is not published; its approval is the step's (SUP-009)."""
    row = Publication(
        authority_id=case.authority_id,
        case_id=case.id,
        procedure=case.procedure,
        state=WITHHELD,
        reasons=reasons,
        published_by=desk.actor.person_id,
        published_at=desk.now(),
    )
    desk.session.add(row)
    desk.session.flush()
    desk.record(case, Fact.PUBLICATION_WITHHELD, publication=row.id)
    return row


def withdraw_publications(desk: Desk, case: CaseRow, reason: str) -> int:
    """Withdraw what is published of a case; return how many there were.

    Source: procedures C20 (撤下公开信息).
    """
    rows = list(
        desk.session.scalars(
            sa.select(Publication).where(
                Publication.case_id == case.id, Publication.state == PUBLISHED
            )
        )
    )
    for row in rows:
        row.state, row.withdrawn_at, row.reasons = WITHDRAWN, desk.now(), reason
        desk.record(case, Fact.PUBLICATION_WITHDRAWN, publication=row.id, reason=reason)
    return len(rows)


def _content(
    item: WorkItemRow, told: Mapping[str, Any], seen: Mapping[str, Any]
) -> tuple[str, str, dict[str, str]]:
    """Return title, text and the sections of full disclosure; what is no text is left out."""
    text = value_at(seen, str(item.properties.get("text") or "redacted_text"))
    if not isinstance(text, str):
        text = told.get("text") or told.get("summary") or told.get("result") or ""
    sections = {name: value for name in SECTIONS if isinstance(value := told.get(name), str)}
    return _said(told.get("title")), _said(text), {k: v for k, v in sections.items() if v.strip()}


def _said(value: object) -> str:
    return value if isinstance(value, str) else ""


def _clean(text: str, hidden: set[str]) -> str:
    return redacted(without_names(text, hidden))
