"""The paper of a review: what it changes the measure to, and how an apology is to be made."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pypdf
import pytest
from docx import Document

from engine.documents.typeset import Typesetter
from engine.documents.wordprocess import docx
from engine.publishing.folders import Folder, read_folder

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 4, 7, 2, 0, tzinfo=UTC)
ORDERED = {"way": "职工大会宣读", "scope": "生产部"}
DATA: dict[str, object] = {
    "result": "change",
    "facts": "事实清楚。",
    "reasons": "方式不当。",
    "measures": ["public_apology"],
    "measures_text": "责令公开道歉",
    "apology": ORDERED,
    "subject": "陈某",
    "unit": "生产部",
    "post": "部长",
    "case_number": "江重问〔2026〕1号",
    "title": "申诉复查决定书",
    "number": "江重问复〔2026〕1号",
    "issued_on": "2026-04-07",
    "rehearsal": False,
    "authority": {"name": "江河重工有限公司", "short": "江重"},
}
PROCEDURES = pytest.mark.parametrize(
    "procedure", ["corporate-accountability", "chongqing-head-accountability"]
)


@cache
def folder(procedure: str) -> Folder:
    return read_folder(ROOT / "processes" / procedure)


def printed(procedure: str, **more: object) -> str:
    """Return the words of the PDF, without the breaks of its lines."""
    template = f"{procedure}/documents/appeal-decision.typ"
    made = Typesetter([ROOT / ".tools" / "fonts"]).pdf(
        dict(folder(procedure).files), template, {**DATA, **more}, AT
    )
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    return "".join("".join(page.extract_text() for page in pages).split())


def editable(procedure: str, **more: object) -> str:
    template = folder(procedure).files[f"{procedure}/documents/appeal-decision.docx"]
    made = Document(io.BytesIO(docx(template, {**DATA, **more})))
    return "\n".join(one.text for one in made.paragraphs)


@PROCEDURES
class TestALetterThatOrdersAnApology:
    """S3 L59§17: 作出责令公开道歉决定的,还应当写明公开道歉的方式、范围等。"""

    def test_states_its_way_and_scope_in_print(self, procedure: str) -> None:
        assert "公开道歉的方式：职工大会宣读；范围：生产部。" in printed(procedure)

    def test_states_them_for_the_word_processor(self, procedure: str) -> None:
        assert "公开道歉的方式：职工大会宣读；范围：生产部。" in editable(procedure)


@PROCEDURES
class TestALetterThatOrdersNone:
    """Another measure has neither a way nor a scope to state."""

    def test_says_nothing_of_one_in_print(self, procedure: str) -> None:
        words = printed(procedure, measures=["circulate"], measures_text="通报批评", apology=None)

        assert "通报批评" in words
        assert "公开道歉" not in words

    def test_says_nothing_of_one_for_the_word_processor(self, procedure: str) -> None:
        words = editable(procedure, measures=["circulate"], measures_text="通报批评", apology=None)

        assert "通报批评" in words
        assert "公开道歉" not in words
