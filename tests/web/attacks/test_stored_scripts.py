"""存储型脚本注入：任何人写下的文字，在任何页面上都只是文字。"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from engine.store.tables import Record
from tests.office import Template
from tests.web import walking
from tests.web.attacks.crawling import Seen, crawl
from tests.web.scenes import Scene, Stood, build_scene

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ELEMENT = "wz-attack"
PAYLOAD = f"\"'><{ELEMENT} onload=x></script></textarea><{ELEMENT}>{{{{7*7}}}}"
"""Breaks out of text, of both kinds of attributes, of scripts and of text areas; a template
that evaluated it would show 49."""
WRITTEN = re.compile(r"[\u4e00-\u9fff]")
"""What a person wrote, or a procedure's author: it holds a Chinese character."""
KEPT = {"procedure_file", "calendar_day", "calendar_year", "procedure_version", "alembic_version"}
"""Bytes that are compared with a digest, and tables that hold no text for pages."""
NO_ICON = "data:,"
"""What pages name as their icon, so that browsers ask for none."""
READERS = ("周某", "郑某", "韩某", "冯某", "陈某", "方某", "丁某")


def poisoned(value: Any) -> Any:
    """Return a value with the payload behind every text in it."""
    if isinstance(value, str):
        return f"{value}{PAYLOAD}" if WRITTEN.search(value) else value
    if isinstance(value, list):
        return [poisoned(one) for one in value]
    if isinstance(value, dict):
        return {key: poisoned(one) for key, one in value.items()}
    return value


def poison(stood: Stood) -> int:
    """Put the payload into every text of the database, past every check; return into how many."""
    count = 0
    with stood.town.office.database.begin() as session:
        triggers = session.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all()
        for name in triggers:
            session.execute(sa.text(f'DROP TRIGGER "{name}"'))
        for table in Record.metadata.sorted_tables:
            if table.name in KEPT:
                continue
            keys = list(table.primary_key.columns)
            columns = [
                column
                for column in table.columns
                if isinstance(column.type, sa.String | sa.JSON)
                and not column.primary_key
                and not column.foreign_keys
            ]
            for row in session.execute(sa.select(table)).mappings().all():
                changed = {
                    column.name: poisoned(row[column])
                    for column in columns
                    if poisoned(row[column]) != row[column]
                }
                if changed:
                    count += len(changed)
                    mine = [key == row[key] for key in keys]
                    session.execute(sa.update(table).where(*mine).values(changed))
    return count


@pytest.fixture(scope="module")
def scene(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """A case that has come to its service, with a document and every kind of row on the way."""
    return build_scene(template, tmp_path_factory.mktemp("scene"), walking.to_service)


class TestEveryTextOfTheDatabase:
    """案件、人员、单位、答复、文书、记录：每一处文字都带上攻击代码，每一页都不执行。"""

    @pytest.mark.parametrize("reader", READERS)
    def test_stays_text_on_every_page(self, scene: Scene, tmp_path: Path, reader: str) -> None:
        stood = scene.copy(tmp_path)
        person = stood.town.visit(reader)
        assert poison(stood) > 100
        pages, shown = 0, 0
        for path, page, seen in crawl(person, "/inbox", "/cases", f"/cases/{stood.case.id}"):
            pages += 1
            shown += ELEMENT in page.text
            assert ELEMENT not in seen.elements, path
            assert seen.handlers == set(), path
            assert f"{ELEMENT}&gt;49" not in page.text, path
            schemes = {urlsplit(one).scheme for one in seen.links if one != NO_ICON}
            assert schemes <= {"", "http", "https"}, path
        stood.town.leave()
        assert pages >= 5
        assert shown >= 2, "the payload came to pages, as text"


class TestEveryPagesHeaders:
    """每一页都禁止外来脚本、嗅探和被嵌入。"""

    def test_on_every_page(self, scene: Scene, tmp_path: Path) -> None:
        stood = scene.copy(tmp_path)
        pages = 0
        for path, page, _ in crawl(stood.town.visit("周某"), "/inbox", "/cases"):
            pages += 1
            policy = page.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, path
            assert "unsafe-eval" not in policy, path
            assert "script-src 'self'" in policy, path
            assert "frame-ancestors" in policy, path
            assert page.headers["X-Content-Type-Options"] == "nosniff", path
            assert page.headers["Referrer-Policy"] == "same-origin", path
            assert "no-store" in page.headers["Cache-Control"], path
        stood.town.leave()
        assert pages >= 10


class TestTheParser:
    """检验的前提：漏掉转义的页面确实会被发现。"""

    @pytest.mark.parametrize(
        "page",
        [
            f"<p>{PAYLOAD}</p>",
            f'<input value="{PAYLOAD}">',
            f"<input value='{PAYLOAD}'>",
            f"<textarea>{PAYLOAD}</textarea>",
            f"<script type='application/json'>{PAYLOAD}</script>",
        ],
    )
    def test_an_unescaped_text_is_seen(self, page: str) -> None:
        seen = Seen()
        seen.feed(page)
        assert ELEMENT in seen.elements
