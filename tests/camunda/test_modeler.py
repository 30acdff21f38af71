"""Camunda Modeler on the desktop: its calls in its order, with its headers and time-outs."""

from __future__ import annotations

import io
import time
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
import pytest
import sqlalchemy as sa

from engine.commands.drafts import keep_check, submit_draft
from engine.commands.publish_version import approve_version
from engine.desk.linking import ask_for_child
from engine.desk.trials import OnlyRehearsed, must_be_real
from engine.desk.views.drafting import draft_files
from engine.publishing.folders import assembled
from engine.publishing.manifests import digest_of_manifest, manifest_of
from engine.store.tables import (
    CamundaDefinition,
    CaseRow,
    NumberAllotted,
    OutboxJob,
    ProcedureDraft,
    VersionRow,
    WorkItemRow,
)
from tests.camunda.conftest import program_of
from tests.camunda.programs import Program, service, waiting
from web.designer.area import SHARED

if TYPE_CHECKING:
    from tests.office import Town

TIME_OUT = 5.0
"""Seconds after which the Modeler gives up on a call."""


class TestDeployAndStart:
    """连接检查、版本、部署、启动：与 Modeler 的次序、请求头和时限一致。"""

    def test_its_calls_in_its_order(self, town: Town, designer: Program) -> None:
        stranger = town.app.test_client()
        began = time.monotonic()
        asked = stranger.get(
            "/engine-rest/deployment?maxResults=0", headers={"accept": "application/json"}
        )
        assert asked.status_code == 401
        assert asked.headers["WWW-Authenticate"].startswith("Basic")
        assert asked.headers["Content-Type"] == "application/json"
        assert designer.get("/deployment", maxResults=0) == []
        assert designer.get("/version") == {"version": "7.21.0"}

        made = designer.deploy(service(), title="同步")

        [(definition, shown)] = made["deployedProcessDefinitions"].items()
        assert shown["key"] == "Process_Sync"
        assert shown["version"] == 1
        pages = stranger.get("/.well-known/camunda-automation-platform/webapps").data
        links = orjson.loads(pages)
        case = designer.post(
            f"/process-definition/{definition}/start", {"businessKey": None, "variables": None}, 200
        )
        assert case["definitionId"] == definition
        assert time.monotonic() - began < TIME_OUT * 4
        page = town.visit("丁某").get(f"{links['cockpitUrl']}process-instance/{case['id']}")
        assert page.headers["Location"] == f"/cases/{case['id']}"
        listed = town.visit("丁某").get(f"{links['cockpitUrl']}repository?deploymentsQuery=x")
        assert listed.headers["Location"].startswith("/admin")

    def test_an_unchanged_file_is_the_deployment_that_it_was(self, designer: Program) -> None:
        first = designer.deploy(service())
        [definition] = first["deployedProcessDefinitions"]

        again = designer.deploy(service())

        assert again["id"] == first["id"]
        assert again["deployedProcessDefinitions"] is None
        designer.post(f"/process-definition/{definition}/start", {}, 200)

    def test_a_changed_file_is_the_next_version_and_the_same_draft(
        self, town: Town, designer: Program
    ) -> None:
        designer.deploy(service())
        [definition] = designer.deploy(service(topic="other"))["deployedProcessDefinitions"]

        assert definition.split(":")[:2] == ["Process_Sync", "2"]
        [draft] = town.all(sa.select(ProcedureDraft))
        assert draft.procedure == "process-sync"
        assert draft.origin == "modeler"
        _, files = town.ask("丁某", draft_files, draft.id)
        assert b'camunda:topic="other"' in files["process-sync.bpmn"]

    def test_what_it_sent_can_be_looked_at(self, designer: Program) -> None:
        made = designer.deploy(service(), title="同步")
        path = f"/deployment/{made['id']}"

        assert designer.get(path)["source"] == "Camunda Modeler"
        assert designer.get("/deployment/count", name="同步")["count"] == 1
        assert designer.get("/deployment/count", name="x")["count"] == 0
        [resource] = designer.get(f"{path}/resources")
        assert resource["name"] == "sync.bpmn"
        one = f"{path}/resources/{resource['id']}"
        assert designer.get(one)["name"] == "sync.bpmn"
        assert designer.ask("GET", f"{one}/data").data == service()
        assert designer.ask("GET", f"{path}/resources/none").status_code == 404
        assert designer.ask("GET", f"{path}/resources/none/data").status_code == 404
        assert designer.ask("GET", "/deployment/none").status_code == 404
        assert designer.ask("DELETE", path).status_code == 501

    def test_attachments_come_beside_the_diagram(self, town: Town, designer: Program) -> None:
        form = b'{"type": "default", "id": "look", "components": []}'
        parts = {
            "deployment-name": "two",
            "resource-0": (io.BytesIO(service()), "sync.bpmn"),
            "resource-1": (io.BytesIO(form), "look.form"),
        }

        made = designer.ask("POST", "/deployment/create", data=parts)

        assert made.status_code == 200, made.text
        [draft] = town.all(sa.select(ProcedureDraft))
        _, files = town.ask("丁某", draft_files, draft.id)
        assert files["forms/look.form"] == form

    def test_what_would_not_run_is_told_with_element_and_line(self, designer: Program) -> None:
        broken = service().replace(b' camunda:type="external" camunda:topic="check"', b"")

        refused = designer.deploy(broken, status=400)

        assert refused["type"] == "ParseException"
        assert refused["message"].startswith("ENGINE-09005 Could not parse BPMN process.")
        [found] = refused["details"]["sync.bpmn"]["errors"]
        assert found["mainElementId"] == "Activity_Check"
        assert found["elementIds"] == ["Activity_Check"]
        assert found["line"] == 1 + broken[: broken.index(b'"Activity_Check" name')].count(b"\n")
        assert "camunda:topic" in found["message"]

    def test_in_chinese_to_who_reads_chinese(self, designer: Program) -> None:
        designer.language = "zh-CN,zh;q=0.9"
        refused = designer.deploy(service().replace(b'camunda:topic="check"', b""), status=400)

        assert "没有主题" in refused["message"]

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("content", "name", "told"),
        [
            (b"<no", "a.bpmn", "ENGINE-09005"),
            (
                service().replace(b'isExecutable="true"', b'isExecutable="false"'),
                "a.bpmn",
                "No executable",
            ),
            (b"{}", "a.form", "No executable"),
            (b"x", "a.exe", "a.exe"),
            (service("Process_" + "x" * 90), "a.bpmn", "cannot name a procedure"),
            (
                service().replace(b'camunda:topic="check"', b'camunda:class="com.x.Y"'),
                "a.bpmn",
                "Activity_Check",
            ),
        ],
    )
    def test_what_cannot_be_deployed_leaves_nothing(
        self, town: Town, designer: Program, content: bytes, name: str, told: str
    ) -> None:
        refused = designer.deploy(content, name, status=400)

        assert told in refused["message"]
        assert town.all(sa.select(CamundaDefinition)) == []

    def test_a_folder_that_does_not_hold_together_is_told(
        self, town: Town, designer: Program
    ) -> None:
        called = service().replace(
            b'<bpmn:endEvent id="End_Done">',
            b'<bpmn:callActivity id="Call" calledElement="nowhere" /><bpmn:endEvent id="End_Done">',
        )
        refused = designer.deploy(called, status=400)
        assert "Call" in {one["mainElementId"] for one in refused["details"]["sync.bpmn"]["errors"]}
        for rules in (b"id: x", b"- 1", b"uses: [nowhere]"):
            parts = {
                "deployment-name": "two",
                "a": (io.BytesIO(service()), "sync.bpmn"),
                "b": (io.BytesIO(rules), "procedure.yaml"),
            }
            found = designer.ask("POST", "/deployment/create", data=parts)
            assert found.status_code == 400, found.text
            assert "ENGINE-09005" in found.text

    def test_without_a_file_there_is_nothing_to_deploy(self, designer: Program) -> None:
        made = designer.ask("POST", "/deployment/create", data={"deployment-name": "x"})
        assert made.status_code == 400

    def test_a_name_of_a_deployment_has_an_end(self, designer: Program) -> None:
        designer.deploy(service(), title="x" * 301, status=400)


