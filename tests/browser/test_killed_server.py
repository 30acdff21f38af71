"""The server dies in the middle of a case; started again, the page goes on where it was."""

from __future__ import annotations

import base64
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from engine.clock import SystemClock
from engine.store.tables import Platform
from tests.browser import p01
from tests.browser.filling import fill
from tests.browser.serving import Street
from tests.browser.watching import Guard, OpenPage
from tests.office import START, Template
from tests.web import walking
from tests.web.scenes import Scene, Stood, build_scene

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(120)]

WENZE = Path(sys.executable).with_name("wenze")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def stood(home: Path, template: Template, tmp_path_factory: pytest.TempPathFactory) -> Stood:
    """An installation with a case that waits for its verification; nobody has it open."""
    scene: Scene = build_scene(template, tmp_path_factory.mktemp("scene"), walking.to_verification)
    copy = scene.copy(home)
    # the served clock runs on from the machine's: never behind what the case has on record
    behind = (START - SystemClock().now()).total_seconds()
    with copy.town.office.database.begin() as session:
        session.get_one(Platform, 1).shift_seconds = max(0, int(behind) + 3_600)
    copy.town.office.database.close()
    key = base64.b64encode(b"k" * 32).decode()
    keys = f'current = "k1"\ncookies = "{key}"\n\n[masters]\nk1 = "{key}"\n'
    (home / "keys.toml").write_text(keys, encoding="utf-8")
    return copy


@pytest.fixture
def start(home: Path) -> Iterator[Callable[[int], tuple[subprocess.Popen[str], str]]]:
    """Return `start(port)`, which serves the installation and gives process and address."""
    running: list[subprocess.Popen[str]] = []

    def starter(port: int) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(  # noqa: S603 -- our own command
            [str(WENZE), "serve", "--port", str(port)],
            env={**os.environ, "WENZE_HOME": str(home), "PYTHONUNBUFFERED": "1"},
            cwd=home,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        running.append(process)
        assert process.stdout is not None
        for line in process.stdout:
            found = re.search(r"http://[\d.]+:\d+", line)
            if found:
                return process, found[0]
        raise AssertionError(f"the server ended with {process.wait()}")

    yield starter
    for process in running:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


class TestKilledInMidCase:
    """一步之后服务器被强行终止；重新启动后，同一页面、同一登录接着办下一步。"""

    def test_the_page_goes_on(
        self,
        stood: Stood,
        start: Callable[[int], tuple[subprocess.Popen[str], str]],
        open_page: OpenPage,
        guard: Guard,
    ) -> None:
        guard.expected.append("ERR_CONNECTION_REFUSED")
        process, address = start(0)
        street = Street(address, open_page)
        number = stood.case.number
        street.do("秦某", "初步核实", number, p01.VERIFICATION)
        page = street.open_step("秦某", "提出书面启动建议", number)
        fill(page, "task", p01.PROPOSAL)

        process.send_signal(signal.SIGKILL)
        process.wait()
        page.get_by_role("button", name="提交", exact=True).click()
        expect(page.get_by_role("alert").filter(has_text="填写的内容仍在本页")).to_be_visible()
        _, again = start(int(address.rsplit(":", maxsplit=1)[1]))
        assert again == address
        page.get_by_role("button", name="提交", exact=True).click()

        expect(page.locator(".wz-note-ok")).to_contain_text("“提出书面启动建议”已提交")
        page = street.open_step("郑某", "决定是否启动", number)
        expect(page.locator("main")).to_contain_text("初步核实 秦某")
