"""Looks at a case's diagram, documents and attachments; each look at a file is recorded."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import Response, send_file
from werkzeug.exceptions import NotFound

from engine.commands.look import open_attachment, open_document
from engine.desk.views import case_view
from web.cases.diagrams import source_of
from web.cases.frame import pages
from web.visiting import ask, give

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pages.get("/cases/<case_id>/diagram/<process>")
def diagram(case_id: str, process: str) -> Response:
    """Give the diagram of the case's version as it was drawn, to who may see the case."""
    source = source_of(ask(case_view, case_id), process)
    if source is None:
        raise NotFound
    return Response(source, mimetype="application/xml")


@pages.get("/documents/<document_id>.<kind>")
def document(document_id: str, kind: str) -> AnyResponse:
    """Give a document's bytes; the look is recorded."""
    if kind not in {"pdf", "docx"}:
        raise NotFound
    row, content = give(open_document, document_id, kind=kind)
    name = f"{row.title}{row.number or ''}.{kind}"
    return send_file(
        io.BytesIO(content),
        mimetype="application/pdf" if kind == "pdf" else WORD,
        as_attachment=kind != "pdf",
        download_name=name,
    )


@pages.get("/attachments/<attachment_id>")
def attachment(attachment_id: str) -> AnyResponse:
    """Give an attachment's bytes to save, never to show; the look is recorded."""
    row, content = give(open_attachment, attachment_id)
    return send_file(
        io.BytesIO(content),
        mimetype=row.media_type,
        as_attachment=True,
        download_name=row.name,
    )
