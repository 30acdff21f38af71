"""待办：等我办的和等我的岗位办的，按最后一日由近到远。"""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engine.store.tables import InboxRow, WorkItemRow
from engine.store.tables.base import new_id
from tests.office import Town
from tests.web import walking
from tests.web.reading import rows, words


def pile_up(session: Session, number: int) -> None:
    """Lay so many copies of the step that waits into the same inboxes."""
    item = session.scalars(sa.select(WorkItemRow)).one()
    lines = session.scalars(sa.select(InboxRow)).all()

    def copied(row: object, **changed: str) -> dict[str, object]:
        columns = sa.inspect(type(row)).column_attrs
        return {one.key: getattr(row, one.key) for one in columns} | changed

    keys = [new_id() for _ in range(number)]
    session.execute(sa.insert(WorkItemRow), [copied(item, id=key, item=key) for key in keys])
    session.execute(
        sa.insert(InboxRow), [copied(line, work_item_id=key) for line in lines for key in keys]
    )


class TestWhatWaits:
    """每一项写明最后一日、星期和剩余的工作日。"""

    def test_a_step_says_its_last_day_and_what_is_left(self, town: Town) -> None:
        # received Monday 2 March; two working days: the last day is Wednesday 4 March
        town.open()

        [row] = rows(town.visit("冯某").get("/inbox"))

        assert "查重、分流" in row
        assert "剩 2 个工作日" in row
        assert "3月4日 周三" in row
        assert "某司问〔2026〕1号" in row

    def test_on_the_last_day_it_is_near_and_says_today(self, town: Town) -> None:
        town.open()
        town.at(2026, 3, 4)

        [row] = rows(town.visit("冯某").get("/inbox"))

        assert "临期" in row
        assert "今天到期" in row

    def test_after_it_the_row_has_the_yellow_card(self, town: Town) -> None:
        town.open()
        town.at(2026, 3, 6)

        [row] = rows(town.visit("冯某").get("/inbox"))

        assert "黄牌" in row
        assert "超 2 个工作日" in row

    def test_the_bar_counts_what_waits(self, town: Town) -> None:
        town.open()
        town.open()

        assert "待办<b>2</b>" in town.visit("冯某").get("/inbox").text

    def test_who_has_nothing_is_told_what_comes_next(self, town: Town) -> None:
        page = town.visit("魏某").get("/inbox")

        assert "没有待办事项" in words(page)
        assert rows(page) == []

    def test_another_authority_sees_nothing_of_it(self, town: Town) -> None:
        town.open()

        assert rows(town.visit("蒋某").get("/inbox")) == []

    def test_in_english_the_days_are_english(self, town: Town) -> None:
        town.open()

        assert "Wed 4 Mar" in words(town.visit("冯某").get("/inbox?lang=en"))


class TestFilters:
    """灯按件数列出，件数为零的不列；筛选、查找、排序都在网址里。"""

    def test_lamps_with_no_item_are_hidden(self, town: Town) -> None:
        town.open()
        page = town.visit("冯某").get("/inbox").text

        assert 'href="/inbox?lamp=ok"' in page
        assert 'href="/inbox?lamp=red"' not in page

    def test_a_lamp_shows_only_its_own(self, town: Town) -> None:
        town.open()
        browser = town.visit("冯某")

        assert len(rows(browser.get("/inbox?lamp=ok"))) == 1
        assert "没有符合条件的事项" in words(browser.get("/inbox?lamp=red"))

    def test_the_lamps_count_what_the_other_filters_leave(self, town: Town) -> None:
        first = town.open()
        town.open()
        town.claim("冯某", first, "ut_screen")
        browser = town.visit("冯某")

        def whole(address: str) -> str:
            return browser.get(address).text.split('class="wz-lamps"')[1].split("</a>")[0]

        assert "<b>2</b>" in whole("/inbox")
        assert "<b>1</b>" in whole("/inbox?view=mine")
        assert "<b>1</b>" in whole("/inbox?view=groups")
        assert "<b>1</b>" in whole("/inbox?q=〔2026〕2号")

    def test_a_number_finds_its_case(self, town: Town) -> None:
        town.open()
        town.open()

        [row] = rows(town.visit("冯某").get("/inbox?q=〔2026〕2号"))

        assert "某司问〔2026〕2号" in row

    def test_a_procedure_shows_only_its_own(self, town: Town) -> None:
        town.open()
        browser = town.visit("冯某")

        assert len(rows(browser.get("/inbox?procedure=corporate-accountability"))) == 1
        assert rows(browser.get("/inbox?procedure=another")) == []

    def test_newest_first_when_sorted_by_arrival(self, town: Town) -> None:
        town.open()
        town.at(2026, 3, 3)
        town.open()

        first, second = rows(town.visit("冯某").get("/inbox?sort=opened"))

        assert "2号" in first
        assert "1号" in second

    def test_an_address_that_makes_no_sense_is_refused_with_a_page(self, town: Town) -> None:
        browser = town.visit("冯某")

        for address in ("view=x", "lamp=blue", "sort=x", "after=x"):
            assert browser.get(f"/inbox?{address}").status_code == 400


