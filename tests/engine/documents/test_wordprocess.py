from __future__ import annotations

import io

import pytest
from docx import Document

from engine.documents.typeset import TemplateFault
from engine.documents.wordprocess import docx, fields_of


def a_template(*paragraphs: str) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def text_of(content: bytes) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)


class TestFilling:
    """A .docx template is filled as text, whatever the values hold."""

    def test_values_stay_text(self) -> None:
        filled = docx(a_template("决定：{{ decision }}"), {"decision": "<b>免职 & 通报</b>"})
        assert text_of(filled) == "决定：<b>免职 & 通报</b>"

    def test_the_names_it_asks_for_are_told(self) -> None:
        assert fields_of(a_template("{{ a }} {{ b }}")) == {"a", "b"}

    def test_a_missing_name_is_refused(self) -> None:
        with pytest.raises(TemplateFault, match="undefined"):
            docx(a_template("{{ a }}"), {})

    def test_it_runs_in_a_sandbox(self) -> None:
        with pytest.raises(TemplateFault):
            docx(a_template("{{ ''.__class__.__mro__[1].__subclasses__() }}"), {})

    def test_what_is_no_docx_is_refused(self) -> None:
        with pytest.raises(TemplateFault):
            docx(b"no zip", {})
        with pytest.raises(TemplateFault):
            fields_of(b"no zip")
