"""模板注入：填入文书的文字只是文字；模板取不到机器上的任何东西，也耗不尽它。"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from engine.documents import wordprocess
from engine.documents.typeset import TemplateFault, Typesetter
from engine.documents.wordprocess import docx, fields_of
from tests.engine.documents.test_typeset import FONTS
from tests.engine.documents.test_wordprocess import a_template, text_of

AT = datetime(2026, 3, 5, tzinfo=UTC)
SHOWN = '#let d = json("data.json")\n#d.text'
HOSTILE_VALUES = (
    '#read("/etc/passwd")',
    '#eval("1+1")',
    "#(7*7)",
    "$7*7$",
    '#import "@preview/x:1.0.0"',
    "{{ 7*7 }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{{ ''.__class__ }}",
)


def pdf(template: str, text: str = "") -> bytes:
    return Typesetter([FONTS]).pdf({"a/x.typ": template.encode()}, "a/x.typ", {"text": text}, AT)


def bare(text: str) -> str:
    """A text without spaces, which the layout sets as it likes, and with plain quotes."""
    return "".join(text.split()).replace("“", '"').replace("”", '"')


class TestValues:
    """办案人填写的内容里写了模板代码，成文后原样显示。"""

    @pytest.mark.parametrize("text", HOSTILE_VALUES)
    def test_stay_text_in_a_pdf(self, text: str) -> None:
        shown = PdfReader(io.BytesIO(pdf(SHOWN, text))).pages[0].extract_text()
        assert bare(shown) == bare(text)

    @pytest.mark.parametrize("text", HOSTILE_VALUES)
    def test_stay_text_in_a_docx(self, text: str) -> None:
        assert text_of(docx(a_template("{{ text }}"), {"text": text})) == text


class TestTemplatesOfPdf:
    """模板只读本版本的文件：不取网络上的包，不拼出包名，不读别处，不循环到底。"""

    @pytest.mark.parametrize(
        "template",
        [
            '#import ("@" + "preview/x:1.0.0"): *',
            '#import "\\u{40}preview/x:1.0.0": *',
            '#include ("/etc/" + "passwd")',
            '#let name = "@preview/x:1.0.0"\n#import name: *',
            '#{ import"@preview/x:1.0.0" }',
            '#read("/etc/" + "passwd")',
            '#image("/etc/hostname")',
            "#while true { }",
            "#let f(n) = f(n + 1)\n#f(0)",
        ],
    )
    def test_a_hostile_one_is_refused(self, template: str) -> None:
        with pytest.raises(TemplateFault):
            pdf(template)

    def test_a_plain_import_of_the_version_is_taken(self) -> None:
        files = {"a/x.typ": b'#import "../b/y.typ": z\n#z', "b/y.typ": b"#let z = [1]"}
        assert Typesetter([FONTS]).pdf(files, "a/x.typ", {}, AT).startswith(b"%PDF")


class TestTemplatesOfWord:
    """模板在沙箱里运行：够不到对象的内部，也不能以小造大。"""

    @pytest.mark.parametrize(
        "template",
        [
            "{{ ''.__class__.__mro__[1].__subclasses__() }}",
            "{{ d.__init__.__globals__ }}",
            "{{ self._TemplateReference__context }}",
            "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
            "{{ ''['format'].__self__ }}",
            "{{ ('%' ~ 's')|format(d) }}",
            "{% for x in range(10) %}x{% endfor %}",
            "{{ 'x' * 1000000000 }}",
            "{{ 9 ** 999999999 }}",
            "{{ '%9999999999d' % 1 }}",
            "{{ 'x'|center(9999999999) }}",
            "{% include '/etc/passwd' %}",
            "{% import 'os' as os %}",
            "{{ 1 / 0 }}",
            "{{ d + 1 }}",
        ],
    )
    def test_a_hostile_one_is_refused(self, template: str) -> None:
        with pytest.raises(TemplateFault):
            docx(a_template(template), {"d": "x"})

    def test_one_that_unpacks_to_too_much_is_refused_unread(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wordprocess, "MOST_BYTES", 1_000_000)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b"\0" * 1_000_001)
        assert len(packed.getvalue()) < 10_000
        with pytest.raises(TemplateFault, match="unpacks"):
            docx(packed.getvalue(), {})
        with pytest.raises(TemplateFault, match="unpacks"):
            fields_of(packed.getvalue())

    def test_one_of_too_many_parts_is_refused_unread(self) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for number in range(wordprocess.MOST_FILES + 1):
                archive.writestr(f"{number}", b"")
        with pytest.raises(TemplateFault, match="unpacks"):
            docx(packed.getvalue(), {})
