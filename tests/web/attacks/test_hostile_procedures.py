"""流程文件里的攻击代码：图上的文字、表单、决策表、规则，在每一页都只是文字。"""

from __future__ import annotations

import dataclasses
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import tests.office as building
from engine.publishing.folders import Folder, read_folder
from engine.store.tables import VersionRow
from tests.web import walking
from tests.web.attacks.crawling import crawl
from tests.web.attacks.test_stored_scripts import ELEMENT, NO_ICON, PAYLOAD
from tests.web.scenes import Scene, Stood, build_scene

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

READERS = ("周某", "郑某", "陈某", "方某", "丁某")
IN_XML = PAYLOAD.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
SHOWN_BY_FORMS = frozenset({"label", "description", "text", "title", "patternErrorMessage"})
NAMES = re.compile(r'\b(name|label|typeLabel)="([^"]*[\u4e00-\u9fff][^"]*)"')
DATA = {"application/xml", "application/json", "text/plain"}
LANE = re.compile(r"<(?:\w+:)?lane\s")
TEXTS = re.compile(r"<((?:\w+:)?(?:documentation|description|text))>([^<]*[\u4e00-\u9fff][^<]*)<")


def in_diagram(text: str) -> str:
    """Put the payload behind every name, label, documentation and annotation.

    A lane's name is left: the rules find its role by it.
    """

    def in_tag(found: re.Match[str]) -> str:
        if LANE.match(found[0]):
            return found[0]
        return NAMES.sub(lambda name: f'{name[1]}="{name[2]}{IN_XML}"', found[0])

    named = re.sub(r"<[^>]+>", in_tag, text)
    return TEXTS.sub(lambda found: f"<{found[1]}>{found[2]}{IN_XML}<", named)


def in_table(text: str) -> str:
    """Put the payload into what a table tells people; its conditions stay what they are."""
    told = re.compile(r"<((?:\w+:)?description)>([^<]*)<")
    labelled = re.sub(r'\blabel="([^"]*)"', lambda found: f'label="{found[1]}{IN_XML}"', text)
    return told.sub(lambda found: f"<{found[1]}>{found[2]}{IN_XML}<", labelled)


def in_form(value: Any) -> Any:
    """Put the payload into every text that a form shows."""
    if isinstance(value, list):
        return [in_form(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: f"{one}{PAYLOAD}" if key in SHOWN_BY_FORMS and isinstance(one, str) else in_form(one)
        for key, one in value.items()
    }


def in_rules(text: str) -> str:
    """Put the payload into each Chinese title of the rules, in block and in flow style."""
    quoted = json.dumps(PAYLOAD, ensure_ascii=False)[1:-1].replace("'", "\\u0027")

    def poison(found: re.Match[str]) -> str:
        stated = found[2].strip().strip("\"'")
        return f'{found[1]}"{stated}{quoted}"'

    return re.sub(
        r"((?:\bzh|\btitle|\bsummary): )([^{}\[\],#\n\"']*[\u4e00-\u9fff][^{}\[\],#\n\"']*)",
        poison,
        text,
    )


def poisoned(path: str, content: bytes) -> bytes:
    """Return a file of a procedure with the payload in what it shows to people."""
    if path.endswith(".bpmn"):
        return in_diagram(content.decode()).encode()
    if path.endswith(".dmn"):
        return in_table(content.decode()).encode()
    if path.endswith(".form"):
        return json.dumps(in_form(json.loads(content)), ensure_ascii=False).encode()
    if path.endswith("procedure.yaml"):
        return in_rules(content.decode()).encode()
    return content


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A case that has come to its service, under a procedure whose every text attacks."""
    with pytest.MonkeyPatch.context() as patch:

        def hostile(path: Path) -> Folder:
            folder = read_folder(path)
            files = {name: poisoned(name, content) for name, content in folder.files.items()}
            return dataclasses.replace(folder, files=files)

        patch.setattr(building, "read_folder", hostile)
        template = building.build_template(tmp_path_factory.mktemp("hostile"))
        yield build_scene(template, tmp_path_factory.mktemp("scene"), walking.to_service)


def checked(stood: Stood, reader: str, *starts: str) -> tuple[int, int]:
    """Read every page from these on; return how many there were, and how many showed the text."""
    pages, shown = 0, 0
    for path, page, seen in crawl(stood.town.visit(reader), *starts):
        pages += 1
        shown += ELEMENT in page.text
        assert ELEMENT not in seen.elements, path
        assert seen.handlers == set(), path
        assert f"{ELEMENT}&gt;49" not in page.text, path
        schemes = {urlsplit(one).scheme for one in seen.links if one != NO_ICON}
        assert schemes <= {"", "http", "https"}, path
    return pages, shown


class TestEveryFileOfAProcedure:
    """图、表、表单、规则中的每一处文字都带上攻击代码，每一页都不执行。"""

    @pytest.mark.parametrize("reader", READERS)
    def test_stays_text_on_every_page(self, scene: Scene, tmp_path: Path, reader: str) -> None:
        stood = scene.copy(tmp_path)
        pages, shown = checked(stood, reader, "/inbox", "/cases", f"/cases/{stood.case.id}")
        stood.town.leave()

        assert pages >= 5
        assert shown >= 2, "the payload came to pages, as text"

    def test_stays_text_where_procedures_are_designed(self, scene: Scene, tmp_path: Path) -> None:
        stood = scene.copy(tmp_path)
        with stood.town.office.database.reading() as session:
            version = (
                session.query(VersionRow).filter_by(authority_id=stood.town.authority_id).first()
            )
            assert version is not None
            starts = (f"/admin/procedures/{version.id}", "/admin/tables", "/designer", "/register")
        pages, shown = checked(stood, "丁某", *starts)
        stood.town.leave()

        assert pages >= 10
        assert shown >= 5

    @pytest.mark.parametrize("reader", ["周某", "丁某"])
    def test_a_diagram_is_data_and_never_a_page(
        self, scene: Scene, tmp_path: Path, reader: str
    ) -> None:
        """What the browser would open as a document: XML that no browser runs, or a download."""
        stood = scene.copy(tmp_path)
        browser, found = stood.town.visit(reader), 0
        for _, page, _seen in crawl(browser, f"/cases/{stood.case.id}", "/admin/procedures"):
            for address in sorted(set(re.findall(r'data-[a-z-]+="(/[^"]+)"', page.text))):
                answer = browser.get(html.unescape(address))
                if answer.status_code == 200 and answer.mimetype != "text/html":
                    found += ELEMENT.encode() in answer.data
                    assert answer.mimetype in DATA, address
                    assert answer.headers["X-Content-Type-Options"] == "nosniff"
                    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                answer.close()
        stood.town.leave()
        assert found >= 1

    def test_the_payload_is_in_every_kind_of_file(self) -> None:
        """The premise: what is poisoned here is not left as it was."""
        folder = read_folder(building.PROCESSES / building.P01)
        changed = {
            Path(name).suffix
            for name, content in folder.files.items()
            if poisoned(name, content) != content
        }

        assert changed >= {".bpmn", ".dmn", ".form", ".yaml"}
