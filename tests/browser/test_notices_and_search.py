"""Notices and the search in a real browser: live, by keyboard, readable by everybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pytest
from playwright.sync_api import expect

from engine.commands.notice_preferences import set_notice_address
from engine.commands.notice_templates import change_notice_template
from scheduler.channels import MailServer, Outgoing, Reach
from tests.browser.serving import Street, served
from tests.browser.watching import DESKTOP, TELEPHONE, Hindrances, OpenPage
from tests.office import Template, Town, copy_of
from tests.web import walking

pytestmark = pytest.mark.browser

OFFICER = {
    "notices": "/notices",
    "notice-settings": "/notices/settings",
    "search": "/search?q=推诿",
    "search-nothing": "/search?q=起火",
}
ADMIN = {"admin-notices": "/admin/notices", "admin-notice-template": "/admin/notices/red"}


@dataclass(frozen=True)
class Place:
    """A served office with a case, an address, and a template of its own."""

    town: Town
    address: str


@pytest.fixture(scope="module")
def place(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    town = copy_of(template, tmp_path_factory.mktemp("copy"))
    town.office.channels = Outgoing(
        MailServer("mail.example", sender="w@a.cn", domains=("a.cn",)), Reach(("hook.example",))
    )
    town.give("冯某", set_notice_address, "mail", "mail", "feng@a.cn")
    words = {"zh": "【督办】{case_number}" * 3, "en": "Now: {case_number}"}
    town.give("方某", change_notice_template, "red", words, words)
    walking.to_service(town)
    town.open()
    town.at(2026, 3, 4)
    with served(town.app) as address:
        yield Place(town, address)
    town.office.database.close()


class TestReadable:
    """Each page at a desk and on a telephone; axe finds nothing."""

    @pytest.mark.parametrize("width", [DESKTOP, TELEPHONE])
    @pytest.mark.parametrize("name", [*OFFICER, *ADMIN])
    def test_by_everybody(
        self,
        place: Place,
        open_page: OpenPage,
        hindrances: Hindrances,
        name: str,
        width: int,
    ) -> None:
        street = Street(place.address, partial(open_page, width=width))
        page = street.go("方某" if name in ADMIN else "冯某", (OFFICER | ADMIN)[name])

        assert hindrances(page, name) == []


class TestLive:
    """The bell says a new number without the page being loaded again."""

    def test_a_new_notice_is_counted(self, place: Place, open_page: OpenPage) -> None:
        street = Street(place.address, open_page)
        page = street.go("冯某", "/cases")
        bell = page.locator("#bell b")
        before = int(bell.text_content() or "0")
        page.evaluate("window.stays = true")
        place.town.open()
        place.town.at(2026, 3, 9)

        page.evaluate("htmx.ajax('GET', '/notices/bell', {target: '#bell', swap: 'outerHTML'})")

        expect(bell).not_to_have_text(str(before))
        now = bell.text_content() or ""
        assert int(now) > before
        entry = page.locator(".wz-nav a", has_text="消息").locator("b")
        expect(entry).to_have_text(now)
        assert page.evaluate("window.stays") is True


class TestByKeyboard:
    """`/` leads to the search from any page, and types itself where one is writing."""

    def test_a_slash_a_word_and_return(self, place: Place, open_page: OpenPage) -> None:
        page = Street(place.address, open_page).go("冯某", "/inbox")
        page.keyboard.press("/")
        expect(page.locator(".wz-find")).to_be_focused()
        page.keyboard.type("推诿/")
        expect(page.locator(".wz-find")).to_have_value("推诿/")
        page.keyboard.press("Backspace")
        page.keyboard.press("Enter")

        expect(page.locator("mark.wz-hit").first).to_have_text("推诿")
