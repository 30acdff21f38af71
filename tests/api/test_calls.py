"""程序接口：令牌即本人，范围之外一概拒绝；同样的权利、同样的记录，同一请求只办一次。"""

from __future__ import annotations

from urllib.parse import quote

import pytest
import sqlalchemy as sa

from engine.commands.kept_answers import kept_answer
from engine.commands.tokens import revoke_token, tokens
from engine.store.tables import AuditEntry, CaseRow, KeptAnswer
from tests.api.conftest import Bring
from tests.office import P01, PASSWORD, Town

BELL = "/work/{}/claim"


def clue(town: Town) -> dict[str, object]:
    return {
        "procedure": P01,
        "answers": town.clue(),
        "files": {},
    }


class TestWhoCalls:
    """没有令牌、令牌无效或已撤销的，401；范围不够的，403。"""

    @pytest.mark.parametrize("sent", ["", "Bearer", "Bearer wz_none", "Basic dTpw"])
    def test_without_a_token_nothing_is_told(self, town: Town, sent: str) -> None:
        answer = town.app.test_client().get("/api/v1/inbox", headers={"Authorization": sent})
        assert answer.status_code == 401
        assert answer.content_type == "application/problem+json"
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="wenze"'
        assert answer.json is not None
        assert answer.json["code"] == "api.no_token"

    def test_a_log_in_at_the_pages_opens_nothing_here(self, town: Town) -> None:
        assert town.visit("吕某").get("/api/v1/inbox").status_code == 401

    def test_revoked_it_opens_nothing(self, town: Town, program: Bring) -> None:
        robot = program("吕某")
        assert robot.get("/me").status_code == 200
        town.give("吕某", revoke_token, town.ask("吕某", tokens)[0].id)
        assert robot.get("/me").status_code == 401

    def test_what_is_outside_of_its_scopes_is_refused(self, town: Town, program: Bring) -> None:
        reader = program("冯某", "read")
        assert reader.get("/me").status_code == 200
        answer = reader.post("/cases", clue(town))
        assert answer.status_code == 403
        assert answer.json is not None
        assert "start" in answer.json["detail"]

    def test_an_administrator_is_one_only_with_the_scope(self, program: Bring) -> None:
        assert program("方某", "read").get("/people").status_code == 403
        assert program("方某").get("/people").status_code == 200
        assert program("吕某").get("/people").status_code == 403

    def test_who_calls_is_told_who_that_is(self, program: Bring) -> None:
        told = program("吕某").get("/me").json
        assert told is not None
        assert (told["authority"], told["roles"]) == (
            "某重工集团",
            ["investigator_pool", "verifier"],
        )

    def test_who_calls_too_often_waits_for_the_next_minute(
        self, town: Town, program: Bring
    ) -> None:
        town.app.extensions["wenze_rates"].most = 2
        robot = program("吕某")
        assert [robot.get("/me").status_code for _ in range(3)] == [200, 200, 429]
        assert robot.get("/me").headers["Retry-After"] == "60"
        assert program("秦某").get("/me").status_code == 200


