"""办案说明只显示文字：标题、段落、列表、表格；上传的内容里的网址和标记不起作用。"""

from __future__ import annotations

from web.prose import Block, Span, read_prose


def text(value: str) -> tuple[Span, ...]:
    return (Span("text", value),)


class TestReading:
    """README.md 用到的写法。"""

    def test_headings_paragraphs_and_bullets(self) -> None:
        assert read_prose("# 流程\n\n第一行\n第二行\n\n* 甲\n- 乙\n") == (
            Block("heading", level=1, lines=(text("流程"),)),
            Block("paragraph", lines=(text("第一行第二行"),)),
            Block("bullets", lines=(text("甲"), text("乙"))),
        )

    def test_a_table(self) -> None:
        assert read_prose("| 步骤 | 谁 |\n|---|:-:|\n| 受理 | **受理岗** |") == (
            Block(
                "table",
                head=(text("步骤"), text("谁")),
                rows=((text("受理"), (Span("bold", "受理岗"),)),),
            ),
        )

    def test_bold_and_code_in_a_line(self) -> None:
        (block,) = read_prose("见 `scope.dmn` 的 **情形**。")

        assert block.lines[0] == (
            Span("text", "见 "),
            Span("code", "scope.dmn"),
            Span("text", " 的 "),
            Span("bold", "情形"),
            Span("text", "。"),
        )

    def test_links_and_pictures_leave_their_words_only(self) -> None:
        (block,) = read_prose("[办法](javascript:alert(1)) ![图](https://x.example/a.png)")

        assert "".join(span.text for span in block.lines[0]).startswith("办法")
        assert all("example" not in span.text for span in block.lines[0])

    def test_a_table_of_nothing_but_its_line(self) -> None:
        assert read_prose("|---|") == (Block("paragraph"),)

    def test_nothing(self) -> None:
        assert read_prose("\n \n") == ()
