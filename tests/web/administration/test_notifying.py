"""管理员：没有发出去的消息，对外消息的模板。"""

from __future__ import annotations

import sqlalchemy as sa

from engine.commands.notice_preferences import save_notice_preference, set_notice_address
from engine.store.tables import NoticeTemplate, OutboxJob
from scheduler.channels import Outgoing, Reach
from tests.office import Town
from tests.web.reading import words

GIVEN = {
    "subject-zh": "【{case_number}】",
    "subject-en": "[{case_number}]",
    "body-zh": "{procedure} {step} {due}",
    "body-en": "{procedure} {step} {due}",
}


class TestTemplates:
    """模板：预览、保存、恢复，逐版留存。"""

    def test_all_are_listed(self, town: Town) -> None:
        page = words(town.visit("方某").get("/admin/notices"))

        assert "红牌：{case_number}" in page
        assert page.count("平台默认") == 13

    def test_a_preview_keeps_nothing(self, town: Town) -> None:
        page = town.visit("方某").post("/admin/notices/red", data={**GIVEN, "preview": "yes"})

        assert "【某司问〔2026〕1号】" in page.text
        assert town.all(sa.select(NoticeTemplate)) == []

    def test_a_change_is_a_version(self, town: Town) -> None:
        browser = town.visit("方某")
        browser.post("/admin/notices/red", data=GIVEN)
        browser.post("/admin/notices/red", data=GIVEN)
        page = words(browser.get("/admin/notices/red"))

        assert "第 1 版" in page
        assert "本机关第 1 版" in words(browser.get("/admin/notices"))

        browser.post("/admin/notices/red/reset")
        assert "第 2 版 恢复平台默认" in words(browser.get("/admin/notices/red"))

    def test_what_may_not_go_out_is_told_and_kept_on_the_page(self, town: Town) -> None:
        given = {**GIVEN, "body-zh": "{reporter}反映"}
        browser = town.visit("方某")

        refused = browser.post("/admin/notices/red", data=given)
        previewed = browser.post("/admin/notices/red", data={**given, "preview": "yes"})

        assert "模板中的“reporter”不能使用" in refused.text
        assert "{reporter}反映" in refused.text
        assert "不能使用：reporter" in previewed.text

    def test_others_do_not_see_them(self, town: Town) -> None:
        browser = town.visit("冯某")

        assert browser.get("/admin/notices").status_code == 403
        assert browser.post("/admin/notices/red", data=GIVEN).status_code == 403
        assert town.visit("方某").get("/admin/notices/x").status_code == 404


class TestDeadLetters:
    """没有发出去的列出原因，可以重发；不显示地址。"""

    def test_one_is_listed_and_sent_again(self, town: Town) -> None:
        town.office.channels = Outgoing(reach=Reach(("hook.example",)))
        address = ("webhook", "generic", "https://hook.example/geheim")
        town.give("冯某", set_notice_address, *address, secret="s" * 8)
        town.give("冯某", save_notice_preference, {"near": ["webhook"]})
        town.open()
        town.at(2026, 3, 4)
        with town.office.database.begin() as session:
            job = session.scalars(
                sa.select(OutboxJob).where(OutboxJob.kind == "deliver_notices")
            ).one()
            job.state, job.last_error, job.attempts = "dead", "NotReached: hook.example: x", 8
        browser = town.visit("方某")
        page = browser.get("/admin/notices")

        assert "冯某" in words(page)
        assert "NotReached: hook.example: x" in page.text
        assert "geheim" not in page.text
        assert "deliver_notices" not in browser.get("/admin").text

        again = browser.post(f"/admin/notices/jobs/{job.id}", follow_redirects=True)
        assert "已安排重发。" in again.text
        assert "没有。多次重试仍未送达的消息会列在这里。" in words(again)
