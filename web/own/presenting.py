"""One's own matter in plain words: what it is, until when one may do what, what has happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from engine.desk.answers import SALT
from engine.model.identifiers import MeasureCode
from web.citations import citation_text
from web.clocks import clock_of
from web.filing.presenting import what_follows
from web.forms import localised
from web.texts import gettext as _
from web.toolkit import ClockView, FactView, Lamp, TagView, Tone
from web.wording import day_text, full_day_text, weekday_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime
    from typing import Any

    from engine.desk.views.own_matter import OwnMatter, OwnRight
    from engine.store.tables import Answers, DecisionRow, DocumentRow, Notice

SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class RightView:
    """Something that the reader may file, with its clock and what follows."""

    title: str
    url: str
    clock: ClockView | None
    lamp_text: str
    is_late: bool
    ground: str
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    """A document that was served on the reader."""

    title: str
    number: str
    served: str
    pdf_url: str


@dataclass(frozen=True, slots=True)
class FiledView:
    """What the reader filed, or had filed on paper: label and text of each answer."""

    title: str
    day: str
    on_paper: bool
    answers: tuple[FactView, ...]


@dataclass(frozen=True, slots=True)
class AskedView:
    """A recusal that the reader asked for."""

    day: str
    state: TagView
    reasons: str
    answer: str


@dataclass(frozen=True, slots=True)
class HappenedView:
    """A line of what has happened: what the reader was told, and when."""

    day: str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class MatterView:
    """A case as its subject or reporter reads it.

    Attributes:
        headline: The first line: what it is and until when one may do what.
        facts: Status, number, day.
        outcome: What was decided on the reader, once it was served.
    """

    case_id: str
    number: str
    headline: str
    is_subject: bool
    facts: tuple[FactView, ...]
    rights: tuple[RightView, ...]
    outcome: tuple[FactView, ...]
    papers: tuple[PaperView, ...]
    filed: tuple[FiledView, ...]
    recusals: tuple[AskedView, ...]
    happened: tuple[HappenedView, ...]


def matter_view(
    matter: OwnMatter,
    name: str,
    today: date,
    language: str,
    civil: Callable[[datetime], datetime],
) -> MatterView:
    """Return one's own matter for its page.

    Args:
        matter: As the engine shows it.
        name: The reader's.
        today: The civil day at the authority.
        language: zh or en.
        civil: Turns an instant into the authority's civil time.
    """
    own = matter.own
    rights = tuple(_right(matter, one, today, language) for one in matter.rights)
    papers = tuple(_papers(matter, today, language))
    return MatterView(
        case_id=own.row.id,
        number=own.row.number,
        headline=_headline(matter, rights, name, today),
        is_subject=own.role == SUBJECT,
        facts=tuple(_facts(matter, language, civil)),
        rights=rights,
        outcome=tuple(_outcome(matter, today, language)),
        papers=papers,
        filed=tuple(_filed(matter, one, today, language) for one in own.filed),
        recusals=tuple(_asked(matter, today, civil)),
        happened=tuple(_told(one, today, language, civil) for one in own.notices),
    )


def status_text(matter: OwnMatter, language: str) -> str:
    """Return how the matter stands, in the procedure's own words."""
    row = matter.own.row
    if row.closed_at is not None:
        if matter.own.role != SUBJECT:
            return _("已办结")
        title = matter.version.rules.outcomes.get(row.outcome or "")
        return _("已办结：%(outcome)s", outcome=title.say(language)) if title else _("已办结")
    stage = matter.own.stage
    return _("办理中：%(stage)s", stage=stage.say(language)) if stage else _("办理中")


def _headline(matter: OwnMatter, rights: tuple[RightView, ...], name: str, today: date) -> str:
    if matter.own.role != SUBJECT:
        return _("您反映的线索已登记，编号 %(number)s", number=matter.own.row.number)
    open_now = [one for one in rights if not one.is_late and one.clock is not None]
    if open_now and open_now[0].clock is not None and open_now[0].clock.last_day is not None:
        day = day_text(open_now[0].clock.last_day, today)
        title = open_now[0].title
        if matter.decisions:
            return _(
                "%(name)s：您有一份问责决定，可在 %(day)s 24:00 前提出%(title)s",
                name=name,
                day=day,
                title=title,
            )
        return _("%(name)s：您可在 %(day)s 24:00 前提出%(title)s", name=name, day=day, title=title)
    if matter.decisions:
        return _("%(name)s：您有一份问责决定", name=name)
    return _("%(name)s：您有一件问责事项正在办理", name=name)


def _right(matter: OwnMatter, right: OwnRight, today: date, language: str) -> RightView:
    rules = matter.version.rules
    title = right.rule.title.say(language)
    clock = clock_of(right.clock, rules, today, language) if right.clock else None
    source = right.rule.source
    return RightView(
        title=title,
        url=url_for("own.write", case_id=matter.own.row.id, key=right.rule.key),
        clock=clock,
        lamp_text=right_word(clock, is_late=right.is_late),
        is_late=right.is_late,
        ground=citation_text(source, rules, language) if source else "",
        after=what_follows(right.follows, language),
    )


def right_word(clock: ClockView | None, *, is_late: bool) -> str:
    """Return what stands beside the lamp of a right: it is the reader's time, not the office's."""
    if is_late or clock is None or (clock.remaining is not None and clock.remaining < 0):
        return _("期限已过")
    if clock.remaining == 0:
        return _("今天截止")
    return _("可以提出") if clock.lamp in {Lamp.OK, Lamp.NEAR} else ""