class TestRehearsal:
    """未经第二人批准的流程只能演练：自成编号，不出文书，不惊动他人。"""

    def test_its_numbers_are_its_own(self, town: Town, designer: Program) -> None:
        first, second = designer.start(), designer.start(waiting())

        numbers = {
            one.id: one.number for one in town.all(sa.select(CaseRow).where(CaseRow.is_trial))
        }
        assert numbers == {first: "演练〔2026〕1号", second: "演练〔2026〕2号"}
        assert {one.procedure for one in town.all(sa.select(NumberAllotted))} == {"$trial"}

    def test_its_work_comes_to_who_began_it(self, town: Town, designer: Program) -> None:
        case = designer.start(waiting())
        designer.post("/message", {"messageName": "receipt", "processInstanceId": case})

        item = town.one(sa.select(WorkItemRow).where(WorkItemRow.case_id == case))
        assert item.candidates == [f"p:{town.people['丁某']}"]

    def test_nothing_of_it_goes_out(self, town: Town, designer: Program) -> None:
        row = town.one(sa.select(CaseRow).where(CaseRow.id == designer.start()))

        with pytest.raises(OnlyRehearsed):
            must_be_real(row)
        with pytest.raises(OnlyRehearsed):
            town.give(
                "system",
                lambda desk: ask_for_child(
                    desk,
                    row,
                    "k",
                    element="e",
                    procedure="p",
                    relation="related",
                    subject_id="",
                    answers={},
                ),
            )
        assert town.all(sa.select(OutboxJob).where(OutboxJob.kind == "route_message")) == []

    def test_versions_that_are_rehearsed_take_no_number(
        self, town: Town, designer: Program
    ) -> None:
        designer.deploy(service())
        designer.deploy(service(topic="other"))

        rows = town.all(sa.select(VersionRow).where(VersionRow.procedure == "process-sync"))
        assert sorted(one.number for one in rows) == [-1, 0]

    def test_after_a_second_person_has_approved_it_begins_for_real(
        self, town: Town, designer: Program
    ) -> None:
        [definition] = designer.deploy(service())["deployedProcessDefinitions"]
        approve(town)

        refused = designer.post(f"/process-definition/{definition}/start", {}, 403)

        assert "register" in refused["message"] or refused["type"] == "AuthorizationException"
        clerk = program_of(town, "冯某", ("start", "read"))
        variables = {"summary": {"value": "x"}}
        case = clerk.post(
            "/process-definition/key/Process_Sync/start", {"variables": variables}, 200
        )
        row = town.one(sa.select(CaseRow).where(CaseRow.id == case["id"]))
        assert not row.is_trial
        assert row.number == "某司〔2026〕1号"

    def test_a_newer_draft_is_not_begun_by_its_key(self, town: Town, designer: Program) -> None:
        designer.deploy(service())
        approve(town)
        designer.deploy(service(topic="other"))

        found = designer.get("/process-definition/key/Process_Sync")

        assert found["id"].split(":")[:2] == ["process-sync", "1"]
        both = designer.get("/process-definition", key="Process_Sync", latestVersion="true")
        assert len(both) == 2

    def test_a_diagram_of_a_procedure_in_force_takes_the_place_of_its_own(
        self, town: Town, designer: Program
    ) -> None:
        listed = designer.get("/process-definition", key="corporate-accountability")
        xml = designer.get(f"/process-definition/{listed[0]['id']}/xml")["bpmn20Xml"].encode()
        changed = xml.replace(b"</bpmn:definitions>", b"<!-- x --></bpmn:definitions>")

        made = designer.deploy(changed, "corporate-accountability.bpmn")

        assert len(made["deployedProcessDefinitions"]) == 1
        [draft] = town.all(sa.select(ProcedureDraft))
        _, files = town.ask("丁某", draft_files, draft.id)
        assert "forms/report.form" in files or len(files) > 10


