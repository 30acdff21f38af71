"""协同页与待办旁的几个匣子：讨论、抄送、关注、跟进、筛选、干预登记、批量办理。"""

from __future__ import annotations

import sqlalchemy as sa

from engine.commands.batches import KIND, run_batch
from engine.store.tables import Batch, CopyRow, Interference, SavedFilter
from scheduler.jobs import drain
from tests.office import Town
from tests.web import walking
from tests.web.reading import rows, words


def open_batch(town: Town) -> Batch:
    row: Batch = town.one(sa.select(Batch).order_by(Batch.ordered_at.desc()))
    return row


class TestTogether:
    """案件的“协同”页。"""

    def test_comments_copies_and_own_notes(self, town: Town) -> None:
        case = walking.to_verification(town)
        browser = town.visit("吕某")
        address = f"/cases/{case.id}"

        said = browser.post(
            f"{address}/comments",
            data={"text": "请核对日期。", "mention": town.people["秦某"]},
            follow_redirects=True,
        )
        assert "请核对日期。" in words(said)
        assert "提及 秦某" in words(said)
        copied = browser.post(
            f"{address}/copies",
            data={"person": town.people["郑某"], "note": "请阅"},
            follow_redirects=True,
        )
        assert "未阅" in words(copied)
        for path, data in (
            ("watch", {"watched": "yes"}),
            ("tags", {"tags": "重点，停产"}),
            ("follow-up", {"on": "2026-03-03", "what": "问进展"}),
        ):
            assert browser.post(f"{address}/{path}", data=data).status_code == 302
        assert browser.post(f"{address}/follow-up", data={"on": "soon"}).status_code == 400
        assert "停产" in words(browser.get("/watched"))
        assert "今天跟进" not in words(browser.get("/inbox"))
        town.at(2026, 3, 3)
        assert "问进展" in words(browser.get("/inbox"))

    def test_a_copy_is_confirmed(self, town: Town) -> None:
        case = walking.to_verification(town)
        data = {"person": town.people["郑某"]}
        town.visit("吕某").post(f"/cases/{case.id}/copies", data=data)
        chair = town.visit("郑某")
        assert len(rows(chair.get("/copies"))) == 1
        row = town.one(sa.select(CopyRow))
        chair.post(f"/copies/{row.id}")
        assert "已阅" in rows(chair.get("/copies"))[0]
        again = chair.post(f"/cases/{case.id}/copies/{row.id}", follow_redirects=True)
        assert "已回执。" in words(again)
        assert "没有抄送给您的案件" in words(town.visit("韩某").get("/copies"))

    def test_what_is_refused_is_said(self, town: Town) -> None:
        case = walking.to_verification(town)
        browser = town.visit("吕某")
        data = {"person": town.people["何某"]}
        assert browser.post(f"/cases/{case.id}/copies", data=data).status_code == 403
        empty = browser.post(f"/cases/{case.id}/comments", data={}, follow_redirects=True)
        assert "请填写讨论内容" in words(empty)
        none = browser.post(
            f"/cases/{case.id}/suspension", data={"reasons": "等"}, follow_redirects=True
        )
        assert "都不能中止" in words(none)
        address = f"/cases/{case.id}/suspension/none"
        assert browser.post(address, data={"decision": "perhaps"}).status_code == 400
        assert browser.post(address, data={"decision": "grant"}).status_code == 404
        resume = town.visit("郑某").post(
            f"/cases/{case.id}/suspension",
            data={"act": "resume", "reasons": "x"},
            follow_redirects=True,
        )
        assert "没有挂起" in words(resume)

    def test_in_english(self, town: Town) -> None:
        case = walking.to_verification(town)
        page = words(town.visit("吕某").get(f"/cases/{case.id}/companions?lang=en"))
        assert "Follow up on" in page
        assert "Comments" in page

    def test_to_others_there_is_none(self, town: Town) -> None:
        case = walking.to_verification(town)
        assert town.visit("蒋某").get(f"/cases/{case.id}/companions").status_code == 404
        supervision = town.visit("苏某").get(f"/cases/{case.id}/companions")
        assert supervision.status_code == 200
        assert "发出后不能修改" not in words(supervision)


class TestWaking:
    """已办结的案件在“协同”页立为新案件。"""

    def test_the_form_is_filled_and_the_case_opened(self, town: Town) -> None:
        case = walking.to_verification(town)
        given = {"reasons": "重复"}
        town.visit("吕某").post(f"/cases/{case.id}/withdrawal", data=given)
        town.visit("郑某").post(f"/cases/{case.id}/withdrawal", data={**given, "decision": "grant"})
        browser = town.visit("冯某")
        assert "立为新案件" in words(browser.get(f"/cases/{case.id}/companions"))
        assert "重新办理的理由" in words(browser.get(f"/cases/{case.id}/wake"))
        refused = browser.post(f"/cases/{case.id}/wake", data={"answers": "{}", "reasons": "新"})
        assert refused.status_code == 422
        unsaid = browser.post(f"/cases/{case.id}/wake", data={"answers": "{}", "reasons": " "})
        assert unsaid.status_code == 422


