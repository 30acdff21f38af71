"""事项箱、台账、导出、并案、更正的页面：看得到的才列，做不到的说明为什么。"""

from __future__ import annotations

import io
import zipfile

import pytest
import sqlalchemy as sa

from engine.commands.copies import send_copies
from engine.commands.own_notes import watch_case
from engine.commands.save_draft import save_draft
from engine.store.tables import CaseRow, DocumentRow, Export, SavedFilter
from scheduler.jobs import drain
from tests.office import PASSWORD, Town
from tests.web import walking
from tests.web.reading import rows, words
from web.server import WORKERS

BOXES = ("/done", "/started", "/copies", "/drafts", "/watched", "/exports")


class TestBoxes:
    """一个导航，六个箱子，各带数字。"""

    def test_one_navigation_with_counts(self, town: Town) -> None:
        case = walking.to_verification(town)
        town.give("秦某", send_copies, case.id, [town.people["吕某"]])
        town.give("吕某", save_draft, town.item(case, "ut_verify").id, {})
        town.give("吕某", watch_case, case.id, watched=True)
        browser = town.visit("吕某")
        for path in ("/inbox", *BOXES):
            said = words(browser.get(path))
            assert "待办 1 已办 0 我发起的 0 抄送我的 1 草稿 1 关注 1" in said, path
        for path in ("/drafts", "/copies", "/watched"):
            assert case.number in rows(browser.get(path))[0]
        clerk = town.visit("冯某")
        assert case.number in rows(clerk.get("/started"))[0]
        assert case.number in rows(clerk.get("/done"))[0]

    def test_searched_sorted_and_turned(self, town: Town) -> None:
        numbers = [walking.to_verification(town).number for _ in range(21)]
        clerk = town.visit("冯某")
        first = clerk.get("/started")
        assert len(rows(first)) == 20
        assert "下一页" in words(first)
        assert numbers[-1] in rows(first)[0]
        assert numbers[0] in rows(clerk.get("/started?sort=oldest"))[0]
        assert len(rows(clerk.get(f"/started?q={numbers[4]}"))) == 1
        assert "没有符合条件的内容" in words(clerk.get("/started?q=none"))
        following = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        last = clerk.get(following)
        assert len(rows(last)) == 1
        assert "上一页" in words(last)

    @pytest.mark.parametrize("path", [*BOXES, "/ledger"])
    def test_an_address_that_somebody_typed_is_said_to_be_wrong(
        self, town: Town, path: str
    ) -> None:
        assert town.visit("吕某").get(f"{path}?after=x").status_code == 400

    @pytest.mark.parametrize("path", BOXES)
    def test_empty_says_what_comes_there(self, town: Town, path: str) -> None:
        assert town.visit("韩某").get(path).text.count("wz-empty") == 1


