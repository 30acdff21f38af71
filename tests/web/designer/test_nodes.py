"""几个节点、各有各的文件：检查的进度到处看得到、停得了；演练在哪个节点，别的节点说得出。"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.office import Town
from tests.web.designer.test_checks import ended
from tests.web.designer.test_drafts import begin, checked
from tests.web.designer.test_rehearsing import USUAL, inside, rehearse
from web.app import create_app
from web.designer.checks import _TURN
from web.keys import Keys

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient


@pytest.fixture
def draft(town: Town, designer: FlaskClient) -> str:
    return begin(town, designer, **USUAL)


@pytest.fixture
def elsewhere(town: Town, tmp_path: Path) -> Flask:
    """The pages of another node: the same database, a home of its own."""
    own = replace(town.app.extensions["wenze_settings"], home=tmp_path / "second")
    app = create_app(town.office, own, Keys("k1", {"k1": b"k" * 32}, b"only for tests", b"r" * 32))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return app


@pytest.fixture
def there(town: Town, elsewhere: Flask, designer: FlaskClient) -> FlaskClient:
    """The designer's browser as the proxy leads it to the other node."""
    here, town.app = town.app, elsewhere
    browser = town.visit("丁某")
    town.app = here
    return browser


class TestTheCheckOfADraft:
    """检查在一个节点上跑，另一个节点上看得到进度，也停得了。"""

    def test_is_seen_and_stopped_from_another_node(
        self, town: Town, designer: FlaskClient, there: FlaskClient, draft: str
    ) -> None:
        turn = town.app.extensions.setdefault(_TURN, threading.Lock())
        with turn:
            designer.post(f"/designer/{draft}/check")
            assert "正在检查" in there.get(f"/designer/{draft}/check").text
            there.post(f"/designer/{draft}/check")  # it runs already, and only once
            there.post(f"/designer/{draft}/check/stop")

        assert ended(designer, draft, "检查已停止")
        assert "检查已停止" in there.get(f"/designer/{draft}/check").text
        assert checked(town, there, draft) == "checked"
        assert "data-check-over" in designer.get(f"/designer/{draft}/check").text


class TestARehearsal:
    """演练的文件只在一个节点上；别的节点说明在哪里，不说没有。"""

    def test_another_node_says_where_it_is(
        self, town: Town, designer: FlaskClient, there: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        home = town.app.extensions["wenze_settings"].home.absolute()
        page = there.get(f"/designer/{draft}/rehearsal", follow_redirects=True).text

        assert "这个草稿正在另一节点录制" in page
        assert f":{home}" in page
        asked = there.get(inside(draft, "/inbox"))
        assert asked.headers["Location"] == f"/designer/{draft}/scenarios"
        assert "另一节点" not in designer.get(f"/designer/{draft}/scenarios").text

    def test_begun_anew_there_the_one_here_is_gone(
        self, designer: FlaskClient, there: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        assert "演练" in rehearse(there, draft)

        assert there.get(f"/designer/{draft}/rehearsal").status_code == 200
        page = designer.get(f"/designer/{draft}/rehearsal", follow_redirects=True).text
        assert "这个草稿正在另一节点录制" in page

    def test_given_up_no_node_has_it(
        self, designer: FlaskClient, there: FlaskClient, draft: str
    ) -> None:
        rehearse(designer, draft)
        designer.post(f"/designer/{draft}/rehearsal/end", data={"action": "discard"})

        for browser in (designer, there):
            assert "另一节点" not in browser.get(f"/designer/{draft}/scenarios").text
            assert browser.get(inside(draft, "/inbox")).status_code == 404