class TestProblems:
    """出错时按 RFC 9457 作答，用读者的语言说明是什么、在哪里、怎么办。"""

    def test_a_refusal_is_said_in_the_language_that_was_asked_for(
        self, town: Town, program: Bring
    ) -> None:
        case = town.open()
        robot = program("冯某")
        path = f"/cases/{case.id}/withdrawal/decide"
        body = {"granted": True, "reasons": "准。"}
        zh = robot.post(path, body, Accept_Language="zh-CN")
        en = robot.post(path, body, Accept_Language="en")
        assert (zh.status_code, en.status_code) == (409, 409)
        assert zh.json is not None
        assert en.json is not None
        assert zh.json["code"] == en.json["code"]
        assert zh.json["detail"] != en.json["detail"]
        assert (zh.headers["Content-Language"], en.headers["Content-Language"]) == ("zh", "en")

    def test_what_one_may_not_know_of_is_not_found(self, town: Town, program: Bring) -> None:
        case = town.open()
        robot = program("钱某")
        assert robot.get(f"/cases/{case.id}").status_code == 404
        assert robot.get("/cases/none").status_code == 404
        assert robot.get("/cases/%00").status_code == 404

    @pytest.mark.parametrize(
        ("path", "status"), [("/nowhere", 404), ("/inbox/", 404), ("/inbox", 405)]
    )
    def test_what_there_is_not_is_a_problem_too(
        self, program: Bring, path: str, status: int
    ) -> None:
        answer = program("吕某").post(path)
        assert answer.status_code == status
        assert answer.content_type == "application/problem+json"

    def test_what_does_not_fit_is_said_by_place(self, program: Bring) -> None:
        robot = program("吕某")
        for path in ("/inbox?limit=0", "/inbox?limit=x", "/inbox?other=1", "/inbox?sort=a&sort=b"):
            assert robot.get(path).status_code == 422, path
        answer = robot.post("/interferences", {"who": "甲", "happened_on": "nie"})
        assert answer.status_code == 422
        answer = robot.post(
            "/interferences", {"who": "甲", "whom": "乙", "what": "从轻", "happened_on": "nie"}
        )
        assert answer.json is not None
        assert answer.json["errors"] == {"/happened_on": ["date"]}

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
    def test_a_day_at_the_end_of_time_is_none(self, program: Bring, day: str) -> None:
        answer = program("苏某").get(f"/ledger?since={day}")
        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["errors"] == {"/since": ["date"]}

    def test_a_cursor_of_nothing_is_none(self, program: Bring) -> None:
        answer = program("吕某").get("/cases?after=x")
        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["code"] == "api.cursor"

    @pytest.mark.parametrize(
        "after", ["x", "0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00|x"]
    )
    def test_a_cursor_of_an_instant_that_is_none(self, program: Bring, after: str) -> None:
        answer = program("苏某").get("/late?after=" + quote(after))
        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["code"] == "api.cursor"

    def test_a_body_is_json(self, town: Town, program: Bring) -> None:
        robot = program("吕某")
        headers = {"Authorization": f"Bearer {robot.secret}"}
        client = town.app.test_client()
        url = "/api/v1/interferences"
        form = client.post(url, data={"who": "x"}, headers=headers)
        broken = client.post(url, data=b"{", content_type="application/json", headers=headers)
        listed = client.post(url, data=b"[]", content_type="application/json", headers=headers)
        assert [form.status_code, broken.status_code, listed.status_code] == [415, 400, 422]


class TestActing:
    """接口上的每一步都是页面上的同一命令：同样的权利检查，同样的记录。"""

    def test_a_case_is_opened_and_read(self, town: Town, program: Bring) -> None:
        robot = program("冯某")
        made = robot.post("/cases", clue(town))
        assert made.status_code == 200, made.text
        assert made.json is not None
        read = robot.get(f"/cases/{made.json['id']}")
        assert read.json is not None
        assert read.json["row"]["number"] == made.json["number"]
        assert read.json["row"]["is_trial"] is False
        assert [one["item"]["element"] for one in read.json["steps"]] == town.open_elements(
            town.one(sa.select(CaseRow))
        )
        entry = town.one(sa.select(AuditEntry).where(AuditEntry.fact == "case_opened"))
        assert entry.actor == town.people["冯某"]

    def test_answers_that_the_form_refuses_are_said_by_field(
        self, town: Town, program: Bring
    ) -> None:
        body = clue(town)
        body["answers"] = {"channel": "CA4"}
        refused = program("冯某").post("/cases", body)
        assert refused.status_code == 409
        assert refused.json is not None
        assert "summary" in refused.json["errors"]

    def test_a_step_is_claimed_and_released(self, town: Town, program: Bring) -> None:
        case = town.open()
        element = town.open_elements(case)[0]
        item = town.item(case, element)
        robot = program("冯某")
        waiting = robot.get("/inbox").json
        assert waiting is not None
        if not waiting["lines"]:
            robot = program("吕某")
        claimed = robot.post(f"/work/{item.id}/claim")
        assert claimed.status_code == 200, claimed.text
        assert claimed.json is not None
        assert claimed.json["state"] == "claimed"
        seen = robot.get(f"/work/{item.id}")
        assert seen.headers["ETag"] == claimed.headers["ETag"]
        assert robot.post(f"/work/{item.id}/release").status_code == 200

    def test_a_wrong_signature_is_refused(self, town: Town, program: Bring) -> None:
        robot = program("吕某")
        body = {"agrees": True, "signature": "wrong"}
        assert robot.post("/signatures/none/give", body).status_code == 409
        body["signature"] = PASSWORD
        assert robot.post("/signatures/none/give", body).status_code == 404


