from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine.documents.typeset import TemplateFault, Typesetter

AT = datetime(2026, 3, 5, tzinfo=UTC)
LAYOUT = "#let heading-of(d) = [问责决定书 #d.number]"
TEMPLATE = '#import "../layout/base.typ": heading-of\n#let d = json("data.json")\n#heading-of(d)'
FONTS = Path(__file__).parents[3] / ".tools" / "fonts"


@pytest.fixture
def typesetter() -> Typesetter:
    return Typesetter([FONTS])


def files(template: str) -> dict[str, bytes]:
    return {
        "a/documents/x.typ": template.encode(),
        "a/layout/base.typ": LAYOUT.encode(),
        "a/procedure.yaml": b"secret: 1",
    }


def pdf(typesetter: Typesetter, template: str) -> bytes:
    return typesetter.pdf(files(template), "a/documents/x.typ", {"number": "7号"}, AT)


class TestTypesetting:
    """A document is made from its template and its data, and from nothing else."""

    def test_it_shows_its_data(self, typesetter: Typesetter) -> None:
        text = PdfReader(io.BytesIO(pdf(typesetter, TEMPLATE))).pages[0].extract_text()
        assert "问责决定书" in text
        assert "7 号" in text  # with the space that the layout sets between scripts

    def test_the_same_input_gives_the_same_bytes(self, typesetter: Typesetter) -> None:
        assert pdf(typesetter, TEMPLATE) == pdf(typesetter, TEMPLATE)

    @pytest.mark.parametrize(
        "template",
        [
            '#read("/etc/passwd")',
            '#read("../../../etc/passwd")',
            '#read("../procedure.yaml")',
            '#import "@preview/anything:1.0.0"',
            "#let x =",
        ],
    )
    def test_it_reaches_nothing_else(self, typesetter: Typesetter, template: str) -> None:
        with pytest.raises(TemplateFault):
            pdf(typesetter, template)

    def test_a_path_that_leaves_the_folder_is_refused(self, typesetter: Typesetter) -> None:
        with pytest.raises(TemplateFault, match="leaves"):
            typesetter.pdf({"../x.typ": b"x"}, "../x.typ", {}, AT)
