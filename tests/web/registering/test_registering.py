"""登记线索：选流程、填表、取得案号和回执；登记是受理岗的职责。"""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa

from engine.store.tables import CaseRow
from tests.office import Town, answers_of
from tests.web.reading import words

ADDRESS = "/register/corporate-accountability"


def clue(town: Town, **more: Any) -> dict[str, Any]:
    answers = town.clue(**{"channel": "CA5", "summary": "检查发现推诿。", **more})
    return {"answers": orjson.dumps(answers).decode(), "action": "register"}


class TestRegister:
    """登记后即有案号；六种渠道都在表上。"""

    def test_the_form_offers_the_six_channels(self, town: Town) -> None:
        browser = town.visit("冯某")
        assert browser.get("/register").headers["Location"] == ADDRESS
        schema = answers_of(browser.get(ADDRESS))["schema"]

        [channel] = [one for one in schema["components"] if one.get("key") == "channel"]

        assert len(channel["values"]) == 6

    def test_today_is_filled_in(self, town: Town) -> None:
        block = answers_of(town.visit("冯某").get(ADDRESS))

        assert block["data"]["received_on"] == "2026-03-02"

    def test_the_number_is_there_at_once_and_can_be_printed(self, town: Town) -> None:
        browser = town.visit("冯某")

        answer = browser.post(ADDRESS, data=clue(town))

        case = town.one(sa.select(CaseRow))
        assert answer.headers["Location"] == f"/register/done/{case.id}"
        page = words(browser.get(answer.headers["Location"]))
        assert "已登记：某司问〔2026〕1号" in page
        assert "接下来：查重、分流。" in page
        assert "来源渠道 巡视（巡查）、工作检查或工作目标考核中的意见建议" in page

    def test_what_is_missing_is_named(self, town: Town) -> None:
        answer = town.visit("冯某").post(ADDRESS, data=clue(town, summary=""))

        assert answer.status_code == 422
        assert [one["path"] for one in answers_of(answer)["errors"]] == ["summary"]
        assert town.all(sa.select(CaseRow)) == []

    def test_a_day_that_has_not_come_is_refused(self, town: Town) -> None:
        answer = town.visit("冯某").post(ADDRESS, data=clue(town, received_on="2026-03-03"))

        assert answer.status_code == 409
        assert "尚未到来，不能作为事实发生日" in words(answer)


class TestWhoRegisters:
    """流程许可举报人在线登记的，有账号的人都可以以举报人身份登记。"""

    def test_others_register_as_reporters(self, town: Town) -> None:
        assert town.visit("魏某").get("/register").headers["Location"] == ADDRESS

    def test_an_unknown_procedure_does_not_exist(self, town: Town) -> None:
        assert town.visit("冯某").get("/register/other").status_code == 404
