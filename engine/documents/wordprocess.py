"""Documents as .docx, for editing: templates made in a word processor, filled by docxtpl."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from engine.documents.typeset import TemplateFault

if TYPE_CHECKING:
    from collections.abc import Mapping

BROKEN = (TemplateError, ValueError, KeyError, zipfile.BadZipFile, PackageNotFoundError)


def docx(template: bytes, data: Mapping[str, object]) -> bytes:
    """Return `template` filled with `data`, as the bytes of a .docx.

    Values are escaped, so that `<` and `&` in them stay text. Expressions of the
    template run in a sandbox.

    Raises:
        TemplateFault: It is no .docx, or names what is not in `data`.
    """
    try:
        document = DocxTemplate(io.BytesIO(template))
        environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
        document.render(dict(data), environment, autoescape=True)
        filled = io.BytesIO()
        document.save(filled)
    except BROKEN as error:
        raise TemplateFault(f"docx: {error}") from error
    return filled.getvalue()


def fields_of(template: bytes) -> frozenset[str]:
    """Return the names that a template asks for.

    Raises:
        TemplateFault: It is no .docx.
    """
    try:
        return frozenset(DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables())
    except BROKEN as error:
        raise TemplateFault(f"docx: {error}") from error
