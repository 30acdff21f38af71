"""Documents and attachments of a case as lists of the page kit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from engine.desk.rights import Right, permits
from web.statuses import document_tag, way_text
from web.texts import gettext as _
from web.toolkit import DocumentView, LinkView, TagView, Tone
from web.visiting import civil, language
from web.wording import day_text, weekday_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from engine.desk.views import CaseView
    from engine.model.procedure_rules import ProcedureRules
    from engine.store.tables import Attachment, DocumentRow, ServiceRow

SERVED = "served"
MEGABYTE, KILOBYTE = 1_000_000, 1_000


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file of a case.

    Attributes:
        note: Who added it and when, its size.
        digest: SHA-256 of its bytes.
    """

    name: str
    url: str
    note: str
    digest: str
    tag: TagView | None


def document_title(row: DocumentRow, rules: ProcedureRules, read_in: str) -> str:
    """Return what a document is called; on paper it keeps the title that it was drafted under."""
    rule = rules.documents.get(row.key)
    return rule.title.say(read_in) if rule is not None and read_in == "en" else row.title


def document_view(
    row: DocumentRow, case: CaseView, today: date, services: Sequence[ServiceRow] = ()
) -> DocumentView:
    """Return a document with its downloads and how it was served."""
    may_open = case.sees_file or row.state == SERVED
    url = url_for("cases.document", document_id=row.id, kind="pdf")
    downloads = []
    if row.pdf and may_open:
        downloads.append(LinkView("PDF", url))
    if row.docx and may_open:
        word = url_for("cases.document", document_id=row.id, kind="docx")
        downloads.append(LinkView(".docx", word))
    served = [one for one in services if one.document_id == row.id]
    return DocumentView(
        title=document_title(row, case.version.rules, language()),
        url=url if row.pdf and may_open else url_for("cases.documents", case_id=row.case_id),
        state=document_tag(row.state),
        number=row.number or "",
        digest=row.pdf,
        state_note=_state_note(row, case, today),
        served_to=_("；").join(
            f"{one.addressee} {day_text(one.received_on, today)} {way_text(one.way)}"
            for one in served
        ),
        receipt=TagView(_("有回证"), Tone.OK, "check") if served else None,
        receipt_note=_("；").join(
            _("签收人 %(name)s", name=one.received_by) for one in served if one.received_by
        ),
        downloads=tuple(downloads),
        links=_correcting(row, case),
    )


def _correcting(row: DocumentRow, case: CaseView) -> tuple[LinkView, ...]:
    """Return the way to correct a served document, or to its corrections."""
    if not permits(Right.CORRECT, case.standing.relations):
        return ()
    if row.corrects_id is not None:
        url = url_for("cases.correction", document_id=row.id)
        return (LinkView(_("办理更正"), url),)
    if row.state == SERVED:
        return (LinkView(_("更正"), url_for("cases.correct", document_id=row.id)),)
    return ()


def attachment_view(row: Attachment, case: CaseView, today: date) -> AttachmentView:
    """Return an attachment with who added it and when."""
    at = civil(row.added_at)
    note = _(
        "%(name)s 于 %(day)s %(time)s 添加，%(size)s",
        name=case.names.get(row.added_by, _("当事人")),
        day=day_text(at.date(), today),
        time=f"{at:%H:%M}",
        size=size_text(row.size),
    )
    return AttachmentView(
        name=row.name,
        url=url_for("cases.attachment", attachment_id=row.id) if row.id in case.openable else "",
        note=note,
        digest=row.digest,
        tag=TagView(_("仅调查组可见"), icon="lock") if row.investigation_only else None,
    )


def size_text(size: int) -> str:
    """Return a size in bytes as `1.2 MB`, `34 kB`."""
    if size >= MEGABYTE:
        return f"{size / MEGABYTE:.1f} MB"
    return f"{max(size // KILOBYTE, 1)} kB"


def _state_note(row: DocumentRow, case: CaseView, today: date) -> str:
    if row.issued_by and row.issued_at is not None:
        name = case.names.get(row.issued_by, "")
        return f"{weekday_text(civil(row.issued_at).date(), today)} {name}".strip()
    name = case.names.get(row.drafted_by, "")
    return f"{day_text(civil(row.drafted_at).date(), today)} {name}".strip()
