"""权限矩阵：每个角色、每个页面和接口、每种与案件的关系，逐一实际请求。"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.office import Town
from tests.web.access.document import document
from tests.web.access.people import ADMIN, EMPLOYEE, RELATIONS, ROLES
from tests.web.access.scene import MISSING, Stage
from tests.web.access.table import PROGRAMS, Line, lines, routes_of
from web.visiting import OPEN_TO_ALL

DOCUMENT = Path(__file__).parents[3] / "docs" / "access-matrix.md"
LOG_OUT = "POST /logout"
OPEN = frozenset({"/api/v1/openapi.json", "/engine-rest/version"})
"""What anybody may read: the description of the interface."""
IDS_OF_A_CASE = (
    "case_id",
    "item_id",
    "document_id",
    "attachment_id",
    "departure_id",
    "deviation_id",
    "due_id",
    "incident_id",
    "interference_id",
    "person_id",
    "version_id",
)
"""Names whose things belong to an authority, and never to the one who asks."""


class TestTheTable:
    """A page that nobody has thought about is not served: the table names every route, once."""

    def test_every_route_has_its_line(self, town: Town) -> None:
        named = [line.route for line in lines()]

        assert set(named) == routes_of(town.app)
        assert len(named) == len(set(named))

    def test_what_asks_for_no_log_in_is_marked(self, town: Town) -> None:
        public = {
            f"{method} {rule.rule}"
            for rule in town.app.url_map.iter_rules()
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
            if getattr(town.app.view_functions[rule.endpoint], OPEN_TO_ALL, False)
            and not rule.rule.startswith(PROGRAMS)
        }

        assert {line.route for line in lines() if line.public} == public

    def test_where_nobody_is_let_in_the_table_says_why(self) -> None:
        silent = [line.route for line in lines() if not any(line.roles.values()) and not line.why]

        assert silent == []

    def test_the_documentation_shows_the_table(self) -> None:
        assert DOCUMENT.read_text("utf-8") == document(), "python -m tests.web.access.document"


class TestWithoutALogIn:
    """未登录的，只有公开页。"""

    def test_every_other_route_leads_to_the_log_in(self, stage: Stage) -> None:
        client = stage.town.app.test_client()
        for line in lines():
            if not line.public:
                answer = stage.ask(
                    client, line, stage.ids_for(line, stage.personas["intake_clerk", "none"])
                )
                assert answer.status_code == 302, line.route
                assert answer.headers["Location"].startswith("/login"), line.route
                assert stage.reached == []


class TestPrograms:
    """What programs call reads no cookie: a browser's log-in, whose ever, opens none of it."""

    @pytest.mark.parametrize("role", [EMPLOYEE, "supervision_officer", ADMIN])
    def test_without_a_token_nothing_is_given(self, stage: Stage, role: str) -> None:
        client = stage.browser(stage.personas[role, "participant"].account_id)
        asked = 0
        for rule in stage.town.app.url_map.iter_rules():
            if not rule.rule.startswith(("/api/", "/engine-rest")) or rule.rule in OPEN:
                continue
            address = re.sub(r"<[^>]+>", MISSING, rule.rule)
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                stage.reached.clear()
                answer = client.open(address, method=method, json={})
                assert answer.status_code in {401, 404, 405}, (method, rule.rule)
                assert stage.reached == [], (method, rule.rule)
                asked += answer.status_code == 401
        assert asked >= 100


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("relation", RELATIONS)
class TestEveryCell:
    """Deny by default: whoever is let in stands in the table; everybody else is turned away."""

    def test_as_the_table_says(self, stage: Stage, relation: str) -> None:
        wrong = []
        for role in ROLES:
            persona = stage.personas[role, relation]
            client = stage.browser(persona.account_id)
            for line in lines():
                browser = stage.browser(persona.account_id) if line.route == LOG_OUT else client
                is_in = stage.lets_in(browser, line, persona)
                if is_in != (role in line.roles[relation]):
                    wrong.append((line.route, role, "let in" if is_in else "turned away"))
        assert wrong == []


class TestTheMatrixOfTheSpecification:
    """supervision.md, 权限矩阵要点: the rows that the source gives, read off the table."""

    def test_the_reporter_s_identity(self) -> None:
        assert let_in("POST /cases/<case_id>/reveal/<reference>", "none") == {
            "intake_clerk",
            "protection_officer",
        }

    def test_the_investigation_s_evidence_is_for_its_members(self) -> None:
        line = "GET /attachments/<attachment_id>"
        assert let_in(line, "participant") == set(ROLES)
        for relation in set(RELATIONS) - {"participant"}:
            assert let_in(line, relation) == set()

    def test_a_subject_has_pages_of_one_s_own_and_no_case_page(self) -> None:
        assert let_in("GET /my/<case_id>", "subject") == set(ROLES)
        assert let_in("GET /cases/<case_id>", "subject") == set()
        assert let_in("GET /cases/<case_id>/timeline", "subject") == set()

    def test_a_reporter_without_a_post_sees_the_own_status_alone(self) -> None:
        of_the_case = [line for line in lines() if "<case_id>" in line.rule]
        seen = {line.route for line in of_the_case if EMPLOYEE in line.roles["reporter"]}
        assert seen == {"GET /my/<case_id>"}

    def test_supervision_sees_traces_and_deadlines_and_no_file(self) -> None:
        for page in ("timeline", "deadlines"):
            assert "supervision_officer" in let_in(f"GET /cases/<case_id>/{page}", "none")
        assert "supervision_officer" not in let_in("GET /attachments/<attachment_id>", "none")

    def test_an_administrator_sees_no_case(self) -> None:
        for line in lines():
            if line.rule.startswith(("/cases/<", "/work/<", "/documents/<", "/attachments/<")):
                assert ADMIN not in line.roles["none"], line.route

    def test_only_designers_and_administrators_come_to_procedures(self) -> None:
        assert let_in("POST /admin/procedures", "none") == {"process_designer", ADMIN}
        assert let_in("POST /admin/procedures/<version_id>/approve", "none") == {ADMIN}

    def test_who_is_recused_is_kept_from_every_page_of_the_case(self) -> None:
        for line in lines():
            if line.rule.startswith(("/cases/<", "/work/<", "/documents/<", "/attachments/<")):
                assert line.roles["recused"] == frozenset(), line.route


class TestAnotherAuthority:
    """不同机关数据隔离 (SUP-062): what is another's looks exactly like what is not there."""

    @pytest.mark.parametrize("role", ["intake_clerk", "supervision_officer", ADMIN])
    def test_it_answers_as_if_there_were_nothing(self, stage: Stage, role: str) -> None:
        account = stage.personas[role, "other"].account_id
        asked = 0
        for line in lines():
            for name in set(line.names()) & set(IDS_OF_A_CASE):
                ids = stage.ids_for(line, stage.personas["intake_clerk", "none"])
                there = stage.ask(stage.browser(account), line, ids)
                missing = stage.ask(stage.browser(account), line, {**ids, name: MISSING})
                assert said(there.text, ids[name]) == said(missing.text, MISSING), line.route
                assert there.status_code == missing.status_code, line.route
                assert stage.reached == [] or role == ADMIN, line.route
                asked += 1
        assert asked >= 80


def said(page: str, of_it: str) -> str:
    """Return what a page says, without the id that was asked for and the form's tokens."""
    return re.sub(r'(csrf_token"[^>]*value|X-CSRFToken": )="?[^">]*', "", page.replace(of_it, ""))


def let_in(route: str, relation: str) -> frozenset[str]:
    found: Line = next(line for line in lines() if line.route == route)
    return found.roles[relation]
