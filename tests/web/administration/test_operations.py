"""运行页：各环节件数、用时、逾期；迁移须试迁、一人提请、另一人决定。管理员只见技术指标。"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.commands.batches import KIND, run_batch
from engine.commands.publish_version import approve_version
from engine.desk.views.operating import health, load_of, migrations_proposed
from engine.errors import NotAllowed, NotFound
from engine.publishing.folders import read_folder
from engine.store.tables import CaseRow, Suspension
from scheduler.jobs import drain
from tests.office import P01, PROCESSES, Town
from web.administration.operations import heat, mapping_of, time_text


def second_version(town: Town) -> str:
    """Put another version of P01 in force; return its id."""
    folder = read_folder(PROCESSES / P01)
    version = town.draft(folder, parameters={"repeat.threshold": 3})
    town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))
    return str(version.id)


class TestOperations:
    """件数、用时、逾期按环节汇总；只有管理员能看。"""

    def test_without_cases_there_is_nothing_to_show(self, town: Town) -> None:
        page = town.visit("方某").get("/admin/operations")
        assert "还没有案件" in page.text
        assert "队列中没有任务" in page.text

    def test_steps_are_counted_on_the_diagram_and_in_the_table(self, town: Town) -> None:
        first, _second = town.open(), town.open()
        element = town.open_elements(first)[0]
        load = town.ask("方某", load_of, first.version_id)
        step = next(one for one in load.steps if one.element == element)
        assert (step.waiting, step.overdue, step.done) == (2, 0, 0)
        page = town.visit("方某").get("/admin/operations")
        assert "在办 2 件，其中中止 0 件" in page.text
        process = next(one.process for one in load.steps if one.element == element)
        drawn = town.visit("方某").get(f"/admin/operations/{first.version_id}/{process}.bpmn")
        assert drawn.status_code == 200
        assert element.encode() in drawn.data
        shown = town.visit("方某").get(f"/admin/operations?process={process}")
        assert f'"{element}"' in shown.text

    def test_what_is_past_its_last_day_is_counted_as_late(self, town: Town) -> None:
        case = town.open()
        town.at(2026, 9, 1)
        load = town.ask("方某", load_of, case.version_id)
        late = [one.element for one in load.steps if one.overdue]
        assert late
        assert "逾期 1" in town.visit("方某").get("/admin/operations").text

    def test_nobody_else_sees_it(self, town: Town) -> None:
        case = town.open()
        assert town.visit("吕某").get("/admin/operations").status_code == 403
        with pytest.raises(NotAllowed):
            town.ask("吕某", load_of, case.version_id)
        with pytest.raises(NotFound):
            town.ask("邓某", load_of, case.version_id)
        missing = town.visit("方某").get(f"/admin/operations/{case.version_id}/none.bpmn")
        assert missing.status_code == 404

    def test_a_case_that_stands_still_is_named(self, town: Town) -> None:
        case = town.open()
        with town.office.database.begin() as session:
            session.add(
                Suspension(
                    authority_id=case.authority_id,
                    case_id=case.id,
                    state="granted",
                    reasons="等待鉴定。",
                    keys=[],
                    status_before="registered",
                    requested_by=town.people["吕某"],
                    requested_at=town.clock.now(),
                    decided_at=town.clock.now(),
                )
            )
        assert town.ask("方某", health).suspended[0].reasons == "等待鉴定。"
        assert "等待鉴定。" in town.visit("方某").get("/admin/operations").text


class TestMigration:
    """在办案件按旧版办理；迁移是例外：试迁、理由、两名管理员、记录在案。"""

    def test_cases_are_proposed_and_decided_together(self, town: Town) -> None:
        cases = [town.open(), town.open()]
        target = second_version(town)
        mine = town.visit("方某")
        tried = mine.get(f"/admin/migration?from={cases[0].version_id}&to={target}")
        assert tried.text.count("可以迁移") == 2

        sent = {
            "action": "propose",
            "from": cases[0].version_id,
            "to": target,
            "case": [one.id for one in cases],
            "reasons": "制度修订。",
        }
        assert "共 2 件，未成 0 件" in mine.post("/admin/migration", data=sent).text
        assert [one.is_own for one in town.ask("方某", migrations_proposed)] == [True, True]
        own = mine.post("/admin/migration", data=sent | {"action": "grant"})
        assert "共 2 件，未成 2 件" in own.text

        other = town.visit("丁某").post("/admin/migration", data=sent | {"action": "grant"})
        assert "共 2 件，未成 0 件" in other.text
        assert {row.version_id for row in town.all(sa.select(CaseRow))} == {target}
        assert town.ask("方某", migrations_proposed) == ()

    def test_versions_that_do_not_fit_are_said(self, town: Town) -> None:
        case = town.open()
        client = town.visit("方某")
        page = client.get(f"/admin/migration?from={case.version_id}&to={case.version_id}")
        assert "wz-note-bad" in page.text
        assert "没有这样的流程版本" in client.get("/admin/migration?from=x&to=y").text

    def test_new_ids_are_read_one_a_line(self) -> None:
        assert mapping_of("a -> b\n\nc->d\nnothing\ne ->") == {"a": "b", "c": "d"}


class TestShades:
    """颜色分四档，没有则不着色。"""

    @pytest.mark.parametrize(
        ("part", "whole", "shade"), [(0, 10, 0), (1, 10, 1), (5, 10, 2), (10, 10, 4), (3, 0, 0)]
    )
    def test_a_shade_is_a_share(self, part: float, whole: float, shade: int) -> None:
        assert heat(part, whole) == shade

    def test_a_time_is_said_in_days_from_a_day_on(self, town: Town) -> None:
        with town.app.test_request_context():
            town.app.preprocess_request()
            assert (time_text(23.96), time_text(24), time_text(60)) == (
                "24.0 小时",
                "1.0 天",
                "2.5 天",
            )


class TestMigrationInTheBackground:
    """全部在办案件：后台逐件试迁、提请、决定，进度和结果在批量页。"""

    def test_all_cases_are_tried_proposed_and_decided_in_the_background(self, town: Town) -> None:
        cases = [town.open(), town.open()]
        target = second_version(town)
        sent = {"from": cases[0].version_id, "to": target, "reasons": "制度修订。"}
        mine, other = town.visit("方某"), town.visit("丁某")
        for browser, action, label in (
            (mine, "try", "批量试迁"),
            (mine, "propose", "批量提请迁移"),
            (other, "grant", "批量决定迁移"),
        ):
            begun = browser.post("/admin/migration/all", data=sent | {"action": action})
            drain(town.office, {KIND: run_batch})
            page = browser.get(begun.headers["Location"])
            assert label in page.text
            assert "共 2 件，已办 2 件，未能办理 0 件" in page.text
            assert cases[0].number in page.text
        assert {row.version_id for row in town.all(sa.select(CaseRow))} == {target}

    def test_nothing_to_decide_is_said(self, town: Town) -> None:
        sent = {"action": "grant", "reasons": "同意。"}
        page = town.visit("方某").post("/admin/migration/all", data=sent, follow_redirects=True)

        assert "有 0 件可办" in page.text
        assert town.visit("冯某").post("/admin/migration/all", data=sent).status_code == 403
