"""告知的文字：模板由管理员修改，逐版留存。"""

from __future__ import annotations

import pytest

from engine.commands.notice_templates import change_notice_template, reset_notice_template
from engine.desk.views.notifying import sample, template, templates
from engine.errors import NotAllowed, NotFound, Refusal
from engine.model.notifying import Event
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom
from tests.engine.commands.outward import WORKERS, address, assign, sent
from tests.scheduler.channels.receivers import Kept

SUBJECT = {"zh": "【督办】{case_number}", "en": "Now: {case_number}"}
BODY = {"zh": "{procedure}：{step}，{due}。", "en": "{procedure}: {step}, {due}."}


class TestTemplates:
    """模板由管理员修改，逐版留存，可以恢复。"""

    def test_other_words_go_out_from_then_on(self, room: Boardroom, kept: Kept) -> None:
        address(room, kept)
        room.give("管理员", change_notice_template, "assigned", SUBJECT, BODY)
        case = assign(room)
        drain(room.office, WORKERS)

        assert sent(kept)[0]["subject"] == f"【督办】{case.number}"
        assert sent(kept)[0]["lines"] == ["监事会小程序：调查，—。"]

    def test_every_change_is_a_version_on_the_record(self, room: Boardroom) -> None:
        room.give("管理员", change_notice_template, "red", SUBJECT, BODY)
        room.give("管理员", reset_notice_template, "red")
        line, history = room.office.ask(room.actor("管理员"), template, "red")

        assert [(row.number, row.is_reset, name) for row, name in history] == [
            (2, True, "管理员"),
            (1, False, "管理员"),
        ]
        assert not line.is_own
        assert line.words.subject["zh"] == "红牌：{case_number}"
        assert room.last(None, "notice_template_changed")["reset"] is True

    def test_the_words_in_use_are_shown(self, room: Boardroom) -> None:
        room.give("管理员", change_notice_template, "red", SUBJECT, BODY)
        lines = room.office.ask(room.actor("管理员"), templates)

        assert [line.event for line in lines if line.is_own] == [Event.RED]
        assert len(lines) == len(Event)

    def test_the_same_words_are_no_new_version(self, room: Boardroom) -> None:
        assert room.give("管理员", reset_notice_template, "red") is None
        room.give("管理员", change_notice_template, "red", SUBJECT, BODY)
        assert room.give("管理员", change_notice_template, "red", SUBJECT, BODY) is None

    @pytest.mark.parametrize(
        ("subject", "body", "message"),
        [
            ({"zh": "x"}, BODY, "notify.template"),
            ({"zh": "x\ny", "en": "x"}, BODY, "notify.template"),
            ({"zh": "x" * 101, "en": "x"}, BODY, "notify.template"),
            (SUBJECT, {"zh": "x" * 501, "en": "x"}, "notify.template"),
            (SUBJECT, {"zh": "{reporter}", "en": "x"}, "notify.variables"),
            ({"zh": "{case_number.x}", "en": "x"}, BODY, "notify.variables"),
        ],
    )
    def test_what_may_not_go_out_is_refused(
        self, room: Boardroom, subject: dict[str, str], body: dict[str, str], message: str
    ) -> None:
        with pytest.raises(Refusal, match=message):
            room.give("管理员", change_notice_template, "red", subject, body)

    def test_only_administrators_change_them(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed):
            room.give("主席", change_notice_template, "red", SUBJECT, BODY)
        with pytest.raises(NotAllowed):
            room.office.ask(room.actor("主席"), templates)

    def test_an_unknown_kind_is_refused(self, room: Boardroom) -> None:
        with pytest.raises(Refusal, match=r"notify\.unknown"):
            room.give("管理员", reset_notice_template, "birthday")
        with pytest.raises(NotFound):
            room.office.ask(room.actor("管理员"), template, "birthday")

    def test_a_preview_tells_of_a_case_that_is_made_up(self) -> None:
        assert sample("{case_number} {due}", "zh") == "某司问〔2026〕1号 2026年4月29日"
        assert sample("{reporter}", "zh") == "{reporter}"
