"""场景中的附件：写文件名，按其类型附上一个最小的文件 (docs/scenarios.md)."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.submit_work import Upload
from engine.desk import Desk
from engine.desk.file_types import media_type_of
from engine.errors import Refusal
from engine.publishing.scenarios import Stage, Theatre, read_scenario
from engine.publishing.scenarios.attaching import upload, with_files
from engine.publishing.scenarios.playing import perform
from engine.store.tables import Attachment
from engine.workflow import Form
from tests.engine.publishing.rehearsing.board import CAST, SCENARIO, board

CLUE = "answers: {channel: CA1, facts: 停产, subject_id: 陈某, papers: [%s]}"


def played(*steps: str) -> tuple[Stage, list[str]]:
    """Play steps on a stage of the board; return it, and what went otherwise."""
    lines = ["id: SC", "title: 附件", "given: {clock: 2026-03-02 09:00}", "steps:"]
    text = "\n".join((*lines, *(f"- {one}" for one in steps)))
    folder = board()
    files = {"board/scenarios/cast.yaml": CAST.encode(), SCENARIO: text.encode()}
    scenario = read_scenario(files, SCENARIO)
    stage = Theatre(folder).stage(scenario)
    return stage, [one.en for one in perform(scenario.steps, stage)]


def attached(desk: Desk) -> dict[str, str]:
    """Return the media types of all attachments by their names."""
    rows = desk.session.execute(sa.select(Attachment.name, Attachment.media_type))
    return {one.name: one.media_type for one in rows}


class TestTheLeastOfEachType:
    """每种可以附的类型都有一个最小的文件，通过与页面同样的检查。"""

    def test_each_type_that_may_be_attached_passes_its_check(self) -> None:
        with pytest.raises(Refusal) as refused:
            media_type_of("a.exe", b"x")
        allowed = str(refused.value.params["allowed"]).split(", ")

        assert "pdf" in allowed
        for kind in allowed:
            sent = upload(f"附件.{kind.upper()}")
            assert media_type_of(sent.name, sent.content)

    def test_the_same_name_gives_the_same_bytes(self) -> None:
        assert upload("笔录.docx").content == upload("笔录.docx").content


class TestReferences:
    """只有选取文件的字段，文件名才换成附件。"""

    FORM = Form(
        "board:clue",
        {
            "type": "default",
            "components": [
                {"type": "filepicker", "key": "papers", "label": "附件"},
                {"type": "textfield", "key": "note", "label": "说明"},
            ],
        },
    )

    @pytest.mark.parametrize(
        ("answers", "sent", "names"),
        [
            ({"papers": ["a.pdf"], "note": "x"}, {"papers": "files::1", "note": "x"}, ["a.pdf"]),
            ({"rows": [{"papers": ["a.pdf"]}]}, {"rows": [{"papers": "files::1"}]}, ["a.pdf"]),
            ({"papers": []}, {"papers": []}, []),
            ({"papers": [1]}, {"papers": [1]}, []),
            ({"papers": "a.pdf"}, {"papers": "a.pdf"}, []),
            ({"note": ["a.pdf"]}, {"note": ["a.pdf"]}, []),
        ],
    )
    def test_lists_of_names_become_references(
        self, answers: dict[str, Any], sent: dict[str, Any], names: list[str]
    ) -> None:
        found, files = with_files(answers, self.FORM)

        assert found == sent
        assert [one.name for group in files.values() for one in group] == names
        assert all(isinstance(one, Upload) for group in files.values() for one in group)

    def test_without_a_form_nothing_is_attached(self) -> None:
        assert with_files({"papers": ["a.pdf"]}, None) == ({"papers": ["a.pdf"]}, {})


@pytest.mark.slow
class TestAttaching:
    """登记、办结、提交、批注时附上。"""

    def test_what_a_clue_and_a_comment_name_is_attached(self) -> None:
        clue = f"{{open: board, by: 受理员, channel: CA1, subject: 陈某, {CLUE % '举报信.pdf'}}}"
        comment = "{comment: 见时限表, by: 承办甲, files: [时限表.xlsx]}"

        stage, failures = played(clue, comment)

        assert failures == []
        assert stage.office.ask(stage.platform, attached) == {
            "举报信.pdf": "application/pdf",
            "时限表.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
        stage.office.database.close()

    def test_what_may_not_be_attached_is_refused(self) -> None:
        clue = f"{{open: board, by: 受理员, channel: CA1, subject: 陈某, {CLUE % '程序.exe'}}}"

        stage, [told] = played(clue)

        assert "attachment.type" in told
        assert stage.office.ask(stage.platform, attached) == {}
        stage.office.database.close()
