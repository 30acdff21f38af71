"""规则各页。"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from engine.publishing.schema import published_schema
from tests.office import Town
from tests.web.designer.test_drafts import begin, files_of, save

if TYPE_CHECKING:
    from flask.testing import FlaskClient

REAPPOINT = "shipped:reappointment-approval"


ENTRIES: dict[str, tuple[str, dict[str, str], Any]] = {
    "lanes": ("受理", {"": "intake_clerk"}, "intake_clerk"),
    "roles": (
        "judge",
        {"title": "评议员", "scope": "authority"},
        {"title": {"zh": "评议员"}, "scope": "authority"},
    ),
    "parameters": (
        "repeat.threshold",
        {"value": "2", "title": "次数"},
        {"title": {"zh": "次数"}, "value": 2, "proposed": True},
    ),
    "documents": (
        "letter",
        {"title": "决定书", "template": "documents/letter.typ", "required": "facts、grounds"},
        {
            "title": {"zh": "决定书"},
            "template": "documents/letter.typ",
            "required": ["facts", "grounds"],
        },
    ),
    "calls": (
        "ca_serve",
        {"": "deadline: DL-X-1\nserve_unit: true"},
        {
            "deadline": "DL-X-1",
            "serve_unit": True,
        },
    ),
    "variables": ("appeal", {"": ""}, None),
    "policy": ("organ", {"": "judge"}, "judge"),
    "articles": (
        "S3 L75",
        {"title": "责任", "text": "7种责任。"},
        {"title": {"zh": "责任"}, "text": "7种责任。"},
    ),
    "notices": (
        "closed",
        {"title": "已结", "text": "{case_number}已结案。", "text__en": "{case_number} is closed."},
        {
            "title": {"zh": "已结"},
            "text": {"zh": "{case_number}已结案。", "en": "{case_number} is closed."},
        },
    ),
    "outcomes": ("revoked", {"title": "撤销"}, {"title": {"zh": "撤销"}}),
    "filings": (
        "appeal",
        {
            "title": "申诉",
            "message": "appeal_received",
            "form": "appeal",
            "by": "subject reporter",
            "late__message": "late_claimed",
        },
        {
            "title": {"zh": "申诉"},
            "message": "appeal_received",
            "form": "appeal",
            "by": ["subject", "reporter"],
            "late": {"message": "late_claimed"},
            "proposed": True,
        },
    ),
    "channels": (
        "C1",
        {"title": "举报", "source": "S3 L74"},
        {"title": {"zh": "举报"}, "source": "S3 L74"},
    ),
}


def write(
    client: FlaskClient, draft: str, section: str, key: str, number: int, **given: str
) -> str:
    """Write one entry on the page; return what the page says then."""
    fields = {f"f.{name.replace('__', '.')}": value for name, value in given.items()}
    form = {"section": section, "key": key, "number": str(number), **fields}
    page = client.post(f"/designer/{draft}/rules", data=form, follow_redirects=True)
    return page.text


def rules_of(town: Town, draft: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(files_of(town, draft)["procedure.yaml"])
    return found


class TestTheRules:
    """Deadlines, roles, lanes and the rest are pages over the file; comments in it stay."""

    def test_a_deadline_is_written_and_marked_as_proposed_without_a_source(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        given = {"title": "办理", "title__en": "Handling", "value": "5", "unit": "working_days"}
        ends = {"starts": "registered", "ends": "done", "on_expiry": "yellow_card"}
        assert "已写入" in write(designer, draft, "deadlines", "DL-NW-1", 1, **given, **ends)
        assert rules_of(town, draft)["deadlines"]["DL-NW-1"] == {
            "title": {"zh": "办理", "en": "Handling"},
            "value": 5,
            "unit": "working_days",
            "starts": "registered",
            "ends": "done",
            "on_expiry": ["yellow_card"],
            "proposed": True,
        }
        page = designer.get(f"/designer/{draft}/rules?section=deadlines&key=DL-NW-1").text
        assert 'value="办理"' in page
        assert "工作日" in page

    def test_with_a_source_it_is_no_longer_proposed(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        write(designer, draft, "switches", "a.b", 1, title="试行", default="on")
        assert rules_of(town, draft)["switches"]["a.b"] == {
            "title": {"zh": "试行"},
            "default": True,
            "proposed": True,
        }
        write(designer, draft, "switches", "a.b", 2, title="试行", source="S3 L75")
        assert rules_of(town, draft)["switches"]["a.b"] == {
            "title": {"zh": "试行"},
            "default": False,
            "source": "S3 L75",
        }

    @pytest.mark.slow
    def test_what_the_page_does_not_ask_stays_in_the_entry(
        self, town: Town, designer: FlaskClient
    ) -> None:
        version = designer.get("/designer").text.split("version:")[1].split('"')[0]
        source = f"version:{version}"
        draft = begin(town, designer, way="copy", source=source, procedure="", title="")
        before = rules_of(town, draft)["deadlines"]["DL-CA-3"]
        page = designer.get(f"/designer/{draft}/rules?section=deadlines&key=DL-CA-3").text
        assert "保持原有安排" in page
        given = {"value": "20", "unit": "working_days", "starts": before["starts"]}
        title = {"title": before["title"]["zh"], "title__en": before["title"]["en"]}
        kept = {"ends": before["ends"], "source": before["source"], "on_expiry": "keep"}
        write(designer, draft, "deadlines", "DL-CA-3", 1, **given, **title, **kept)
        assert rules_of(town, draft)["deadlines"]["DL-CA-3"] == {**before, "value": 20}

    @pytest.mark.parametrize("section", list(ENTRIES))
    def test_each_section_writes_its_entries(
        self, town: Town, designer: FlaskClient, section: str
    ) -> None:
        draft = begin(town, designer)
        key, given, meant = ENTRIES[section]
        assert "已写入" in write(designer, draft, section, key, 1, **given)
        assert rules_of(town, draft)[section][key] == meant
        page = designer.get(f"/designer/{draft}/rules?section={section}&key={key}").text
        assert key in page
        form = {"section": section, "key": key, "number": "2", "action": "remove"}
        designer.post(f"/designer/{draft}/rules", data=form)
        assert key not in (rules_of(town, draft).get(section) or {})

    def test_truth_values_are_no_texts(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer)
        write(designer, draft, "parameters", "repeat.on", 1, value="true")
        assert rules_of(town, draft)["parameters"]["repeat.on"]["value"] is True
        page = designer.get(f"/designer/{draft}/rules?section=parameters&key=repeat.on").text
        assert 'value="true"' in page

    def test_what_the_schema_refuses_is_told_and_not_written(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        page = write(designer, draft, "deadlines", "bad key", 1, title="期", unit="days", value="x")
        assert "没有写入" in page
        assert rules_of(town, draft)["deadlines"] == {}

    def test_a_file_that_cannot_be_edited_so_is_left_to_its_source(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        save(designer, draft, "procedure.yaml", "deadlines: [", 1)
        assert "源文件" in write(designer, draft, "deadlines", "DL-X-1", 2, title="期", unit="days")
        assert designer.get(f"/designer/{draft}/rules?section=none").status_code == 200

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("deadlines: 5\n", "源文件"),
            ("deadlines: [1, 2]\n", "源文件"),
            ("deadlines: {DL-X-1: {title: {zh: 期}, on_expiry: 5}}\n", "没有写入"),
        ],
    )
    def test_what_stands_in_the_place_of_entries_is_told_and_left(
        self, town: Town, designer: FlaskClient, text: str, said: str
    ) -> None:
        draft = begin(town, designer)
        save(designer, draft, "procedure.yaml", text, 1)
        page = designer.get(f"/designer/{draft}/rules?section=deadlines&key=DL-X-1")
        assert page.status_code == 200
        told = write(
            designer, draft, "deadlines", "DL-X-1", 2, title="期", unit="x", on_expiry="keep"
        )
        assert said in told
        assert files_of(town, draft)["procedure.yaml"].decode() == text

    def test_somebody_elses_newer_file_is_not_overwritten_and_nonsense_is_refused(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        save(town.visit("方某"), draft, "procedure.yaml", "id: new-one\n", 1)
        assert "方某" in write(designer, draft, "lanes", "受理", 1, **{"": "intake_clerk"})
        bad = designer.post(f"/designer/{draft}/rules", data={"section": "x", "key": "y"})
        assert bad.status_code == 400


class TestListsAndWholes:
    """Stages and measures stand in an order; some parts are one entry; all have a page."""

    def test_every_key_of_the_schema_has_a_page(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer)
        page = designer.get(f"/designer/{draft}/rules?section=basics").text
        parts = set(re.findall(r"/rules\?section=([a-z]+)", page))
        tops = set(re.findall(r'name="f\.([a-z]+)', page))

        assert set(published_schema()["properties"]) - {"id", "kind"} == tops | parts - {"basics"}

    def test_measures_are_added_changed_moved_and_removed(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        heavy = {"title": "免职", "approval": "{division: superior_organ}"}
        lasting = {"effect.kind": "bars_awards", "effect.for.value": "1"}
        write(designer, draft, "measures", "dismiss", 1, **heavy)
        light = {"title": "诫勉", "approval": "direct", "source": "S3 L75", "place": "1"}
        write(
            designer,
            draft,
            "measures",
            "talk",
            2,
            **light,
            **lasting,
            **{"effect.for.unit": "years"},
        )

        assert rules_of(town, draft)["measures"] == [
            {
                "title": {"zh": "诫勉"},
                "code": "talk",
                "approval": "direct",
                "effect": {"kind": "bars_awards", "for": {"value": 1, "unit": "years"}},
                "source": "S3 L75",
            },
            {
                "title": {"zh": "免职"},
                "code": "dismiss",
                "approval": {"division": "superior_organ"},
                "proposed": True,
            },
        ]
        page = designer.get(f"/designer/{draft}/rules?section=measures&key=dismiss").text
        assert "division: superior_organ" in page
        write(designer, draft, "measures", "dismiss", 3, **heavy, place="1")
        assert [one["code"] for one in rules_of(town, draft)["measures"]] == ["dismiss", "talk"]
        form = {"section": "measures", "key": "dismiss", "number": "4", "action": "remove"}
        designer.post(f"/designer/{draft}/rules", data=form)
        assert [one["code"] for one in rules_of(town, draft)["measures"]] == ["talk"]
        gone = designer.post(f"/designer/{draft}/rules", data=form)
        assert "源文件" in gone.text
        designer.post(f"/designer/{draft}/rules", data={**form, "number": "5", "key": "talk"})
        assert "measures" not in rules_of(town, draft)

    def test_stages_and_exemptions_are_lists_too(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer)
        write(designer, draft, "stages", "intake", 1, title="受理", title__en="Intake")
        write(designer, draft, "exempt", "1", 2, rule="table-gap", reason="没有缺口")
        write(designer, draft, "gaps", "DT-X-1", 3, reason="不属于范围", source="S3 L75")

        found = rules_of(town, draft)

        assert found["stages"] == [{"id": "intake", "title": {"zh": "受理", "en": "Intake"}}]
        assert found["exempt"] == [{"rule": "table-gap", "reason": {"zh": "没有缺口"}}]
        assert found["gaps"] == [
            {"table": "DT-X-1", "reason": {"zh": "不属于范围"}, "source": "S3 L75"}
        ]
        assert "不属于范围" in designer.get(f"/designer/{draft}/rules?section=gaps").text

    def test_a_part_that_is_one_entry_is_written_and_removed(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        ladder = {"levels": "section_head inspector", "every.value": "3", "every.unit": "days"}
        write(designer, draft, "ladder", "ladder", 1, **ladder)
        assert rules_of(town, draft)["ladder"] == {
            "levels": ["section_head", "inspector"],
            "every": {"value": 3, "unit": "days"},
            "proposed": True,
        }
        page = designer.get(f"/designer/{draft}/rules?section=ladder").text
        assert 'value="section_head inspector"' in page
        form = {"section": "ladder", "key": "ladder", "number": "2", "action": "remove"}
        designer.post(f"/designer/{draft}/rules", data=form)
        assert "ladder" not in rules_of(town, draft)

    def test_the_years_that_closed_cases_are_kept_are_written_and_bounded(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        write(designer, draft, "retention", "retention", 1, years="30")
        assert rules_of(town, draft)["retention"] == {"years": 30, "proposed": True}
        assert "没有写入" in write(designer, draft, "retention", "retention", 2, years="101")
        assert rules_of(town, draft)["retention"]["years"] == 30

    def test_what_stands_at_the_top_is_written_one_by_one(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        before = rules_of(town, draft)
        given = {"title": "脱岗核查", "summary": "", "tiers": "T1 T2", "process": "new-one"}
        write(designer, draft, "basics", "basics", 1, **given)

        found = rules_of(town, draft)

        assert found == {
            **{key: value for key, value in before.items() if key != "summary"},
            "title": {"zh": "脱岗核查"},
            "tiers": ["T1", "T2"],
        }
        form = {"section": "basics", "key": "basics", "number": "2", "action": "remove"}
        assert "源文件" in designer.post(f"/designer/{draft}/rules", data=form).text

    def test_an_effect_that_is_a_list_stays_as_it_is(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        text = files_of(town, draft)["procedure.yaml"].decode()
        effects = "measures: [{code: warn, title: 警告, effect: [{kind: a}, {kind: b}]}]\n"
        save(designer, draft, "procedure.yaml", text + effects, 1)
        write(designer, draft, "measures", "warn", 2, title="警告", approval="direct")

        (one,) = rules_of(town, draft)["measures"]

        assert one["effect"] == [{"kind": "a"}, {"kind": "b"}]
        assert one["approval"] == "direct"


class TestWhatIsWrong:
    """What is wrong is told beside its field; whatever was typed stays in the form."""

    def test_a_field_is_told_what_it_lacks_and_the_rest_stays(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)

        page = write(designer, draft, "filings", "appeal", 1, title="申诉", form="appeal")

        assert "没有写入" in page
        assert 'id="e-f.message"' in page
        assert 'id="e-f.by"' in page
        assert 'id="e-f.form"' not in page
        assert 'value="申诉"' in page
        assert 'value="appeal"' in page
        assert "filings" not in rules_of(town, draft)

    def test_a_value_of_another_kind_is_told_at_its_field(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        page = write(
            designer, draft, "measures", "talk", 1, title="诫勉", **{"effect.kind": "不行"}
        )
        assert 'id="e-f.effect.kind"' in page
        page = write(designer, draft, "start", "start", 1, form="start", roles="")
        assert 'id="e-f.roles"' in page
        page = write(designer, draft, "basics", "basics", 1, title="新", tiers="一 二")
        assert 'id="e-f.tiers"' in page

    def test_what_is_no_yaml_is_told_and_stays(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer)

        page = write(designer, draft, "calls", "ca_serve", 1, **{"": "deadline: [DL"})

        assert "不是可以读取的写法" in page
        assert "deadline: [DL" in page

    def test_a_part_that_is_no_list_is_left(self, town: Town, designer: FlaskClient) -> None:
        draft = begin(town, designer)
        save(designer, draft, "procedure.yaml", "stages: 5\n", 1)
        assert "源文件" in write(designer, draft, "stages", "intake", 2, title="受理")

    def test_what_somebody_else_saved_meanwhile_costs_nothing_that_was_typed(
        self, town: Town, designer: FlaskClient
    ) -> None:
        draft = begin(town, designer)
        text = files_of(town, draft)["procedure.yaml"].decode()
        save(town.visit("方某"), draft, "procedure.yaml", text + "tiers: [T1]\n", 1)

        page = write(designer, draft, "channels", "C1", 1, title="公民举报")

        assert "方某" in page
        assert 'value="公民举报"' in page
