"""导入名单：先看将有的变动，再整份导入；名单上没有的不变；文件在检查之前一概不可信。"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from html import unescape

import pytest
import sqlalchemy as sa
import xlsxwriter

from engine.commands.import_roster import RosterChange, RosterLine, import_roster, roster_changes
from engine.errors import NotAllowed, Refusal
from engine.store.tables import AuditEntry, PersonRow, PostRow, UnitRow
from tests.office import Town
from web.administration.rosters import lines_of, read_rows

HEAD = "单位,姓名,职务,角色,任职日期,截止日期\n"
NEW = HEAD + (
    "机关/审计部/一处,罗某,处长,verifier,2026-04-01,\n机关/审计部/一处,罗某,处长,archivist,,\n"
)


def changes(town: Town, text: str) -> tuple[RosterChange, ...]:
    found: tuple[RosterChange, ...] = town.ask(
        "方某", roster_changes, lines_of(read_rows(text.encode()))
    )
    return found


def workbook(rows: list[list[object]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


class TestWhatChanges:
    """单位逐级增加，人员按姓名和单位认定，任职按人员和角色认定。"""

    def test_units_people_and_posts_are_added(self, town: Town) -> None:
        assert [(one.kind, one.what, one.day) for one in changes(town, NEW)] == [
            ("unit", "机关/审计部", None),
            ("unit", "机关/审计部/一处", None),
            ("person", "罗某", None),
            ("post", "罗某 · verifier", date(2026, 4, 1)),
            ("post", "罗某 · archivist", date(2026, 3, 2)),
        ]
        assert town.all(sa.select(PersonRow).where(PersonRow.name == "罗某")) == []

    def test_imported_it_has_nothing_more_to_change(self, town: Town) -> None:
        lines = lines_of(read_rows(NEW.encode()))
        assert town.give("方某", import_roster, lines) == 5
        assert changes(town, NEW) == ()
        unit = town.one(sa.select(UnitRow).where(UnitRow.name == "一处"))
        person = town.one(sa.select(PersonRow).where(PersonRow.name == "罗某"))
        assert person.unit_id == unit.id
        entry = town.one(sa.select(AuditEntry).where(AuditEntry.fact == "organisation_imported"))
        assert entry.details == {"lines": 2, "changes": 5}

    def test_white_space_around_words_makes_nobody_new(self, town: Town) -> None:
        lines = [RosterLine(1, "机关 / 审计部", " 罗某 ", " 处长 ")]
        assert town.give("方某", import_roster, lines) == 2
        assert town.give("方某", import_roster, lines) == 0
        assert town.one(sa.select(PersonRow.title).where(PersonRow.name == "罗某")) == "处长"
        with pytest.raises(Refusal, match=r"roster\.no_name"):
            town.give("方某", import_roster, [RosterLine(1, "机关", "  ")])

    def test_a_last_day_ends_a_post(self, town: Town) -> None:
        text = HEAD + "机关,吕某,审计部主管,verifier,,2026-03-31\n"
        assert [one.kind for one in changes(town, text)] == ["end"]
        town.give("方某", import_roster, lines_of(read_rows(text.encode())))
        post = town.one(
            sa.select(PostRow).where(
                PostRow.person_id == town.people["吕某"], PostRow.role == "verifier"
            )
        )
        assert post.valid_to == date(2026, 3, 31)

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (HEAD, "roster.how_many"),
            (HEAD + "机关,,x,,,\n", "roster.no_name"),
            (HEAD + f"机关,{'字' * 101},,,,\n", "roster.long"),
            (HEAD + f"机关,罗某,{'字' * 101},,,\n", "roster.long"),
            (HEAD + f"机关/{'字' * 101},罗某,,,,\n", "roster.long"),
            (HEAD + "机关,罗某,,verifier,2026-05-01,2026-04-01\n", "roster.days"),
            (HEAD + "机关,罗某,,verifier,明天,\n", "roster.no_day"),
            ("甲,乙\n1,2\n", "roster.unreadable"),
            ("", "roster.unreadable"),
        ],
    )
    def test_what_does_not_do_is_refused(self, town: Town, text: str, why: str) -> None:
        with pytest.raises(Refusal, match=why):
            changes(town, text)

    def test_two_of_one_name_in_a_unit_are_not_told_apart(self, town: Town) -> None:
        with town.office.database.begin() as session:
            lu = session.get_one(PersonRow, town.people["吕某"])
            twin = PersonRow(authority_id=lu.authority_id, name="吕某", unit_id=lu.unit_id)
            session.add(twin)
        with pytest.raises(Refusal, match=r"roster\.two"):
            changes(town, HEAD + "机关,吕某,,archivist,,\n")

    def test_only_administrators_import(self, town: Town) -> None:
        lines = lines_of(read_rows(NEW.encode()))
        with pytest.raises(NotAllowed):
            town.give("吕某", import_roster, lines)


class TestFiles:
    """CSV 用 UTF-8 或 GB 18030，工作簿读第一张表；超大、嵌套、带文档类型的一概拒绝。"""

    def test_a_workbook_reads_as_the_same_list(self) -> None:
        rows: list[list[object]] = [
            ["姓名", "单位", "角色", "任职日期"],
            ["罗某", "机关", "verifier", 46113],
        ]
        line = lines_of(read_rows(workbook(rows)))[0]
        assert (line.name, line.unit, line.role) == ("罗某", "机关", "verifier")
        assert line.valid_from == date(2026, 4, 1)

    def test_inline_texts_and_gaps_are_read(self) -> None:
        sheet = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            '<sheetData><row><c t="inlineStr"><is><t>name</t></is></c></row>'
            '<row><c r="A2" t="inlineStr"><is><t>罗</t><t>某</t></is></c>'
            '<c r="C2"><v>1</v></c></row>'
            "</sheetData></worksheet>"
        )
        assert read_rows(zipped({"xl/worksheets/sheet1.xml": sheet})) == [
            ["name"],
            ["罗某", "", "1"],
        ]

    def test_chinese_spreadsheets_write_gb18030(self) -> None:
        assert lines_of(read_rows((HEAD + "机关,罗某,,,,\n").encode("gb18030")))[0].name == "罗某"

    @pytest.mark.parametrize(
        "content",
        [
            b"PK\x03\x04broken",
            b"\xff\xff\xff",
            b"name\n\x00" + b"\xff",
        ],
    )
    def test_what_is_no_list_is_refused(self, content: bytes) -> None:
        with pytest.raises(Refusal, match=r"roster\.unreadable"):
            lines_of(read_rows(content))

    def test_a_document_type_is_refused(self) -> None:
        bad = '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'
        with pytest.raises(Refusal, match=r"roster\.unreadable"):
            read_rows(zipped({"xl/worksheets/sheet1.xml": bad}))

    def test_a_large_file_is_refused(self) -> None:
        with pytest.raises(Refusal, match=r"roster\.too_large"):
            read_rows(b"x" * 2_000_001)
        with pytest.raises(Refusal, match=r"roster\.unreadable"):
            read_rows(zipped({"xl/worksheets/sheet1.xml": " " * 20_000_001}))


def zipped(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in files.items():
            book.writestr(name, text)
    return content.getvalue()


class TestThePage:
    """上传后先列出变动，确认才导入。"""

    def test_a_list_is_seen_and_then_imported(self, town: Town) -> None:
        client = town.visit("方某")
        assert "选择文件" in client.get("/admin/people/import").text
        sent = {"action": "preview", "file": (io.BytesIO(NEW.encode()), "a.csv")}
        seen = client.post("/admin/people/import", data=sent)
        assert "2 行，5 处变动" in seen.text
        found = re.search(r'<textarea name="list"[^>]*>\n(.*?)</textarea>', seen.text, re.DOTALL)
        assert found
        confirmed = {"action": "confirm", "list": unescape(found[1])}
        done = client.post("/admin/people/import", data=confirmed, follow_redirects=True)
        assert "名单已导入" in done.text
        again = {"action": "preview", "file": (io.BytesIO(NEW.encode()), "a.csv")}
        assert "没有变动" in client.post("/admin/people/import", data=again).text

    def test_what_cannot_be_read_is_said(self, town: Town) -> None:
        page = town.visit("方某").post("/admin/people/import", data={"action": "preview"})
        assert page.status_code == 409
        assert "文件不能读取" in page.text

    def test_nobody_else_imports(self, town: Town) -> None:
        sent = {"action": "confirm", "list": NEW}
        assert town.visit("吕某").post("/admin/people/import", data=sent).status_code == 403