class TestTwice:
    """同一 Idempotency-Key、同一内容，只办一次，得到同样的回答；内容不同的，422。"""

    def test_the_same_request_is_done_once(self, town: Town, program: Bring) -> None:
        robot = program("冯某")
        first = robot.post("/cases", clue(town), Idempotency_Key="k-1")
        again = robot.post("/cases", clue(town), Idempotency_Key="k-1")
        assert (first.status_code, again.status_code) == (200, 200)
        assert first.data == again.data
        assert len(town.all(sa.select(CaseRow))) == 1

    def test_another_request_with_its_key_is_refused(self, town: Town, program: Bring) -> None:
        robot = program("冯某")
        robot.post("/cases", clue(town), Idempotency_Key="k-1")
        other = clue(town) | {"files": {"x": []}}
        assert robot.post("/cases", other, Idempotency_Key="k-1").status_code == 422
        assert len(town.all(sa.select(CaseRow))) == 1

    def test_a_key_is_its_log_ins_own(self, town: Town, program: Bring) -> None:
        said = {"who": "甲", "whom": "乙", "what": "从轻", "happened_on": "2026-03-02"}
        assert program("吕某").post("/interferences", said, Idempotency_Key="k").status_code == 200
        assert program("秦某").post("/interferences", said, Idempotency_Key="k").status_code == 200
        assert len(town.all(sa.select(KeptAnswer))) == 2

    def test_what_was_refused_is_not_kept(self, town: Town, program: Bring) -> None:
        robot = program("冯某")
        body = clue(town) | {"answers": {}}
        assert robot.post("/cases", body, Idempotency_Key="k").status_code == 409
        assert town.ask("冯某", kept_answer, "k") is None

    def test_after_a_day_the_key_is_free(self, town: Town, program: Bring) -> None:
        robot = program("冯某")
        robot.post("/cases", clue(town), Idempotency_Key="k")
        town.at(2026, 3, 3)
        assert robot.post("/cases", clue(town), Idempotency_Key="k").status_code == 200
        assert len(town.all(sa.select(CaseRow))) == 2
        assert len(town.all(sa.select(KeptAnswer))) == 1

    @pytest.mark.parametrize("key", ["", "a b", "x" * 101])
    def test_a_key_is_short_and_visible(self, program: Bring, key: str) -> None:
        answer = program("吕某").post("/notices/read", {}, Idempotency_Key=key)
        assert answer.status_code == 400

    def test_a_question_takes_neither_key_nor_revision(self, program: Bring) -> None:
        """Nothing of it is kept, whatever method it has; its document says so."""
        paths = program("吕某").get("/openapi.json").get_json()["paths"]

        def headers(path: str) -> list[str]:
            return [
                one["name"] for one in paths[path]["post"]["parameters"] if one["in"] == "header"
            ]

        assert headers("/roster/changes") == []
        assert headers("/people") == ["Idempotency-Key"]
        assert headers("/cases/{case_id}/withdrawal") == ["Idempotency-Key", "If-Match"]


class TestRevisions:
    """读到的是哪一版，就对哪一版办理：其间有变化的，412。"""

    def test_what_was_changed_since_is_not_touched(self, town: Town, program: Bring) -> None:
        case = town.open()
        robot = program("冯某")
        etag = robot.get(f"/cases/{case.id}").headers["ETag"]
        path = f"/cases/{case.id}/withdrawal"
        stale = robot.post(path, {"reasons": "重复。"}, If_Match='"999"')
        assert stale.status_code == 412
        assert robot.post(path, {"reasons": "重复。"}, If_Match=etag).status_code == 204

    def test_a_revision_tells_nobody_what_one_may_not_know(
        self, town: Town, program: Bring
    ) -> None:
        case = town.open()
        answer = program("钱某").post(f"/cases/{case.id}/comments", {"text": "?"}, If_Match='"999"')
        assert answer.status_code == 404
