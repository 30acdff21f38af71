"""Documents as .docx, for editing: templates made in a word processor, filled by docxtpl."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import DictLoader, StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from engine.documents.typeset import TemplateFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2.runtime import Context

MOST_BYTES = 50_000_000
MOST_FILES = 2_000
"""What a template may unpack to: the office's own are a hundredth of it."""
ENDLESS = ("range", "lipsum", "cycler")
LARGE = ("center", "format", "indent", "wordwrap")
"""Names of Jinja that make much out of little; no template of papers needs them."""
BROKEN = (
    TemplateError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    LookupError,
    RecursionError,
    zipfile.BadZipFile,
    PackageNotFoundError,
)
"""What a template that somebody wrote makes of its data: it is said, and no fault of ours."""


class _Bounded(SandboxedEnvironment):
    """A sandbox whose templates can neither reach out nor make much out of little."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(loader=DictLoader({}), undefined=StrictUndefined, autoescape=True)
        for name in ENDLESS:
            self.globals.pop(name, None)
        for name in LARGE:
            self.filters.pop(name, None)

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        raise SecurityError(f"{operator} is not for templates")


def docx(template: bytes, data: Mapping[str, object]) -> bytes:
    """Return `template` filled with `data`, as the bytes of a .docx.

    Values are escaped, so that `<` and `&` in them stay text. Expressions of the
    template run in a sandbox.

    Raises:
        TemplateFault: It is no .docx, or names what is not in `data`.
    """
    try:
        _must_be_bounded(template)
        document = DocxTemplate(io.BytesIO(template))
        document.render(dict(data), _Bounded(), autoescape=True)
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
        _must_be_bounded(template)
        return frozenset(DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables())
    except BROKEN as error:
        raise TemplateFault(f"docx: {error}") from error


def _must_be_bounded(template: bytes) -> None:
    """Check what a .docx would unpack to, before anything is unpacked.

    Raises:
        TemplateFault: It is more than a template needs.
        BadZipFile: It is no .docx.
    """
    with zipfile.ZipFile(io.BytesIO(template)) as archive:
        parts = archive.infolist()
    if len(parts) > MOST_FILES or sum(part.file_size for part in parts) > MOST_BYTES:
        raise TemplateFault("docx: it unpacks to more than a template needs")
