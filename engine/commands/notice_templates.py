"""Say otherwise what goes out for a kind of event; every change is a version on the record."""

from __future__ import annotations

from collections.abc import Mapping

from engine.desk import Desk, Fact
from engine.desk.outgoing import newest_template
from engine.desk.outgoing_words import PLATFORM, Words
from engine.desk.settings import note_change, optional_reasons
from engine.errors import Refusal
from engine.model.notifying import VARIABLES, Event, unknown_variables
from engine.model.settings import Area
from engine.store.tables import NoticeTemplate

LANGUAGES = ("zh", "en")
SUBJECT_LENGTH, BODY_LENGTH = 100, 500


def change_notice_template(
    desk: Desk,
    event: str,
    subject: Mapping[str, str],
    body: Mapping[str, str],
    *,
    reasons: str = "",
) -> NoticeTemplate | None:
    """Give a kind of event other words at the actor's authority; None where they are the same.

    Args:
        desk: Of an administrator.
        event: One of `Event`.
        subject: One line of up to 100 characters in each language.
        body: Up to 500 characters in each language.
        reasons: Why, where the words do not say it themselves; up to 500 characters.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: A text is missing or too long, or names what may not go out.
    """
    desk.require_admin()
    kind = _event(event)
    said = Words(_texts(subject), _texts(body))
    for language in LANGUAGES:
        head, text = said.subject[language], said.body[language]
        if not head or not text or len(head) > SUBJECT_LENGTH or len(text) > BODY_LENGTH:
            raise Refusal("notify.template", subject=SUBJECT_LENGTH, body=BODY_LENGTH)
        if not (head + text.replace("\n", "")).isprintable():
            raise Refusal("notify.template", subject=SUBJECT_LENGTH, body=BODY_LENGTH)
        unknown = [*unknown_variables(head), *unknown_variables(text)]
        if unknown:
            raise Refusal("notify.variables", named=unknown, known=list(VARIABLES))
    return _keep(desk, kind, said, reasons=reasons)


def reset_notice_template(desk: Desk, event: str, *, reasons: str = "") -> NoticeTemplate | None:
    """Put the platform's own words back into use; None where they are in use.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: There is no such kind of event.
    """
    desk.require_admin()
    kind = _event(event)
    return _keep(desk, kind, PLATFORM[kind], reasons=reasons)


def _keep(desk: Desk, event: Event, said: Words, *, reasons: str) -> NoticeTemplate | None:
    stated = optional_reasons(reasons)
    is_reset = said == PLATFORM[event]
    desk.hold_record()
    before = newest_template(desk.session, desk.actor.authority_id, event)
    if before is None:
        in_use: tuple[Mapping[str, object], Mapping[str, object]] = (
            PLATFORM[event].subject,
            PLATFORM[event].body,
        )
    else:
        in_use = (before.subject, before.body)
    if in_use == (said.subject, said.body):
        return None
    row = NoticeTemplate(
        authority_id=desk.actor.authority_id,
        event=event.value,
        number=before.number + 1 if before is not None else 1,
        subject=dict(said.subject),
        body=dict(said.body),
        is_reset=is_reset,
        changed_by=desk.actor.person_id,
        changed_at=desk.now(),
    )
    desk.session.add(row)
    note_change(
        desk,
        Area.NOTICE,
        event,
        old={"subject": dict(in_use[0]), "body": dict(in_use[1])},
        new={"subject": row.subject, "body": row.body},
        reasons=stated,
    )
    desk.record(
        None,
        Fact.NOTICE_TEMPLATE_CHANGED,
        event=event.value,
        number=row.number,
        subject=dict(said.subject),
        body=dict(said.body),
        reset=is_reset,
        reasons=stated,
    )
    return row


def _event(event: str) -> Event:
    if event not in set(Event):
        raise Refusal("notify.unknown", what=[event])
    return Event(event)


def _texts(given: Mapping[str, str]) -> dict[str, str]:
    return {
        language: given.get(language, "").replace("\r\n", "\n").strip() for language in LANGUAGES
    }
