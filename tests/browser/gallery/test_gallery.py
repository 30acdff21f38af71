"""Each page at 1280 and 390 px, with nothing and with much: it fits, and axe finds nothing.

The screenshots stay in `test-artefacts/gallery-…` to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser.gallery.pages import ELSEWHERE, FOR_MACHINES, NO_PAGES, PAGES, Look
from tests.browser.gallery.places import Place, empty_place, full_place
from tests.browser.serving import Street, served
from tests.browser.watching import DESKTOP, TELEPHONE, Hindrances, OpenPage, wait_until_drawn

LOOKS = sorted(
    (
        (look.who, look.called or endpoint.replace(".", "-"), look)
        for endpoint, looks in PAGES.items()
        for look in looks
    ),
    key=lambda one: one[:2],
)
MAKERS: dict[str, Callable[[Path], Place]] = {"empty": empty_place, "full": full_place}


class TestTheTable:
    """No page is added without being looked at."""

    def test_it_holds_every_page(self, tmp_path: Path) -> None:
        place = empty_place(tmp_path)
        gets = {
            rule.endpoint
            for rule in place.town.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.endpoint.startswith(FOR_MACHINES)
        }
        place.town.office.database.close()
        assert gets == set(PAGES) | set(NO_PAGES) | set(ELSEWHERE)


@pytest.fixture(scope="module", params=["empty", "full"])
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Place, str]]:
    """An office, what it is called, and where it is served."""
    made = MAKERS[request.param](tmp_path_factory.mktemp(request.param))
    with served(made.town.app) as address:
        yield request.param, made, address
    made.town.office.database.close()


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(600)
class TestEveryPage:
    """Readable by everybody: no finding of axe, nothing wider than the screen, no error."""

    @pytest.mark.parametrize("width", [DESKTOP, TELEPHONE])
    def test_is_readable(
        self,
        place: tuple[str, Place, str],
        width: int,
        open_page: OpenPage,
        hindrances: Hindrances,
    ) -> None:
        state, made, address = place
        wrong: list[str] = []
        for who, looks in groupby(LOOKS, key=lambda one: one[0]):
            page = open_page(f"{address}/login", width)
            if who:
                Street(address, open_page).enter(page, made.people.get(who, who))
            for _who, called, look in looks:
                if look.needs_much and state == "empty":
                    continue
                wrong += _looked_at(page, address, look, made)
                wrong += hindrances(page, f"gallery-{state}-{called}")
        assert not wrong, "\n".join(wrong)


def _looked_at(page: Page, address: str, look: Look, made: Place) -> list[str]:
    """Open a page and wait until it is drawn; say what is wrong with its answer."""
    answer = page.goto(f"{address}{look.path.format(**made.named)}")
    wait_until_drawn(page)
    if answer is None or answer.status != 200:
        return [f"{look.path}: answered {answer.status if answer else 'nothing'}"]
    return []
