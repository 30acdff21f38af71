"""Who takes part in a case, what is asked for in it, and what is masked, as its tabs draw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import url_for

from engine.desk.rights import Right, permits
from web.cases.presenting import role_text
from web.statuses import recusal_tag
from web.texts import gettext as _
from web.toolkit import FactView, MaskView, PersonView, TagView, Tone
from web.visiting import civil
from web.wording import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from engine.desk.views import CaseView
    from engine.desk.views.case import PartView
    from engine.desk.views.requests import ExtensionLine, MaskedLine

REPORTER = "reporter"
SHOWN_FOR = 300
"""Seconds that a revealed value stays in the page."""


@dataclass(frozen=True, slots=True)
class PartRowView:
    """A person's part in the case; a hidden one has no name, and a mask in its place."""

    person: PersonView | None
    role: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class RecusalView:
    """A declaration or application, and what came of it."""

    key: str
    person: str
    asked: str
    reasons: str
    state: TagView
    decided: str
    may_decide: bool


@dataclass(frozen=True, slots=True)
class ExtensionView:
    """A request to extend a deadline, and what came of it."""

    key: str
    title: str
    asked: str
    reasons: str
    state: TagView
    decided: str
    may_decide: bool


def extension_views(
    lines: Iterable[ExtensionLine], view: CaseView, today: date, language: str
) -> tuple[ExtensionView, ...]:
    """Return the requests for more time."""
    found = []
    for line in lines:
        rule = view.version.deadline(line.key)
        found.append(
            ExtensionView(
                key=line.row.id,
                title=rule.title.say(language),
                asked=_by_and_when(line.asked_by, civil(line.row.requested_at).date(), today),
                reasons=line.row.reasons,
                state={
                    "pending": TagView(_("待决定"), Tone.NEAR, "hourglass"),
                    "granted": TagView(_("已批准"), Tone.OK, "check"),
                }.get(line.row.state, TagView(_("未批准"), Tone.BAD, "x")),
                decided=_decided(
                    line.decided_by,
                    civil(line.row.decided_at).date() if line.row.decided_at else None,
                    line.row.decision_reasons,
                    today,
                ),
                may_decide=line.may_decide,
            )
        )
    return tuple(found)


def part_rows(view: CaseView, today: date, language: str) -> tuple[PartRowView, ...]:
    """Return who has a part in the case, once each; a hidden person stays without a name.

    Who leads a team is a member of it, too: the parts of one time stand in one row.
    """
    rules = view.version.rules
    together: dict[tuple[object, ...], list[PartView]] = {}
    for number, part in enumerate(view.parts):
        since = civil(part.since_at).date()
        key = (number,) if part.is_hidden else (part.person_id, since, part.until_at)
        together.setdefault(key, []).append(part)
    return tuple(
        PartRowView(
            person=None
            if first.is_hidden
            else PersonView(first.name, recused=first.recusal == "granted"),
            role=_("、").join(role_text(one.role, rules, language) for one in [first, *rest]),
            since=day_text(civil(first.since_at).date(), today),
            until=day_text(civil(first.until_at).date(), today) if first.until_at else "",
        )
        for first, *rest in together.values()
    )


def recusal_views(
    view: CaseView, today: date, reader: str, deciders: frozenset[str]
) -> tuple[RecusalView, ...]:
    """Return declarations and applications; those who may decide get the form for it."""
    decides = permits(Right.DECIDE, view.standing.relations) and bool(
        deciders & view.standing.roles
    )
    found = []
    for row in view.recusals:
        asked = _by_and_when(
            view.names.get(row.requested_by, ""), civil(row.requested_at).date(), today
        )
        found.append(
            RecusalView(
                key=row.id,
                person=view.names.get(row.person_id, ""),
                asked=_("%(asked)s声明", asked=asked)
                if row.kind == "declared"
                else _("%(asked)s申请", asked=asked),
                reasons=row.reasons,
                state=recusal_tag(row.state),
                decided=_decided(
                    "",
                    civil(row.decided_at).date() if row.decided_at else None,
                    row.decision_reasons,
                    today,
                ),
                may_decide=decides
                and row.state == "pending"
                and reader not in {row.person_id, row.requested_by},
            )
        )
    return tuple(found)


def mask_facts(
    lines: Iterable[MaskedLine],
    case_id: str,
    labels: Mapping[str, str],
    shown: Mapping[str, tuple[str, str]],
) -> tuple[FactView, ...]:
    """Return the confidential fields, masked; `shown` has value and note of what was revealed."""
    found = []
    for line in lines:
        label = labels.get(line.field.rsplit(".", maxsplit=1)[-1], line.field)
        label = _("举报人") if line.field == REPORTER else label
        value, seen = shown.get(line.reference, ("", ""))
        mask = MaskView(
            key=line.reference,
            label=label,
            reveal_url=url_for("cases.reveal", case_id=case_id, reference=line.reference)
            if line.may_reveal
            else "",
            value=value,
            seen=seen,
            seconds=SHOWN_FOR if value else 0,
        )
        found.append(FactView(label, mask=mask))
    return tuple(found)


def _by_and_when(name: str, day: date, today: date) -> str:
    return f"{name} {day_text(day, today)} ".lstrip()


def _decided(name: str, day: date | None, reasons: str, today: date) -> str:
    if day is None:
        return ""
    said = f"{name} {day_text(day, today)}".strip()
    return _("%(said)s：%(reasons)s", said=said, reasons=reasons) if reasons else said
