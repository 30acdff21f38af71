"""An office that listens on a port of its own, and people who sit before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from tests.browser.filling import fill
from tests.browser.watching import wait_until_drawn
from tests.listening import HOST, running
from web.frontend import missing_assets

if TYPE_CHECKING:
    from flask import Flask

    from tests.browser.watching import OpenPage


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve an application while the context lasts; give its address."""
    assert missing_assets() == (), "run `python tools/node.py`"
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server(HOST, 0, app, threaded=True)
    with running(server):
        yield f"http://{HOST}:{server.server_port}"


@dataclass
class Street:
    """The people before the office, each at a screen of their own, and what is looked at.

    Attributes:
        address: Of the office.
        open_page: The fixture.
        looked: Called with each page that is opened and the kind of page that it is.
    """

    address: str
    open_page: OpenPage
    looked: Callable[[Page, str], None] = lambda _page, _kind: None
    screens: dict[str, Page] = field(default_factory=dict)

    def at(self, name: str) -> Page:
        """Return the screen of a person, who logs in from the list if that was not done yet."""
        if name not in self.screens:
            page = self.open_page(f"{self.address}/login")
            self.screens[name] = page
            self.enter(page, name)
        return self.screens[name]

    def enter(self, page: Page, name: str) -> None:
        """Log in on a page that shows the log-in page."""
        people = page.locator("#account")
        of = [one for one in people.locator("option").all_text_contents() if one.startswith(name)]
        people.select_option(label=of[0])
        page.locator("form[action$='/login/as'] button").click()
        page.wait_for_url(lambda url: "/login" not in url)

    def go(self, name: str, path: str, kind: str = "") -> Page:
        """Open a page as somebody; have it looked at."""
        page = self.at(name)
        page.goto(f"{self.address}{path}")
        self.look(page, kind)
        return page

    def look(self, page: Page, kind: str) -> None:
        """Wait until a page is drawn, and have it looked at as one of its kind."""
        wait_until_drawn(page)
        if kind:
            self.looked(page, kind)

    def open_step(self, name: str, step: str, case: str) -> Page:
        """Open a step of a case from one's inbox."""
        page = self.go(name, "/inbox", "inbox")
        row = (
            page.locator("tr")
            .filter(has_text=case)
            .filter(has=page.get_by_role("link", name=step, exact=True))
        )
        row.get_by_role("link", name=step, exact=True).click()
        expect(page.get_by_role("heading", level=1, name=step)).to_be_visible()
        self.look(page, f"step {step}")
        return page

    def do(
        self,
        name: str,
        step: str,
        case: str,
        answers: Mapping[str, Any],
        *,
        button: str = "提交",
        more: Mapping[str, str] | None = None,
        before: str = "",
    ) -> Page:
        """Do a step from one's inbox: fill its form and press its button.

        Args:
            name: Who.
            step: Its name in the inbox.
            case: The case's title or number.
            answers: For the form.
            button: What ends the step.
            more: Plain fields beside the form, by label.
            before: A button to be pressed first, such as the one that makes the document.
        """
        page = self.open_step(name, step, case)
        if before:
            page.get_by_role("button", name=before).click()
            expect(page.get_by_text("文书已生成")).to_be_visible()
            self.look(page, f"step {step} prepared")
        fill(page, "task", answers)
        for label, text in (more or {}).items():
            page.get_by_label(label).fill(text)
        page.get_by_role("button", name=button, exact=True).click()
        expect(page.locator(".wz-note-ok")).to_contain_text("已提交")
        return page
