"""Camunda's clients as they are published: each walks through the calls that it has."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import sqlalchemy as sa
from werkzeug.serving import make_server

from engine.clock import SystemClock
from engine.store.tables import Account
from tests.camunda.programs import Program, service, waiting
from tests.office import Template, Town, copy_of
from tools.node import ensure_node, npm_command

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

HERE = Path(__file__).parent
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def town(template: Template, tmp_path: Path) -> Iterator[Town]:
    """The office by the machine's clock: locks run out while clients wait."""
    copy = copy_of(template, tmp_path, cast("Any", SystemClock()))
    yield copy
    copy.leave()


@pytest.fixture
def address(town: Town) -> Iterator[str]:
    """The interface on a port of its own."""
    server = make_server("127.0.0.1", 0, town.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/engine-rest"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def account_of(town: Town, name: str) -> str:
    """Return the log-in's name of a person, which Basic authentication sends."""
    found: str = town.one(sa.select(Account.name).where(Account.person_id == town.people[name]))
    return found


def run(*command: str, cwd: Path = HERE, **environment: str) -> dict[str, Any]:
    """Run a client's walk; return what it saw."""
    done = subprocess.run(  # noqa: S603 -- a walk of ours
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-1000:]
    seen: dict[str, Any] = json.loads(done.stdout)
    return seen


class TestNpm:
    """camunda-external-task-client-js 3.1.0."""

    def test_it_walks_through_every_call_that_it_has(
        self, town: Town, address: str, designer: Program, tmp_path: Path
    ) -> None:
        node = ensure_node()
        if not (HERE / "js" / "node_modules").is_dir():
            subprocess.run(  # noqa: S603 -- npm, with our lock file
                [*npm_command(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=HERE / "js",
                check=True,
                capture_output=True,
            )
        picture = tmp_path / "photo.png"
        picture.write_bytes(PICTURE)
        designer.start(service(), mode="refuse")
        designer.start(service("Process_Two"), mode="do")

        seen = run(
            str(node),
            "walk.mjs",
            address,
            account_of(town, "丁某"),
            designer.token,
            str(picture),
            cwd=HERE / "js",
        )

        assert seen["refused"] is True
        assert seen["properties"] == {"target": "register"}
        assert seen["retries"] == 2
        assert seen["received"] == {
            "text": "同步完成",
            "json": {"found": [1, 2, {"deep": True}]},
            "at": "2026-03-02T01:30:00.250Z",
            "whole": 41,
            "part": 0.5,
            "yes": True,
            "none": None,
            "filename": "photo.png",
            "same": True,
        }
        assert "404" in seen["stale"] or "There is no" in seen["stale"]
        assert set(seen["errors"]) == {"complete"}  # only the stale worker's


class TestPython3:
    """camunda-external-task-client-python3 4.5.0."""

    def test_it_walks_through_every_call_that_it_has(
        self, town: Town, address: str, designer: Program
    ) -> None:
        designer.deploy(service())
        designer.deploy(waiting(), "wait.bpmn", title="wait")

        seen = run(
            sys.executable,
            "walk_python3.py",
            address,
            account_of(town, "丁某"),
            designer.token,
            "Process_Sync",
        )

        assert seen["instances"] == [seen["started"]]
        assert seen["variables"]["amount"] == 3
        assert seen["variables"]["note"] == "甲"
        assert seen["property"] == "register"
        assert json.loads(seen["found"]) == [1, 2]
        assert seen["twice"] is True
        assert "received 400" in seen["stale"]
        assert seen["jobs"] == []  # what gave up is an incident, and no job
        assert seen["correlated"] is True


class TestPycamunda:
    """pycamunda 0.6.1."""

    def test_it_walks_through_the_calls_that_we_serve(
        self, town: Town, address: str, designer: Program, tmp_path: Path
    ) -> None:
        diagram = tmp_path / "sync.bpmn"
        diagram.write_bytes(service())
        access = tmp_path / "access"
        account = account_of(town, "丁某")
        access.write_text(f"machine 127.0.0.1 login {account} password {designer.token}\n")

        seen = run(
            sys.executable,
            "walk_pycamunda.py",
            address,
            str(diagram),
            NETRC=str(access),
        )

        assert seen == {
            "version": "7.21.0",
            "deployed": True,
            "deployments": 1,
            "definition": ["Process_Sync", 1, "同步登记"],
            "count": 1,
            "instances": True,
            "amount": 7,
            "listed": "no line",
            "incidents": 1,
            "incidents_after": 0,
            "variables": "yes",
        }
