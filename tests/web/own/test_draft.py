"""申辩、申诉可以先存草稿，改日再写；草稿只有本人看得到，不影响期限。"""

from __future__ import annotations

import sqlalchemy as sa

from engine.store.tables import Answers, AuditEntry, FilingDraft
from tests.office import answers_of
from tests.web.own.conftest import Stood
from tests.web.own.test_matter import appeal
from tests.web.reading import words

BEGUN = {"appeal": {"request": "变更问责方式", "reasons": "还没写完"}}


def drafts(stood: Stood) -> list[str]:
    return [one.person_id for one in stood.town.all(sa.select(FilingDraft))]


class TestDrafts:
    """Save, go on, discard; a filing that was handed in leaves no draft."""

    def test_what_was_written_is_there_the_next_day(self, served: Stood) -> None:
        here = f"/my/{served.case.id}/file/appeal"
        kept = served.town.visit("陈某").post(f"{here}/draft", json={"answers": BEGUN})
        assert (kept.status_code, kept.json) == (200, {"saved": "09:00"})
        served.town.at(2026, 3, 3)

        page = served.town.visit("陈某").get(here)

        assert answers_of(page, "filing")["data"]["appeal"]["reasons"] == "还没写完"
        assert answers_of(page, "filing")["draft"] == f"{here}/draft"
        assert "已载入您上次暂存的内容" in page.text

    def test_it_is_changed_by_the_next_one_and_moves_nothing(self, served: Stood) -> None:
        browser = served.town.visit("陈某")
        entries = len(served.town.all(sa.select(AuditEntry)))
        for reasons in ("一稿", "二稿"):
            answers = {"appeal": {"reasons": reasons}}
            browser.post(f"/my/{served.case.id}/file/appeal/draft", json={"answers": answers})

        [draft] = served.town.all(sa.select(FilingDraft))
        assert draft.data["appeal"]["reasons"] == "二稿"
        assert "appeal_received" in served.town.case(served.case).awaited
        assert len(served.town.all(sa.select(AuditEntry))) == entries

    def test_it_can_be_discarded(self, served: Stood) -> None:
        browser, here = served.town.visit("陈某"), f"/my/{served.case.id}/file/appeal"
        browser.post(f"{here}/draft", json={"answers": BEGUN})
        assert "删除草稿" in words(browser.get(here))

        page = browser.post(f"{here}/discard", follow_redirects=True)

        assert "草稿已删除" in words(page)
        assert drafts(served) == []
        assert "删除草稿" not in words(browser.get(here))

    def test_what_is_handed_in_leaves_none(self, served: Stood) -> None:
        browser, here = served.town.visit("陈某"), f"/my/{served.case.id}/file/appeal"
        browser.post(f"{here}/draft", json={"answers": BEGUN})

        browser.post(here, data=appeal(served))

        assert drafts(served) == []
        assert len(served.town.all(sa.select(Answers).where(Answers.filing == "appeal"))) == 1

    def test_it_is_for_its_writer_alone(self, served: Stood) -> None:
        here = f"/my/{served.case.id}/file/appeal"
        served.town.visit("陈某").post(f"{here}/draft", json={"answers": BEGUN})

        officer = served.town.visit("冯某").get(f"/cases/{served.case.id}/file/appeal")

        assert "还没写完" not in officer.text

    def test_who_may_not_file_keeps_no_draft(self, served: Stood) -> None:
        here = f"/my/{served.case.id}/file"
        officer, stranger = served.town.visit("吕某"), served.town.visit("钱某")

        refused = officer.post(f"{here}/appeal/draft", json={"answers": BEGUN})
        assert (refused.status_code, "message" in (refused.json or {})) == (403, True)
        assert stranger.post(f"{here}/appeal/draft", json={"answers": BEGUN}).status_code == 404
        assert officer.post(f"{here}/none/discard").status_code == 404
        assert drafts(served) == []

    def test_one_that_is_too_long_is_refused_with_a_sentence(self, served: Stood) -> None:
        answers = {"appeal": {"reasons": "长" * 80_000}}

        answer = served.town.visit("陈某").post(
            f"/my/{served.case.id}/file/appeal/draft", json={"answers": answers}
        )

        assert answer.status_code == 409
        assert "草稿" in str((answer.json or {})["message"])