class TestWhoMay:
    """没有令牌 401；令牌没有权限 403；不是流程设计员不能部署。"""

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Authorization": "Bearer wz_wrong"},
            {"Authorization": "Basic eDp3el93cm9uZw=="},
            {"Authorization": "Digest x"},
        ],
    )
    def test_without_a_token_nothing(self, town: Town, headers: dict[str, str]) -> None:
        for path in ("/deployment", "/version", "/nothing/at/all", "/"):
            found = town.app.test_client().get(f"/engine-rest{path}", headers=headers)
            assert found.status_code == 401

    def test_a_log_in_of_the_pages_is_no_token(self, town: Town) -> None:
        assert town.visit("丁某").get("/engine-rest/deployment").status_code == 401

    def test_a_scope_that_is_missing_is_named(self, town: Town) -> None:
        reader = program_of(town, "丁某", ("read",))

        refused = reader.deploy(service(), status=403)

        assert "deploy" in refused["message"]

    def test_who_designs_nothing_deploys_nothing(self, town: Town) -> None:
        clerk = program_of(town, "冯某", ("read", "deploy"))

        assert clerk.deploy(service(), status=403)["type"] == "AuthorizationException"
        assert clerk.ask("GET", "/deployment").status_code == 403

    def test_what_is_not_served_says_so(self, designer: Program) -> None:
        for method, path in (
            ("GET", "/authorization"),
            ("POST", "/migration/generate"),
            ("PUT", "/user/x/profile"),
            ("DELETE", "/process-instance/x"),
        ):
            found = designer.ask(method, path)
            assert found.status_code == 501
            assert path in orjson.loads(found.data)["message"]


def approve(town: Town) -> None:
    """Have the open draft approved by a second person, as if its checks had passed."""
    [draft] = town.all(sa.select(ProcedureDraft))
    _, files = town.ask("丁某", draft_files, draft.id)
    folder = assembled(draft.procedure, files, SHARED)
    manifest: dict[str, Any] = manifest_of(folder)
    digest = digest_of_manifest(manifest)
    town.give(
        "丁某",
        keep_check,
        draft.id,
        revision=draft.revision,
        report={"digest": digest, "passed": True},
    )
    version = town.give(
        "丁某",
        submit_draft,
        draft.id,
        revision=draft.revision,
        manifest=manifest,
        digest=digest,
        files={**folder.files, **folder.scenarios},
    )
    town.give("方某", approve_version, version.id, effective_on=date(2026, 3, 2))
