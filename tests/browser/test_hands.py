"""The pages of hand-overs in a real browser, at a desk and on a telephone; axe finds nothing."""

from collections.abc import Iterator
from datetime import date
from functools import partial

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from engine.commands.claim_work import claim_work
from engine.commands.countersign import ask_signature
from engine.commands.depart import begin_departure
from engine.commands.substitute import set_substitution
from engine.errors import NotAllowed
from engine.store.tables import Departure, WorkItemRow
from tests.browser.serving import Street, served
from tests.browser.watching import DESKTOP, TELEPHONE, Hindrances, OpenPage
from tests.office import PASSWORD, Template, Town, copy_of
from tests.web import walking

pytestmark = pytest.mark.browser

DAY = date(2026, 3, 2)
PAGES = {
    "hands": ("吕某", "/work/{item}/hands"),
    "signer": ("秦某", "/work/{item}/hands"),
    "deputies": ("秦某", "/deputies"),
    "codes": ("秦某", "/account/codes"),
    "all-deputies": ("方某", "/admin/deputies"),
    "departures": ("方某", "/admin/departures"),
    "departure": ("方某", "/admin/departures/{departure}"),
    "deviations": ("苏某", "/admin/deviations"),
    "seal": ("方某", "/admin/seal"),
}


@pytest.fixture(scope="module")
def town(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A verification in somebody's hands, with everything that may hang on it."""
    copy = copy_of(template, tmp_path_factory.mktemp("copy"))
    case = walking.to_verification(copy)
    item = copy.claim("吕某", case, "ut_verify")
    signer = copy.people["秦某"]
    copy.give("吕某", ask_signature, item.id, signer, place="before", reasons="请核签。")
    copy.give("吕某", set_substitution, signer, valid_from=DAY, valid_to=DAY, reasons="当日外出。")
    copy.give("方某", begin_departure, copy.people["吕某"], signer, reasons="调离。")
    with pytest.raises(NotAllowed):
        copy.give("韩某", claim_work, copy.item(copy.open(), "ut_screen").id)
    yield copy
    copy.office.database.close()


@pytest.fixture(scope="module")
def address(town: Town) -> Iterator[str]:
    """The address of the office."""
    with served(town.app) as found:
        yield found


def path_of(town: Town, name: str) -> tuple[str, str]:
    item = town.one(sa.select(WorkItemRow).where(WorkItemRow.element == "ut_verify"))
    departure = town.one(sa.select(Departure))
    who, path = PAGES[name]
    return who, path.format(item=item.id, departure=departure.id)


@pytest.mark.parametrize("width", [DESKTOP, TELEPHONE])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_fits_and_axe_is_content(
    *,
    town: Town,
    address: str,
    open_page: OpenPage,
    hindrances: Hindrances,
    name: str,
    width: int,
) -> None:
    who, path = path_of(town, name)
    page = Street(address, partial(open_page, width=width)).go(who, path)
    expect(page.locator("h1")).to_be_visible()

    assert hindrances(page, f"hands-{name}") == []


def test_a_signer_signs_by_hand(town: Town, address: str, open_page: OpenPage) -> None:
    who, path = path_of(town, "signer")
    page = Street(address, open_page).go(who, path)
    page.get_by_label("口令或动态口令").fill(PASSWORD)
    page.get_by_role("button", name="同意并签名").click()

    expect(page.get_by_text("已会签，时间和意见记入案件记录。")).to_be_visible()