class TestLedger:
    """台账：筛选、选列、存视图、导出。"""

    def test_filtered_with_the_columns_chosen(self, town: Town) -> None:
        case = walking.to_verification(town)
        browser = town.visit("吕某")
        said = words(browser.get("/ledger?column=number&column=secrecy&column=channel&state=open"))
        assert "案号 来源渠道 密级" in said
        assert case.number in said
        assert "没有符合条件的案件" in words(browser.get("/ledger?since=2026-03-03"))
        assert browser.get("/ledger?since=soon").status_code == 400
        assert "初核" in words(browser.get("/ledger?columns=number,stage,outcome,closed"))

    def test_a_view_is_kept_shared_and_forgotten(self, town: Town) -> None:
        walking.to_verification(town)
        browser = town.visit("吕某")
        data = {"name": "在办", "state": "open", "role": "verifier"}
        kept = browser.post("/ledger/views", data=data, follow_redirects=True)
        assert "视图已保存。" in words(kept)
        assert "在办（吕某）" in words(town.visit("秦某").get("/ledger"))
        row = town.one(sa.select(SavedFilter))
        assert (row.of, row.chosen) == ("ledger", {"state": "open"})
        gone = browser.post(f"/ledger/views/{row.id}/drop", follow_redirects=True)
        assert "视图已删除。" in words(gone)
        nameless = browser.post("/ledger/views", data={"name": " "}, follow_redirects=True)
        assert "视图已保存。" not in words(nameless)
        assert browser.post("/ledger/views", data={"sort": "x"}).status_code == 400
        foreign = {"name": "x", "role": "supervisory_board"}
        assert browser.post("/ledger/views", data=foreign).status_code == 403

    def test_a_saved_view_is_none_of_the_inbox(self, town: Town) -> None:
        browser = town.visit("吕某")
        browser.post("/ledger/views", data={"name": "全部的"})
        assert "全部的" not in words(browser.get("/inbox"))
        assert "全部的" in words(browser.get("/ledger"))

    def test_taken_out_with_a_reason(self, town: Town) -> None:
        case = walking.to_verification(town)
        browser = town.visit("吕某")
        none = browser.post("/ledger/export", data={"reason": "x"}, follow_redirects=True)
        assert "请写明导出的理由" in words(none)
        data = {"reason": "月度核对", "columns": "number,title"}
        ordered = browser.post("/ledger/export", data=data, follow_redirects=True)
        assert "正在生成" in words(ordered)
        page = ordered.request.path
        assert browser.get(f"{page}/file").status_code == 409
        drain(town.office, WORKERS)
        part = browser.get(page, headers={"HX-Request": "true"})
        assert "可以下载" in words(part)
        assert "<html" not in part.text
        fetched = browser.get(f"{page}/file")
        with zipfile.ZipFile(io.BytesIO(fetched.data)) as book:
            assert case.number in book.read("xl/worksheets/sheet1.xml").decode()
        assert "台账（.xlsx）" in rows(browser.get("/exports"))[0]
        assert town.visit("秦某").get(f"{page}/file").status_code == 404
        town.at(2026, 3, 3)
        assert "已过保存时间" in words(browser.get(page))
        assert browser.post("/ledger/export", data={"since": "soon"}).status_code == 400
        assert town.visit("陈某").post("/ledger/export", data=data).status_code == 403

    def test_stopped(self, town: Town) -> None:
        browser = town.visit("吕某")
        ordered = browser.post("/ledger/export", data={"reason": "月度核对"})
        stop = f"{ordered.location}/stop"
        assert "已停止" in words(browser.post(stop, follow_redirects=True))
        assert "已经结束" in words(browser.post(stop, follow_redirects=True))

    def test_in_english(self, town: Town) -> None:
        walking.to_verification(town)
        browser = town.visit("吕某")
        assert "Next deadline" in words(browser.get("/ledger?lang=en"))
        browser.post("/ledger/export", data={"reason": "monthly check"})
        drain(town.office, WORKERS)
        assert town.one(sa.select(Export)).name.startswith("Ledger-")


class TestCaseFile:
    """案卷：一个 PDF 或一个压缩包。"""

    @pytest.mark.parametrize(("kind", "begins"), [("file_pdf", b"%PDF"), ("file_zip", b"PK")])
    def test_taken_out_with_a_reason(self, town: Town, kind: str, begins: bytes) -> None:
        case = walking.to_notice(town)
        browser = town.visit("周某")
        assert "导出案卷" in words(browser.get(f"/cases/{case.id}/documents"))
        address = f"/cases/{case.id}/export"
        assert "开始导出" in words(browser.get(address))
        none = browser.post(address, data={"kind": kind}, follow_redirects=True)
        assert "请写明导出的理由" in words(none)
        assert browser.post(address, data={"kind": "docx"}).status_code == 400
        ordered = browser.post(address, data={"kind": kind, "reason": "移送归档"})
        drain(town.office, WORKERS)
        fetched = browser.get(f"{ordered.location}/file")
        assert fetched.data.startswith(begins)
        assert "导出了案卷" in words(browser.get(f"/cases/{case.id}/timeline"))

    def test_who_does_not_see_the_file_is_told_so(self, town: Town) -> None:
        case = walking.to_notice(town)
        chair = town.visit("苏某")
        assert "不能导出" in words(chair.get(f"/cases/{case.id}/export"))
        data = {"kind": "file_pdf", "reason": "移送归档"}
        assert chair.post(f"/cases/{case.id}/export", data=data).status_code == 403


