"""What a browser test watches for, and the types of the fixtures in conftest.py."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, expect

OpenPage: TypeAlias = Callable[..., Page]
AxeFindings: TypeAlias = Callable[[Page], list[str]]
KeepScreenshot: TypeAlias = Callable[[Page, str], Path]
Hindrances: TypeAlias = Callable[[Page, str], list[str]]

DESKTOP = 1280
TELEPHONE = 390
OUTSIDE = """() => {
  const width = document.documentElement.clientWidth, all = document.documentElement.scrollWidth;
  if (all <= width) return [];
  const isOutside = one => one.getBoundingClientRect().right > width + 1;
  const outside = [...document.querySelectorAll('body *')].filter(isOutside);
  return [`the page is ${all} px wide`, ...outside.slice(-3).map(
    one => `wider than the screen: ${one.outerHTML.slice(0, 120)}`)];
}"""
"""What a page holds beyond the screen's right edge."""


def wait_until_drawn(page: Page) -> None:
    """Wait until the forms and diagrams of a page are there."""
    for waiting in page.locator("[data-wz-form], [data-wz-diagram]").all():
        expect(waiting).to_have_attribute("data-state", "ready")


@dataclass
class Guard:
    """What a page did that no page may do.

    Attributes:
        troubles: Sentences, one for each.
        expected: Parts of texts that this very test provokes, such as a refused request; and
            what the bell says, which asks by itself, when the server goes at a test's end.
    """

    troubles: list[str] = field(default_factory=list)
    expected: list[str] = field(
        default_factory=lambda: [
            "NOT_CONNECTED",
            "CONNECTION_REFUSED",
            "CONNECTION_RESET",
            "htmx:afterRequest",
            "htmx:sendError",
        ]
    )

    def watch(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"thrown: {error}"))
        page.on("request", lambda request: self._request(request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.troubles.append(f"console {message.type}: {message.text}")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in (
            "127.0.0.1",
            "localhost",
        ):
            self.troubles.append(f"foreign request: {url}")

    def unexpected(self) -> list[str]:
        return [
            trouble
            for trouble in self.troubles
            if not any(known in trouble for known in self.expected)
        ]
