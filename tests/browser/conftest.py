"""A real Chromium for the pages: fixtures that every browser test shares.

A page that writes an error to the console, throws, breaks the content security policy or asks a
foreign host for something fails its test, whatever else it shows.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.watching import (
    DESKTOP,
    OUTSIDE,
    AxeFindings,
    Guard,
    Hindrances,
    KeepScreenshot,
    OpenPage,
)
from tests.office import Template, build_template

CHROMIUM = Path("/usr/bin/chromium")
ARTEFACTS = Path(__file__).parents[2] / "test-artefacts"
PATIENCE = 30_000
"""How many milliseconds a page may take on a machine on which three others are at work."""
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, once a session."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed; run `python tools/chromium.py`.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The office of P01, built once."""
    return build_template(tmp_path_factory.mktemp("office"))


@pytest.fixture
def guard() -> Iterator[Guard]:
    """The watch over a test's pages; fails the test at its end."""
    watch = Guard()
    yield watch
    assert watch.unexpected() == []


@pytest.fixture
def open_page(chromium: Browser, guard: Guard) -> Iterator[OpenPage]:
    """Return `open_page(url, width=1280, locale="zh-CN")`, each page in a context of its own."""
    contexts: list[BrowserContext] = []

    def opener(url: str, width: int = DESKTOP, locale: str = "zh-CN") -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": 860}, locale=locale, timezone_id="Asia/Shanghai"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        guard.watch(page)
        page.goto(url)
        return page

    yield opener
    for context in contexts:
        context.close()


@pytest.fixture
def axe_findings() -> AxeFindings:
    """Return a function that names what axe-core finds wrong with a page, one line a finding."""

    def findings(page: Page) -> list[str]:
        found = Axe().run(page).response["violations"]
        return [
            f"{rule['id']}: {node['html'][:160]} — {node.get('failureSummary', '')}"
            for rule in found
            for node in rule["nodes"]
        ]

    return findings


@pytest.fixture
def keep_screenshot() -> KeepScreenshot:
    """Return a function that stores a whole page's picture for people to look at."""

    def keep(page: Page, name: str) -> Path:
        ARTEFACTS.mkdir(exist_ok=True)
        path = ARTEFACTS / f"{name}.png"
        page.screenshot(path=path, full_page=True)
        return path

    return keep


@pytest.fixture
def hindrances(axe_findings: AxeFindings, keep_screenshot: KeepScreenshot) -> Hindrances:
    """Return a function that keeps a page's picture and says what keeps anybody from using it."""

    def found(page: Page, name: str) -> list[str]:
        width = page.viewport_size["width"] if page.viewport_size else 0
        called = f"{name}-{width}"
        assert keep_screenshot(page, called).exists()
        wrong = axe_findings(page) + page.evaluate(OUTSIDE)
        return [f"{called}: {one}" for one in wrong]

    return found
