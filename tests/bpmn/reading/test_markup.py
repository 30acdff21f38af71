"""上传的一切内容，未经检查之前都当作恶意内容。"""

import pytest

from bpmn.findings import DiagramRefused, Finding
from bpmn.reading import parse_xml


def refused(content: bytes, *, limit: int = 5_000_000) -> Finding:
    with pytest.raises(DiagramRefused) as caught:
        parse_xml(content, name="upload.bpmn", limit=limit)
    (finding,) = caught.value.findings
    return finding


class TestNoDoctypeAndNoEntity:
    """A document type declaration is refused before anything that it declares is read."""

    @pytest.mark.parametrize(
        "subset",
        [
            "",
            '<!ENTITY a "aaaa">',
            '<!ENTITY a SYSTEM "file:///etc/passwd">',
            '<!ENTITY % p SYSTEM "https://wenze.example/p.dtd"> %p;',
            '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">',
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_a_doctype_is_refused_whatever_it_declares(self, subset: str, encoding: str) -> None:
        text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [{subset}]><d>&a;</d>'

        assert refused(text.encode(encoding)).rule == "doctype"

    def test_an_external_doctype_is_refused(self) -> None:
        content = b'<!DOCTYPE d SYSTEM "https://wenze.example/d.dtd"><d/>'

        assert refused(content).rule == "doctype"

    def test_an_entity_that_nobody_declared_is_refused(self) -> None:
        assert refused(b"<d>&a;</d>").rule == "xml"

    def test_the_word_in_a_text_is_no_doctype(self) -> None:
        assert parse_xml(b"<d><![CDATA[<!DOCTYPE d>]]></d>", name="d").text == "<!DOCTYPE d>"


class TestBounds:
    """Size, depth and form are bounded, and the sentence says what to do."""

    def test_twenty_million_bytes_of_text_are_refused_unread(self) -> None:
        finding = refused(b"<d>" + b"x" * 20_000_000 + b"</d>")

        assert finding.rule == "size"
        assert "20000007" in finding.en
        assert "拆分" in finding.zh

    def test_a_file_of_the_limit_is_read_and_one_byte_more_refused(self) -> None:
        assert parse_xml(b"<d>xx</d>", name="d", limit=9).tag == "d"
        assert refused(b"<d>xxx</d>", limit=9).rule == "size"

    def test_a_hundred_levels_are_read_and_one_more_refused(self) -> None:
        assert parse_xml(b"<d>" * 100 + b"</d>" * 100, name="d").tag == "d"
        deep = b'<d id="outer">' + b"<d>" * 100 + b"</d>" * 101

        assert (refused(deep).rule, refused(deep).element) == ("depth", "outer")

    def test_what_libxml_itself_will_not_nest_is_refused(self) -> None:
        assert refused(b"<d>" * 3000 + b"</d>" * 3000).rule == "xml"

    @pytest.mark.parametrize("content", [b"", b"\x00", b"text", b"<d>", b"\xff\xfe", b"<d/><e/>"])
    def test_what_is_not_well_formed_is_refused(self, content: bytes) -> None:
        assert refused(content).rule == "xml"

    def test_a_refusal_reads_as_one_line_with_file_and_rule(self) -> None:
        with pytest.raises(DiagramRefused, match=r"^upload\.bpmn:1 - doctype The file has"):
            parse_xml(b"<!DOCTYPE d><d/>", name="upload.bpmn")