class TestMerger:
    """查重并案。"""

    def test_the_later_into_the_earlier(self, town: Town) -> None:
        first = town.open()
        town.at(2026, 3, 3)
        second = town.open()
        clerk = town.visit("冯某")
        shown = words(clerk.get(f"/cases/{second.id}"))
        if "可能是同一事项" not in shown:
            pytest.fail(shown)
        address = f"/cases/{second.id}/merger"
        assert first.number in words(clerk.get(address))
        assert "登记在后" in words(clerk.get(f"/cases/{first.id}/merger"))
        data = {"into": first.id, "reasons": ""}
        assert "reasons" not in words(clerk.post(address, data=data, follow_redirects=True))
        data["reasons"] = "同一事项。"
        merged = words(clerk.post(address, data=data, follow_redirects=True))
        assert f"本案已并入 {first.number}" in merged
        assert "已并案" in merged
        drain(town.office, WORKERS)
        assert "并入本案的线索" in words(clerk.get(f"/cases/{first.id}"))
        assert town.visit("吕某").post(address, data=data).status_code == 403
        assert "没有可能重复的案件" in words(clerk.get(f"/cases/{first.id}/merger"))


class TestCorrection:
    """更正通知：拟稿、签发、送达。"""

    def test_from_the_documents_to_the_service(self, town: Town) -> None:
        case = walking.to_notice(town)
        document = town.one(sa.select(DocumentRow).where(DocumentRow.state == "served"))
        drafter, signer = town.visit("林某"), town.visit("周某")
        assert "更正" in words(drafter.get(f"/cases/{case.id}/documents"))
        address = f"/documents/{document.id}/correct"
        assert "拟更正通知" in words(drafter.get(address))
        same = {"wrong": "一", "right": "一", "reasons": "误"}
        assert "两者不能相同" in words(drafter.post(address, data=same, follow_redirects=True))
        drafted = drafter.post(address, data={**same, "right": "二"})
        page = drafted.location
        assert "由拟稿人以外" in words(drafter.get(page))
        assert drafter.post(page, data={"act": "prepare"}).status_code == 403
        assert "文件已生成" in words(
            signer.post(page, data={"act": "prepare"}, follow_redirects=True)
        )
        wrong = {"act": "issue", "password": "no"}
        assert "更正通知已签发" not in words(signer.post(page, data=wrong, follow_redirects=True))
        signed = {"act": "issue", "password": PASSWORD}
        assert "登记送达" in words(signer.post(page, data=signed, follow_redirects=True))
        served = {
            "act": "serve",
            "way": "in_person",
            "received_on": "2026-03-02",
            "received_by": "陈某",
            "witnesses": "甲，乙",
        }
        assert "送达已登记" in words(signer.post(page, data=served, follow_redirects=True))
        assert "更正通知" in words(drafter.get(address))
        assert "更正通知" in words(town.visit("陈某").get(f"/my/{case.id}"))

    def test_given_up(self, town: Town) -> None:
        walking.to_notice(town)
        document = town.one(sa.select(DocumentRow).where(DocumentRow.state == "served"))
        drafter = town.visit("林某")
        data = {"wrong": "一", "right": "二", "reasons": "误"}
        page = drafter.post(f"/documents/{document.id}/correct", data=data).location
        assert "已放弃" in words(drafter.post(page, data={"act": "drop"}, follow_redirects=True))
        assert drafter.get(page).status_code == 404
        assert len(town.all(sa.select(CaseRow))) == 1