class TestCounts:
    """件数数到 999，再多写“999+”，读屏软件读作“超过 999”。"""

    def test_more_than_999_are_not_counted_out(self, town: Town) -> None:
        town.open()
        with town.office.database.begin() as session:
            pile_up(session, 1_000)

        page = town.visit("冯某").get("/inbox").text

        many = '<span aria-hidden="true">999+</span><span class="visually-hidden">超过 999</span>'
        assert f"待办<b>{many}</b>" in page
        assert f"本组待领<span>{many}</span>" in page
        assert "1000" not in page
        assert "1001" not in page

    def test_in_english_it_says_more_than(self, town: Town) -> None:
        town.open()
        with town.office.database.begin() as session:
            pile_up(session, 1_000)

        page = town.visit("冯某").get("/inbox?lang=en").text

        assert '<span class="visually-hidden">more than 999</span>' in page

    def test_a_procedure_of_so_many_is_offered_without_a_number(self, town: Town) -> None:
        town.open()
        browser = town.visit("冯某")
        few = browser.get("/inbox").text
        with town.office.database.begin() as session:
            pile_up(session, 1_000)

        many = browser.get("/inbox").text

        [title] = re.findall(r"procedure=[^\"]*\"[^>]*>([^<>]+)<span>1</span></a>", few)
        assert re.search(rf"procedure=[^\"]*\"[^>]*>{re.escape(title)}</a>", many)

    def test_what_a_filter_leaves_is_said_beside_it(self, town: Town) -> None:
        town.open()
        with town.office.database.begin() as session:
            pile_up(session, 1_000)

        page = words(town.visit("冯某").get("/inbox?q=没有这样的案件"))

        assert "去掉筛选后待办超过 999 项。" in page


class TestPaging:
    """一页二十项，用下一页往下翻，不丢不重。"""

    def test_the_twenty_first_is_on_the_second_page(self, town: Town) -> None:
        for _each in range(21):
            town.open()
        browser = town.visit("冯某")
        first = browser.get("/inbox")
        address = first.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        second = browser.get(address)

        assert len(rows(first)) == 20
        assert len(rows(second)) == 1
        assert not set(rows(first)) & set(rows(second))
        assert 'rel="prev" href="/inbox"' in second.text


class TestHands:
    """组内待领的可以领取，领取后可以退领；一项只有一人领得到。"""

    def test_what_is_claimed_is_mine_and_gone_for_the_others(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_verify")
        browser = town.visit("吕某")

        answer = browser.post(f"/inbox/{item.id}/claim", data={"back": "/inbox?view=mine"})

        assert answer.headers["Location"] == "/inbox?view=mine"
        [row] = rows(browser.get("/inbox?view=mine"))
        assert "我的" in row
        assert rows(town.visit("秦某").get("/inbox")) == []

    def test_released_it_waits_for_the_group_again(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.claim("吕某", case, "ut_verify")
        browser = town.visit("吕某")

        browser.post(f"/inbox/{item.id}/release")

        assert rows(browser.get("/inbox?view=mine")) == []
        assert len(rows(town.visit("秦某").get("/inbox?view=groups"))) == 1

    def test_the_second_is_told_who_was_first(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.claim("吕某", case, "ut_verify")

        answer = town.visit("秦某").post(f"/inbox/{item.id}/claim")

        assert answer.status_code == 409
        assert "吕某" in words(answer)

    def test_htmx_gets_the_row_alone(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_verify")

        answer = town.visit("吕某").post(f"/inbox/{item.id}/claim", headers={"HX-Request": "true"})

        assert answer.text.lstrip().startswith(f'<tr id="row-{item.id}"')
        assert "退领" in words(answer)

    def test_htmx_gets_the_refusal_in_place_of_the_row(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.claim("吕某", case, "ut_verify")

        answer = town.visit("秦某").post(f"/inbox/{item.id}/claim", headers={"HX-Request": "true"})

        assert f'id="row-{item.id}"' in answer.text
        assert "吕某" in words(answer)

    def test_a_foreign_item_does_not_exist(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_verify")

        assert town.visit("蒋某").post(f"/inbox/{item.id}/claim").status_code == 404

    def test_the_way_back_never_leads_elsewhere(self, town: Town) -> None:
        case = walking.to_verification(town)
        item = town.item(case, "ut_verify")

        answer = town.visit("吕某").post(
            f"/inbox/{item.id}/claim", data={"back": "https://elsewhere.example/"}
        )

        assert answer.headers["Location"] == "/inbox"

    def test_nobody_takes_alone_what_a_body_decides(self, town: Town) -> None:
        case = walking.to_meeting(town)
        item = town.item(case, "ut_decide")
        browser = town.visit("郑某")

        assert "进入会议" in words(browser.get("/inbox"))
        assert browser.post(f"/inbox/{item.id}/claim").status_code == 409
