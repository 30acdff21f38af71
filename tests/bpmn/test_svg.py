"""浏览器交来的图，先清理再给别人看。"""

import pytest

from bpmn.findings import DiagramRefused
from bpmn.svg import clean_svg

IDS = frozenset({"ut_decide", "start"})


def cleaned(inner: str, attributes: str = "") -> str:
    content = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f"{attributes}>{inner}</svg>"
    )
    return clean_svg(content.encode(), ids=IDS).decode()


class TestWhatIsKept:
    """A picture as the modeller saves it looks as before."""

    def test_shapes_texts_and_markers_stay(self) -> None:
        inner = (
            '<defs><marker id="end" viewBox="0 0 20 20" refX="11" orient="auto">'
            '<path d="M 1 5 L 11 10 Z" style="stroke-linecap: round; fill: black"/></marker></defs>'
            '<g class="djs-element djs-shape" transform="matrix(1 0 0 1 156 82)">'
            '<rect x="0" y="0" width="100" height="80" rx="10" style="fill: white"/>'
            '<text lineHeight="1.2"><tspan x="1" y="2">作出决定</tspan></text></g>'
        )

        result = cleaned(inner, 'width="200" height="100" viewBox="0 0 200 100" version="1.1"')

        for kept in (
            'viewBox="0 0 200 100"',
            'transform="matrix(1 0 0 1 156 82)"',
            'class="djs-element djs-shape"',
            'style="stroke-linecap: round; fill: black"',
            'd="M 1 5 L 11 10 Z"',
            'rx="10"',
            "作出决定",
        ):
            assert kept in result

    @pytest.mark.parametrize("url", ["url(#end)", "url('#end')", 'url("#end")'])
    def test_a_marker_of_the_picture_itself_stays(self, url: str) -> None:
        quoted = url.replace('"', "&quot;")

        assert "marker-end: url(" in cleaned(f'<path d="M0,0" style="marker-end: {quoted}"/>')

    @pytest.mark.parametrize("href", ["href", "xlink:href"])
    def test_a_reference_within_the_picture_stays(self, href: str) -> None:
        assert "#end" in cleaned(f'<use {href}="#end"/>')

    @pytest.mark.parametrize("identity", ["ut_decide", "start", "start_label"])
    def test_an_element_of_the_diagram_keeps_its_id(self, identity: str) -> None:
        assert f'data-element-id="{identity}"' in cleaned(f'<g data-element-id="{identity}"/>')


class TestWhatGoes:
    """What acts, loads or hides is taken out; the rest stays."""

    @pytest.mark.parametrize(
        "inner",
        [
            "<script>alert(1)</script>",
            '<script href="https://evil.example/x.js"/>',
            "<foreignObject><b xmlns='http://www.w3.org/1999/xhtml'>alert</b></foreignObject>",
            "<style>@import url(https://evil.example/alert.css)</style>",
            "<metadata><x>alert</x></metadata>",
            "<!-- alert -->",
            "<?alert x?>",
            '<g onclick="alert(1)"/>',
            '<g onload="alert(1)"/>',
            '<use href="https://evil.example/alert.svg#a"/>',
            '<use href="javascript:alert(1)"/>',
            '<use href="data:image/svg+xml;base64,alert"/>',
            '<use xlink:href="//evil.example/alert"/>',
            '<rect style="fill: url(https://evil.example/alert)"/>',
            '<rect style="background: url(alert)"/>',
            '<rect style="fill: expression(alert(1))"/>',
            r'<rect style="fill: \75rl(alert)"/>',
            '<rect fill="url(https://evil.example/alert)"/>',
            '<rect fill="URL ( alert )"/>',
            '<g data-alert="1"/>',
            '<g data-element-id="alert"/>',
            '<g data-element-id="alert_label"/>',
            '<g xmlns:x="https://evil.example" x:href="alert"/>',
        ],
    )
    def test_it_is_gone_and_what_stands_after_it_is_not(self, inner: str) -> None:
        result = cleaned(f'{inner}<rect id="after" width="1"/>')

        assert "alert" not in result
        assert "evil" not in result
        assert 'id="after"' in result

    def test_an_event_on_the_picture_itself_goes(self) -> None:
        assert "alert" not in cleaned("<g/>", 'onload="alert(1)"')

    def test_what_stands_within_something_that_goes_is_not_looked_at(self) -> None:
        assert "x" not in cleaned("<metadata><x/></metadata>").replace("xmlns", "")


class TestWhatIsRefused:
    """What is not known is refused, and named."""

    @pytest.mark.parametrize(
        "inner",
        [
            "<animate/>",
            "<set/>",
            "<a/>",
            "<image/>",
            "<iframe xmlns='http://www.w3.org/1999/xhtml'/>",
            "<rect xmlns='https://evil.example'/>",
        ],
    )
    def test_an_unknown_element_is_refused_by_name(self, inner: str) -> None:
        with pytest.raises(DiagramRefused) as caught:
            cleaned(f"\n{inner}")

        (finding,) = caught.value.findings
        assert finding.rule == "svg-unknown"
        assert finding.line == 2

    @pytest.mark.parametrize(
        "content", [b"<html/>", b"<svg/>", b"", b"<!DOCTYPE svg><svg/>", b"\x89PNG"]
    )
    def test_what_is_no_svg_is_refused(self, content: bytes) -> None:
        with pytest.raises(DiagramRefused):
            clean_svg(content, ids=IDS)

    def test_cleaning_twice_gives_the_same(self) -> None:
        once = cleaned('<g data-element-id="start"><rect style="fill: red; x: y"/></g>')

        assert clean_svg(once.encode(), ids=IDS).decode() == once


class TestTheModellersOwn:
    """bpmn-js 导出的图，前有 SVG 1.1 的文档类型声明，定义里有网格：照样保存；别的声明不收。"""

    DOCTYPE = (
        '<?xml version="1.0" encoding="utf-8"?>\n<!-- created with bpmn-js -->\n'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN"'
        ' "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
    )
    PICTURE = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><defs>'
        '<pattern id="djs-grid-pattern-1"><circle cx="0.5"/></pattern></defs>'
        '<g data-element-id="start"><rect width="5"/></g></svg>'
    )

    def test_it_is_kept_without_declaration_and_grid(self) -> None:
        kept = clean_svg((self.DOCTYPE + self.PICTURE).encode(), ids=IDS).decode()

        assert kept.startswith("<svg")
        assert '<g data-element-id="start"><rect width="5"/></g>' in kept
        assert "pattern" not in kept

    @pytest.mark.parametrize(
        "declared",
        [
            '<!DOCTYPE svg [<!ENTITY x "y">]>',
            '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://evil.example/a.dtd">',
            DOCTYPE.replace("<!DOC", "<!DOC<!DOC"),
            DOCTYPE + DOCTYPE[DOCTYPE.index("<!DOCTYPE") :],
        ],
    )
    def test_any_other_declaration_is_refused(self, declared: str) -> None:
        with pytest.raises(DiagramRefused):
            clean_svg((declared + self.PICTURE).encode(), ids=IDS)
