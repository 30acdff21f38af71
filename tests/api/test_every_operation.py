"""接口说明即契约：按说明随机调用每个操作二百次，没有一次出故障，也没有一次与说明不符。"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
import structlog
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.config import SchemathesisConfig

from engine.commands.organise import give_post
from engine.store.tables import CaseRow
from tests.api.conftest import secret_of
from tests.office import Template, Town, copy_of
from tests.web.access.scene import build_stage
from web.api.area import PREFIX
from web.api.document import document
from web.api.table import OPERATIONS
from web.logs import set_up_logs

EXAMPLES = int(os.environ.get("WENZE_TEST_EXAMPLES", "8"))
"""How many requests an operation gets; 200 take a quarter of an hour: `make fuzz`."""
SEED = 20_260_302
TAKEN = ["2xx", "401", "403", "404", "409", "412", "422"]
"""What may be said to a request that fits the document: a rule, a revision or a cursor may
still stand against it, which no schema can say."""
CONFIG = {
    "seed": SEED,
    "generation": {"deterministic": True},
    "checks": {"positive_data_acceptance": {"expected-statuses": TAKEN}},
}
WHO = "丁某"
POSTS = ("intake_clerk", "investigator_pool", "supervision_officer", "archivist")


@dataclass(frozen=True)
class Served:
    """The office that is called, with ids that there are."""

    town: Town
    secret: str
    ids: dict[str, str]


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """Write the log as the server does: what fails is told without the values of variables."""
    before = structlog.get_config()
    set_up_logs("error", file=io.StringIO())
    yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def served(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One office for every call, so that they meet what calls before have left."""
    town = copy_of(template, tmp_path_factory.mktemp("called"))
    town.app.extensions["wenze_rates"].most = 10_000_000
    for role in POSTS:
        town.give(WHO, give_post, town.people[WHO], role, valid_from=date(2026, 1, 1))
    stage = build_stage(town)
    case = town.one(sa.select(CaseRow).where(CaseRow.id == stage.case_id))
    ids = {
        **stage.ids,
        "work_item_id": stage.ids["item_id"],
        "motion_id": stage.ids["motion"],
        "procedure": case.procedure,
        "number": case.number,
        "from_version_id": case.version_id,
        "decision": "DT-CA-3-HEAVIER",
        "year": "2026",
        "day": "2026-03-02",
    }
    yield Served(town, secret_of(town, WHO), ids)
    town.office.database.close()


SCHEMA = schemathesis.openapi.from_dict(
    document(OPERATIONS, PREFIX), config=SchemathesisConfig.from_dict(CONFIG)
)
CALLED = {f"{one.method} {one.path}": SCHEMA[one.path][one.method] for one in OPERATIONS}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", CALLED)
def test_it_keeps_to_its_document(name: str, served: Served) -> None:
    """Every other call names things that there are; the rest name what was made up."""
    operation = CALLED[name]
    SCHEMA.app = operation.app = served.town.app
    count, bearer = 0, f"Bearer {served.secret}"

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case: Any) -> None:
        nonlocal count
        count += 1
        if count % 2:
            case.path_parameters = {
                key: served.ids.get(key, value) for key, value in case.path_parameters.items()
            }
        case.call_and_validate(headers={"Authorization": bearer})

    call()
    assert count >= 1