def _facts(
    matter: OwnMatter, language: str, civil: Callable[[datetime], datetime]
) -> Iterator[FactView]:
    row = matter.own.row
    yield FactView(_("编号"), row.number)
    yield FactView(_("登记日期"), full_day_text(civil(row.opened_at).date()))
    if matter.own.role != SUBJECT:
        channel = matter.version.rules.channels.get(row.channel)
        yield FactView(_("来源渠道"), channel.title.say(language) if channel else "")
    yield FactView(_("办理情况"), status_text(matter, language))
    if row.closed_at is not None:
        yield FactView(_("办结日期"), full_day_text(civil(row.closed_at).date()))


def _outcome(matter: OwnMatter, today: date, language: str) -> Iterator[FactView]:
    for decision in matter.decisions:
        said = _decided(matter, decision, language)
        tag = None
        if decision.state in {"superseded", "revoked"}:
            word = _("已撤销") if decision.state == "revoked" else _("已变更")
            tag = TagView(word, Tone.OPEN)
        yield FactView(day_text(decision.made_on, today), said, tag=tag)
        for sanction in matter.sanctions[decision.id]:
            measure = matter.version.rules.measures.get(MeasureCode(sanction.measure))
            title = measure.title.say(language) if measure else sanction.measure
            text = _("%(day)s 起", day=day_text(sanction.effective_on, today))
            if sanction.until is not None:
                text = _(
                    "%(from)s，影响期至 %(until)s",
                    **{"from": text, "until": full_day_text(sanction.until)},
                )
            ended = TagView(_("已解除"), Tone.OK) if sanction.state != "in_force" else None
            yield FactView(title, text, tag=ended)


def _decided(matter: OwnMatter, decision: DecisionRow, language: str) -> str:
    words = {
        "sanction": _("问责"),
        "exempt": _("免予问责"),
        "none": _("不予问责"),
        "uphold": _("维持原决定"),
        "change": _("变更原决定"),
        "revoke": _("撤销原决定"),
        "relieve": _("解除问责"),
        "extend": _("延长整改"),
        "further": _("作进一步处理"),
    }
    measures = matter.version.rules.measures
    named = [
        measures[MeasureCode(code)].title.say(language)
        for code in decision.measures
        if MeasureCode(code) in measures
    ]
    word = words.get(decision.outcome, decision.outcome)
    return _("%(what)s：%(measures)s", what=word, measures=_("、").join(named)) if named else word


def _papers(matter: OwnMatter, today: date, language: str) -> Iterator[PaperView]:
    seen: set[str] = set()
    for row, service in matter.own.documents:
        if row.id not in seen:
            seen.add(row.id)
            yield PaperView(
                title=_title(matter, row, language),
                number=row.number or "",
                served=_("%(day)s 送达", day=weekday_text(service.received_on, today)),
                pdf_url=url_for("own.document", case_id=row.case_id, document_id=row.id)
                if row.pdf
                else "",
            )


def _title(matter: OwnMatter, row: DocumentRow, language: str) -> str:
    rule = matter.version.rules.documents.get(row.key)
    return rule.title.say(language) if rule else row.title


def _filed(matter: OwnMatter, row: Answers, today: date, language: str) -> FiledView:
    rule = matter.version.rules.filings.get(row.filing)
    return FiledView(
        title=rule.title.say(language) if rule else row.filing,
        day=weekday_text(row.happened_on, today),
        on_paper=row.filed_for is not None,
        answers=tuple(_answers(matter, row, language)),
    )


def _answers(matter: OwnMatter, row: Answers, language: str) -> Iterator[FactView]:
    """Yield the texts that were written, by the labels of the form."""
    version = matter.version
    form = version.form(version.definition.process_id, row.form)
    schema = localised(form.schema, language) if form is not None else {}
    yield from _texts(schema, {key: one for key, one in row.data.items() if key != SALT})


def _texts(part: Mapping[str, Any], data: Any) -> Iterator[FactView]:
    for component in part.get("components") or ():
        inner = data
        for key in str(component.get("path") or "").split("."):
            inner = inner.get(key) if key and isinstance(inner, dict) else inner
        yield from _texts(component, inner)
        value = data.get(component.get("key")) if isinstance(data, dict) else None
        if isinstance(value, str) and value:
            named = {str(one["value"]): str(one["label"]) for one in component.get("values") or ()}
            yield FactView(str(component.get("label") or ""), named.get(value, value))


def _asked(
    matter: OwnMatter, today: date, civil: Callable[[datetime], datetime]
) -> Iterator[AskedView]:
    states = {
        "pending": TagView(_("待决定"), Tone.NEAR, icon="hourglass"),
        "granted": TagView(_("已批准"), Tone.OK, icon="check"),
        "rejected": TagView(_("未批准"), Tone.BAD, icon="x"),
    }
    for row in matter.recusals:
        yield AskedView(
            day=day_text(civil(row.requested_at).date(), today),
            state=states.get(row.state, TagView(row.state)),
            reasons=row.reasons,
            answer=row.decision_reasons,
        )


def _told(
    notice: Notice, today: date, language: str, civil: Callable[[datetime], datetime]
) -> HappenedView:
    day = civil(notice.sent_at).date()
    text = str(notice.text.get(language) or notice.text.get("zh") or "")
    key = "title_en" if language == "en" else "title"
    title = str(notice.text.get(key) or notice.text.get("title") or "")
    return HappenedView(day_text(day, today), text, title)
