"""Templates of documents: what fields a .docx asks for, and how a document will look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, url_for
from werkzeug.exceptions import NotFound

import bpmn
from bpmn import feel
from engine.desk.views.drafting import draft_file, draft_files
from engine.documents.typeset import TemplateFault
from engine.documents.wordprocess import fields_of
from engine.errors import Fault
from engine.publishing.checks import draft_as_version
from engine.publishing.checks.documents import preview
from engine.publishing.folders import FolderRefused, assembled
from web.designer.area import SHARED, own, page, pages
from web.office import font_folders
from web.texts import gettext as _
from web.visiting import ask, language, settings

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from engine.workflow import LoadedVersion

HEAD = frozenset({"title", "authority", "number", "issued_on", "rehearsal"})
"""What every document knows besides its own data."""


@pages.get("/<draft_id>/document/<path:path>")
def document(draft_id: str, path: str) -> str:
    """Show the fields that a .docx template asks for, and which of them nothing gives."""
    if not path.endswith(".docx"):
        raise NotFound
    found = ask(draft_file, draft_id, path)
    fields: list[dict[str, object]] = []
    broken = ""
    version, wrong = _loaded(draft_id)
    rule = None
    if version is not None:
        beside = f"{path.removesuffix('.docx')}.typ"  # made for it, though it may not be named yet
        rule = next(
            (
                one
                for one in version.rules.documents.values()
                if one.docx == path or (not one.docx and one.template == beside)
            ),
            None,
        )
    try:
        given = HEAD | set(rule.data if rule is not None else ())
        fields = [{"name": one, "given": one in given} for one in sorted(fields_of(found.content))]
    except TemplateFault as fault:
        broken = str(fault)
    return page(
        "document",
        own(draft_id),
        "draft",
        path=path,
        number=found.number,
        fields=fields,
        broken=broken,
        wrong=wrong,
        rule=rule,
    )


@pages.get("/<draft_id>/preview/<key>.pdf")
def document_preview(draft_id: str, key: str) -> AnyResponse:
    """Give a document as PDF with sample values."""
    version, wrong = _loaded(draft_id)
    here = url_for("designer.rules", draft_id=draft_id, section="documents")
    if version is None:
        flash(wrong, "bad")
        return redirect(here)
    rule = next((one for name, one in version.rules.documents.items() if str(name) == key), None)
    if rule is None:
        raise NotFound
    try:
        content = preview(version, rule, font_folders(settings()))
    except (TemplateFault, Fault, feel.FeelError) as fault:
        flash(_("不能排版：%(why)s", why=fault), "bad")
        return redirect(here)
    answer = Response(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{key}.pdf"'
    return answer


def _loaded(draft_id: str) -> tuple[LoadedVersion | None, str]:
    """Return a draft as a version, or why it is none yet."""
    row, files = ask(draft_files, draft_id)
    try:
        return draft_as_version(assembled(row.procedure, files, SHARED)), ""
    except FolderRefused as refused:
        return None, refused.en if language() == "en" else refused.zh
    except (bpmn.DiagramRefused, Fault, KeyError, ValueError):
        return None, _("草稿还有错误，先按检查结果修改，才能预览文书。")
