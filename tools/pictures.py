"""Takes the pictures of the README from a rehearsal: docs/pictures/inbox.png and case.png.

Run as ``python tools/pictures.py HOME``, with HOME the home of a rehearsal that `wenze demo
--build-only` has built (`.wenze/demo`). Needs Chromium (`python tools/chromium.py`).
"""

import sys
import threading
from dataclasses import replace
from pathlib import Path

import waitress
from playwright.sync_api import Page, expect, sync_playwright

from web.app import create_app
from web.keys import keys_in
from web.office import open_installation
from web.settings import Settings

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
WIDTH, HEIGHT, INBOX_HEIGHT = 1280, 900, 480
CASE = "推诿扯皮"
"""Of the case that is shown; it stands before its report."""


def enter(page: Page, address: str, account: str) -> None:
    """Log in as one of the rehearsal's people."""
    page.context.clear_cookies()
    page.goto(f"{address}/login")
    people = page.locator("#account option", has_text=f"（{account}）")
    page.locator("#account").select_option(people.get_attribute("value"))
    page.locator("form[action$='/login/as'] button").click()
    page.wait_for_url(lambda url: "/login" not in url)


def take(address: str) -> None:
    """Take both pictures."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        page.set_viewport_size({"width": WIDTH, "height": INBOX_HEIGHT})
        enter(page, address, "zhou")
        page.goto(f"{address}/inbox")
        page.screenshot(path=PICTURES / "inbox.png")
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        page.goto(f"{address}/cases?q={CASE}")
        page.locator("th a.wz-task").first.click()
        expect(page.locator("[data-wz-diagram]")).to_have_attribute("data-state", "ready")
        page.screenshot(path=PICTURES / "case.png")
        browser.close()


def main() -> int:
    """Serve the rehearsal and take the pictures."""
    if len(sys.argv) != 2:  # noqa: PLR2004 -- the command and its one argument
        print(__doc__, file=sys.stderr)
        return 2
    settings = replace(Settings(), home=Path(sys.argv[1]))
    office = open_installation(settings)
    app = create_app(office, settings, keys_in(settings.home))
    server = waitress.create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    take(f"http://127.0.0.1:{server.effective_port}")
    server.close()
    office.database.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
