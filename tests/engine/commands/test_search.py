"""查找：中文全文，严格限于可以查看的范围；举报人和保密内容从不入索引。"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.open_case import open_case
from engine.commands.organise import add_authority, add_person, add_unit, give_post, relate
from engine.commands.recuse import declare_interest
from engine.desk import system_actor
from engine.desk.views.search import SearchPage, search
from engine.errors import Refusal
from engine.store.search_index import make_search_index
from engine.store.searching import plain, terms_of
from engine.store.tables import CaseRow, SearchEntry
from tests.engine.boardroom import Boardroom
from tests.postgres import fresh_database


def found(shared: Boardroom, name: str, query: str, **named: Any) -> list[tuple[str, str]]:
    """Return the kinds and the numbers or names of what somebody finds."""
    page: SearchPage = shared.office.ask(shared.actor(name), search, query, **named)
    return [(one.hit.kind, one.person or one.case_number) for one in page.hits]


def about(shared: Boardroom, title: str) -> CaseRow:
    """Register a case under a title."""
    answers = {"channel": "CA1", "facts": "推诿扯皮", "subject_id": shared.people["陈某"]}
    case: CaseRow = shared.give("受理员", open_case, "board", answers, title=title)
    return case


class TestWords:
    """案号、案由、当事人、文号、文书字句都可以查；两个字也可以。"""

    def test_three_characters_of_a_title(self, shared: Boardroom) -> None:
        case = about(shared, "大修期间推诿致停产的问题")

        assert found(shared, "承办甲", "致停产") == [("case", case.number)]

    def test_two_and_one(self, shared: Boardroom) -> None:
        case = about(shared, "大修期间推诿致停产的问题")

        assert found(shared, "承办甲", "停产") == [("case", case.number)]
        assert found(shared, "承办甲", "致") == [("case", case.number)]

    def test_every_word_must_stand_there(self, shared: Boardroom) -> None:
        case = about(shared, "大修期间推诿致停产的问题")

        assert found(shared, "承办甲", "大修期间 停产") == [("case", case.number)]
        assert found(shared, "承办甲", "大修期间 起火") == []

    def test_by_number_whatever_brackets(self, shared: Boardroom) -> None:
        case = about(shared, "大修")

        assert found(shared, "承办甲", case.number) == [("case", case.number)]

    def test_by_the_subject_s_name_and_unit(self, shared: Boardroom) -> None:
        case = about(shared, "大修")

        assert ("case", case.number) in found(shared, "承办甲", "陈某")
        assert ("case", case.number) in found(shared, "承办甲", "二车间", kind="case")

    def test_letters_of_either_case_and_width(self, shared: Boardroom) -> None:
        case = about(shared, "关于ＫＴＶ消费的问题")

        assert found(shared, "承办甲", "ktv") == [("case", case.number)]

    @pytest.mark.parametrize("query", ['"', "''", "%", "_", "a* OR b", "words:", "NEAR(", "\x00"])
    def test_signs_of_query_languages_mean_themselves(self, shared: Boardroom, query: str) -> None:
        about(shared, "大修")

        assert found(shared, "承办甲", query) == []

    def test_a_percent_sign_is_found(self, shared: Boardroom) -> None:
        case = about(shared, '超支30%且有"说明"')

        assert found(shared, "承办甲", "0%") == [("case", case.number)]
        assert found(shared, "承办甲", '有"说明"') == [("case", case.number)]

    def test_nothing_asked_is_nothing_found(self, shared: Boardroom) -> None:
        about(shared, "大修")

        assert found(shared, "承办甲", "  ") == []

    def test_a_long_query_is_cut(self) -> None:
        assert len(terms_of("甲 乙 丙 丁 戊 己 庚 辛")) == 6
        assert len(terms_of("甲" * 100)[0]) == 60

    def test_controls_are_spaces(self) -> None:
        assert plain("甲\x00乙\n丙　丁") == "甲 乙 丙 丁"


class TestDocuments:
    """文书：标题、文号凡可查看案件的都可以查到；字句限于办理案件的人。"""

    def test_by_title(self, shared: Boardroom) -> None:
        case = shared.prepared()
        title = shared.document(case).title

        assert ("document", case.number) in found(shared, "承办甲", title)

    def test_by_number(self, shared: Boardroom) -> None:
        case = shared.prepared()
        number = shared.document(case).number
        assert number

        assert found(shared, "承办甲", number, kind="document") == [("document", case.number)]

    def test_by_its_text_who_handles_the_case(self, shared: Boardroom) -> None:
        case = shared.prepared()

        assert found(shared, "承办甲", "停产五日") == [("document", case.number)]

    def test_by_its_text_nobody_else(self, shared: Boardroom) -> None:
        shared.prepared()

        assert found(shared, "受理员", "停产五日") == []

    def test_nor_who_is_only_offered_work_in_it(self, shared: Boardroom) -> None:
        shared.prepared()

        assert found(shared, "承办丙", "停产五日") == []  # of the subject's unit

    def test_nor_whom_a_conflict_of_interest_keeps_from_the_file(self, shared: Boardroom) -> None:
        case = shared.prepared()
        title = shared.document(case).title
        shared.give("管理员", relate, shared.people["承办甲"], shared.people["陈某"], kind="kin")

        assert found(shared, "承办甲", "停产五日") == []
        page = shared.office.ask(shared.actor("承办甲"), search, title, kind="document")
        assert [one.hit.body for one in page.hits] == [""]

    def test_identifiers_and_codes_are_no_words(self, shared: Boardroom) -> None:
        shared.prepared()

        assert found(shared, "承办甲", "talk_admonish") == []

    def test_what_was_drafted_anew_is_found_by_its_new_text_only(self, shared: Boardroom) -> None:
        case = shared.drafted()
        shared.prepared(case)

        entries = sa.select(SearchEntry).where(SearchEntry.kind == "document")
        assert len(shared.all(entries)) == 1


class TestPeople:
    """人员：本机关有单位或任职的人。"""

    def test_by_name(self, shared: Boardroom) -> None:
        assert found(shared, "承办甲", "监事甲") == [("person", "监事甲")]

    def test_by_post(self, shared: Boardroom) -> None:
        shared.give(
            "管理员",
            give_post,
            shared.people["外人"],
            "verifier",
            valid_from=date(2026, 1, 1),
            title="审计员",
        )

        assert found(shared, "承办甲", "审计员") == [("person", "外人")]

    def test_who_belongs_to_no_unit_and_holds_no_post_is_not_found(self, shared: Boardroom) -> None:
        shared.give("管理员", add_person, "来信群众")

        assert found(shared, "管理员", "来信群众") == []


class TestWithin:
    """不能查看的，查不到，也数不出。"""

    def test_the_subject_finds_nothing_whatever_the_posts(self, shared: Boardroom) -> None:
        about(shared, "大修期间推诿")
        assert found(shared, "陈某", "大修期间") == []
        shared.give(
            "管理员", give_post, shared.people["陈某"], "verifier", valid_from=date(2026, 1, 1)
        )

        assert found(shared, "陈某", "大修期间") == []

    def test_the_reporter_finds_nothing(self, shared: Boardroom) -> None:
        shared.open(reporter_id=shared.people["举报人"])

        assert found(shared, "举报人", "监事会小程序") == []

    def test_who_holds_no_post_finds_nobody(self, shared: Boardroom) -> None:
        assert found(shared, "外人", "监事甲") == []

    def test_who_was_recused_finds_nothing(self, shared: Boardroom) -> None:
        case = about(shared, "大修期间推诿")
        assert found(shared, "承办甲", "大修期间") != []
        shared.give("承办甲", declare_interest, case.id, reasons="同学。")

        assert found(shared, "承办甲", "大修期间") == []

    def test_an_administrator_finds_no_case(self, shared: Boardroom) -> None:
        about(shared, "大修期间推诿")

        assert found(shared, "管理员", "大修期间") == []

    def test_another_authority_finds_nothing(self, shared: Boardroom) -> None:
        about(shared, "大修期间推诿")
        other = shared.office.give(
            system_actor(""), add_authority, "other", name="他机关", short_name="他"
        )
        there = system_actor(other.id)
        unit = shared.office.give(there, add_unit, "处")
        person = shared.office.give(there, add_person, "外来人", unit_id=unit.id)
        shared.office.give(
            there, give_post, person.id, "supervision_officer", valid_from=date(2026, 1, 1)
        )
        actor = type(there)(person.id, other.id)

        assert shared.office.ask(actor, search, "大修期间").hits == ()
        assert shared.office.ask(actor, search, "监事甲").hits == ()

    def test_who_no_longer_holds_the_post_finds_nothing(self, shared: Boardroom) -> None:
        about(shared, "大修期间推诿")
        actor = type(shared.actor("外人"))(shared.people["外人"], shared.authority_id)

        assert shared.office.ask(actor, search, "大修期间").hits == ()


class TestNeverIndexed:
    """举报人是谁、保密的答复，索引中没有。"""

    def test_the_reporter_stands_in_no_entry_of_a_case(self, shared: Boardroom) -> None:
        case = shared.prepared()
        entries = shared.all(sa.select(SearchEntry).where(SearchEntry.case_id == case.id))

        assert entries
        assert not [one for one in entries if "举报人" in one.words + one.body]
        assert not [one for one in entries if "$vault" in one.words + one.body]

    def test_a_refused_registration_leaves_no_entry(self, shared: Boardroom) -> None:
        before = len(shared.all(sa.select(SearchEntry)))
        with pytest.raises(Refusal):
            shared.open(channel="none")

        assert len(shared.all(sa.select(SearchEntry))) == before


class TestPages:
    """结果分页，新的在前。"""

    def test_the_newest_first_each_once(self, shared: Boardroom) -> None:
        numbers = []
        for _each in range(5):
            numbers.append(about(shared, "大修期间推诿").number)
            shared.clock.move_to(shared.clock.now().replace(minute=shared.clock.now().minute + 1))
        actor = shared.actor("承办甲")
        seen, after = [], ""
        while True:
            page = shared.office.ask(actor, search, "大修期间", after=after, limit=2)
            seen += [one.case_number for one in page.hits]
            after = page.after
            if not after:
                break

        assert seen == numbers[::-1]

    def test_at_the_same_instant_each_once_as_well(self, shared: Boardroom) -> None:
        for _each in range(3):
            about(shared, "大修期间推诿")
        actor = shared.actor("承办甲")
        first = shared.office.ask(actor, search, "大修期间", limit=2)
        rest = shared.office.ask(actor, search, "大修期间", limit=2, after=first.after)

        assert len({one.case_number for one in (*first.hits, *rest.hits)}) == 3

    @pytest.mark.parametrize("after", ["x", "W10="])
    def test_a_broken_cursor_is_told(self, shared: Boardroom, after: str) -> None:
        with pytest.raises(ValueError, match="cursor"):
            shared.office.ask(shared.actor("承办甲"), search, "大修", after=after)

    def test_an_unknown_kind_is_refused(self, shared: Boardroom) -> None:
        with pytest.raises(Refusal, match=r"search\.kind"):
            found(shared, "承办甲", "大修", kind="pigeon")


@pytest.mark.postgres
class TestWithoutTrigrams:
    """没有 pg_trgm 的服务器上，查得慢些，结果一样。"""

    def test_the_table_is_searched_all_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("engine.store.search_index._AVAILABLE", "SELECT NULL")
        with fresh_database() as address:
            engine = sa.create_engine(address)
            with engine.begin() as connection:
                make_search_index(connection)  # would fail on the second index of a name
            engine.dispose()