class TestFilters:
    """筛选可以取名保存，与同岗位的人共享。"""

    def test_saved_shared_and_dropped(self, town: Town) -> None:
        browser = town.visit("吕某")
        data = {"name": "红牌", "lamp": "red", "role": "verifier", "back": "/inbox?lamp=red"}
        browser.post("/filters", data=data)
        assert "红牌（吕某）" in words(town.visit("秦某").get("/inbox"))
        assert "红牌" in words(browser.get("/inbox"))
        row = town.one(sa.select(SavedFilter))
        assert f"/filters/{row.id}/drop" in browser.get("/inbox?lamp=red").text
        browser.post(f"/filters/{row.id}/drop")
        assert "红牌（" not in words(town.visit("秦某").get("/inbox"))
        empty = browser.post("/filters", data={"name": ""}, follow_redirects=True)
        assert "请为筛选取名" in words(empty)
        wrong = {**data, "role": "supervisory_board"}
        assert browser.post("/filters", data=wrong).status_code == 403


class TestInterference:
    """SUP-012 的登记页：任何人可登记，督办专员办理，承办人看不到。"""

    def test_recorded_and_taken_note_of(self, town: Town) -> None:
        given = {"who": "某副总", "whom": "吕某", "what": "要求从轻", "happened_on": "2026-03-02"}
        said = town.visit("钱某").post("/interference", data=given, follow_redirects=True)
        assert "要求从轻" in words(said)
        assert "要求从轻" not in words(town.visit("吕某").get("/interference"))
        officer = town.visit("苏某")
        assert "要求从轻" in words(officer.get("/interference"))
        row = town.one(sa.select(Interference))
        empty = officer.post(f"/interference/{row.id}", data={}, follow_redirects=True)
        assert "理由" in words(empty)
        done = officer.post(
            f"/interference/{row.id}", data={f"followed-{row.id}": "已约谈"}, follow_redirects=True
        )
        assert "已约谈" in words(done)
        assert town.visit("钱某").post("/interference", data={}).status_code == 400
        ahead = {**given, "happened_on": "2026-03-09"}
        refused = town.visit("钱某").post("/interference", data=ahead, follow_redirects=True)
        assert "尚未到来" in words(refused)
        assert town.visit("吕某").post(f"/interference/{row.id}", data={}).status_code == 404


class TestBatches:
    """待办中选中多项一并办理：有进度、逐件结果，可以停止。"""

    def test_claimed_with_live_progress(self, town: Town) -> None:
        picked = [town.item(walking.to_verification(town), "ut_verify").id for _ in range(3)]
        browser = town.visit("吕某")
        assert 'name="pick"' in browser.get("/inbox").text

        answer = browser.post("/batches/order", data={"action": "claim", "pick": picked})
        batch = open_batch(town)
        assert answer.location.endswith(batch.id)
        running = browser.get(f"/batches/{batch.id}", headers={"HX-Request": "true"})
        assert 'hx-trigger="every 1s"' in running.text
        assert "<html" not in running.text
        drain(town.office, {KIND: run_batch})
        done = browser.get(f"/batches/{batch.id}")
        assert "共 3 件，已办 3 件，未能办理 0 件" in words(done)
        assert 'hx-trigger="every 1s"' not in done.text
        assert len(rows(browser.get("/batches"))) == 1
        stopped = browser.post(f"/batches/{batch.id}/stop", follow_redirects=True)
        assert "已办完或已停止" in words(stopped)
        assert town.visit("秦某").get(f"/batches/{batch.id}").status_code == 404

    def test_assigned_after_asking_to_whom_and_stopped(self, town: Town) -> None:
        picked = [town.item(walking.to_verification(town), "ut_verify").id]
        browser = town.visit("吕某")
        asked = browser.post("/batches/order", data={"action": "assign", "pick": picked})
        assert "秦某" in words(asked)
        to = {"kind": "assign", "pick": picked, "to": town.people["秦某"]}
        browser.post("/batches", data=to)
        batch = open_batch(town)
        browser.post(f"/batches/{batch.id}/stop")
        drain(town.office, {KIND: run_batch})
        assert "未办" in words(browser.get(f"/batches/{batch.id}"))
        assert town.one(sa.select(Batch)).state == "stopped"

    def test_handed_over_and_refused_item_by_item(self, town: Town) -> None:
        picked = [town.item(walking.to_verification(town), "ut_verify").id]
        browser = town.visit("吕某")
        asked = browser.post("/batches/order", data={"action": "transfer", "pick": picked})
        assert "转办的理由" in words(asked)
        given = {"to": town.people["秦某"], "reasons": "调岗"}
        browser.post("/batches", data={"kind": "transfer", "pick": picked, **given})
        drain(town.office, {KIND: run_batch})
        assert "未能办理 1 件" in words(browser.get(f"/batches/{open_batch(town).id}"))

    def test_completed_together_by_one_form(self, town: Town) -> None:
        picked = [town.item(walking.to_verification(town), "ut_verify").id for _ in range(2)]
        browser = town.visit("吕某")
        asked = browser.post("/batches/order", data={"action": "complete", "pick": picked})
        assert asked.text.count('name="pick"') == 2
        answers = {"kind": "complete", "pick": picked, "answers": "{}"}
        refused = browser.post("/batches", data=answers, follow_redirects=True)
        assert refused.status_code == 200

    def test_nothing_picked_or_nothing_known(self, town: Town) -> None:
        browser = town.visit("吕某")
        none = browser.post("/batches/order", data={"action": "claim"}, follow_redirects=True)
        assert "请先选择事项" in words(none)
        assert browser.post("/batches/order", data={"action": "decide"}).status_code == 400
        assert browser.post("/batches", data={"kind": "decide"}).status_code == 400
        empty = browser.post("/batches", data={"kind": "claim"}, follow_redirects=True)
        assert "请选择事项" in words(empty)
        assert "没有批量办理" in words(browser.get("/batches"))
