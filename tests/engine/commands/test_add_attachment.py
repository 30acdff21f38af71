"""附件：类型以文件内容为准，按摘要存放；调查附件只供调查组（SUP-016）。"""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from engine.commands.add_attachment import add_attachment
from engine.commands.file import file
from engine.desk.views import case_view
from engine.errors import NotAllowed, NotFound, Refusal
from engine.store.tables import CaseRow
from tests.engine.commands.conftest import Town

PDF = b"%PDF-1.7 text"


def office_file(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


class TestWhatIsTaken:
    """只收几种类型，且内容须与名称相符，不含宏。"""

    @pytest.mark.parametrize(
        ("name", "content", "media_type"),
        [
            ("证据.pdf", PDF, "application/pdf"),
            ("a.PNG", b"\x89PNG\r\n\x1a\nx", "image/png"),
            ("a.jpg", b"\xff\xd8\xffx", "image/jpeg"),
            ("a.txt", "说明".encode(), "text/plain"),
            ("a.mp4", b"\0\0\0\x18ftypmp42", "video/mp4"),
            (
                "a.docx",
                office_file("word/document.xml"),
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            ),
        ],
    )
    def test_it_is_kept_by_its_digest(
        self, town: Town, name: str, content: bytes, media_type: str
    ) -> None:
        case = town.open()
        row = town.give("初核甲", add_attachment, case.id, name, content)

        assert row.media_type == media_type
        assert row.digest == hashlib.sha256(content).hexdigest()
        assert town.office.files.get(row.digest) == content

    @pytest.mark.parametrize(
        ("name", "content", "why"),
        [
            ("a.pdf", b"", "attachment.empty"),
            ("a.pdf", b"%PDF-" + b"x" * 20_000_000, "attachment.too_large"),
            ("a.exe", b"MZ", "attachment.type"),
            ("noname", b"x", "attachment.type"),
            ("a.pdf", b"<script>", "attachment.not_what_it_says"),
            ("a.docx", b"PK no zip", "attachment.not_what_it_says"),
            ("a.docx", office_file("xl/a.xml"), "attachment.not_what_it_says"),
            ("a.docx", office_file("word/a.xml", "word/vbaProject.bin"), "attachment.not_what"),
            ("a.txt", b"\xff\xfe", "attachment.not_what_it_says"),
            ("a.txt", b"a\0b", "attachment.not_what_it_says"),
        ],
    )
    def test_everything_else_is_refused(
        self, town: Town, name: str, content: bytes, why: str
    ) -> None:
        case = town.open()

        with pytest.raises(Refusal, match=why.replace(".", r"\.")):
            town.give("初核甲", add_attachment, case.id, name, content)

    def test_a_path_in_the_name_is_cut_off(self, town: Town) -> None:
        case = town.open()

        assert town.give("初核甲", add_attachment, case.id, "../../x\\y.pdf", PDF).name == "y.pdf"


class TestWhoSeesIt:
    """保密环节的附件，调查组以外不可见。"""

    def test_what_investigators_add_is_theirs(self, town: Town) -> None:
        case = investigated(town)
        item = town.claim("初核乙", case, "ut_interview")
        town.give("初核乙", add_attachment, case.id, "笔录.pdf", PDF, work_item_id=item.id)
        town.give("初核乙", add_attachment, case.id, "公开.pdf", PDF)

        def opened(by: str) -> list[str]:
            view = town.office.ask(town.actor(by), case_view, case.id)
            return [one.name for one in view.attachments if one.id in view.openable]

        assert opened("初核乙") == ["笔录.pdf", "公开.pdf"]
        assert opened("初核丙") == ["公开.pdf"]
        assert opened("监事甲") == []

    def test_an_item_of_another_case_is_not_found(self, town: Town) -> None:
        case, other = town.open(), town.open()

        for wrong in (town.item(other, "ut_verify").id, "none"):
            with pytest.raises(NotFound):
                town.give("初核甲", add_attachment, case.id, "a.pdf", PDF, work_item_id=wrong)

    def test_an_outsider_adds_nothing(self, town: Town) -> None:
        case = town.open()

        with pytest.raises((NotFound, NotAllowed)):
            town.give("外人", add_attachment, case.id, "a.pdf", PDF)


def investigated(town: Town) -> CaseRow:
    case = town.open()
    town.give("初核甲", file, case.id, "acts", {"request": "x"})
    members = [town.people["初核甲"], town.people["初核乙"]]
    town.do("初核甲", case, "ut_team", members=members)
    return case
