"""接口说明即契约：按说明随机调用每个操作二百次，没有一次出故障，也没有一次与说明不符。"""

from __future__ import annotations

import io
import os
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import sqlalchemy as sa
import structlog
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from engine.clock import RehearsalClock
from engine.commands.organise import give_post
from engine.desk import Desk
from engine.store.tables import Account, CaseRow
from tests.api.conftest import secret_of
from tests.office import PASSWORD, Template, Town, copy_of
from tests.web.access.scene import build_stage
from web.api.area import PREFIX
from web.api.document import document
from web.api.shapes import NO_NUL
from web.api.table import OPERATIONS
from web.logs import set_up_logs

EXAMPLES = int(os.environ.get("WENZE_TEST_EXAMPLES", "200"))
"""How many requests an operation gets; one that takes nothing can be asked in one way only."""
SEED = 20_260_302
TAKEN = ["2xx", "401", "403", "404", "409", "412", "422"]
"""What may be said to a request that fits the document: a rule, a revision or a cursor may
still stand against it, which no schema can say."""
UNFIT = frozenset({400, 401, 403, 404, 405, 409, 412, 413, 415, 422})
"""What may be said to one that does not: other rules may be looked at first."""
CONFIG = {
    "seed": SEED,
    "generation": {
        "deterministic": True,
        "allow-x00": False,
        "with-security-parameters": False,
    },
    "checks": {
        "positive_data_acceptance": {"expected-statuses": TAKEN},
        "negative_data_rejection": {"expected-statuses": [str(one) for one in sorted(UNFIT)]},
    },
}
WHO = "丁某"
MET_BEFORE = ("POST /units", "POST /people", "POST /roster", "POST /interferences")
POSTS = ("intake_clerk", "investigator_pool", "supervision_officer", "archivist")


def held(pooled: Any) -> sqlite3.Connection:
    """Return what the pool holds."""
    found = pooled.driver_connection
    assert isinstance(found, sqlite3.Connection)
    return found


@dataclass(frozen=True)
class Served:
    """The office that is called, with ids that there are.

    Attributes:
        town: The office.
        secret: The token.
        ids: What a path may name, by parameter.
        kept: Where the database is kept as it was before the first call.
    """

    town: Town
    secret: str
    ids: dict[str, str]
    kept: Path

    def keep(self) -> None:
        """Keep the database as it is now."""
        with (
            closing(self.town.office.database.engine.raw_connection()) as source,
            closing(sqlite3.connect(self.kept)) as target,
        ):
            held(source).backup(target)

    def put_back(self) -> None:
        """Put the database back to what was kept, and the clock to its first day."""
        with (
            closing(sqlite3.connect(self.kept)) as source,
            closing(self.town.office.database.engine.raw_connection()) as target,
        ):
            source.backup(held(target))
        self.town.office.clock = RehearsalClock(self.town.clock)


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """Write the log as the server does: what fails is told without the values of variables."""
    before = structlog.get_config()
    set_up_logs("error", file=io.StringIO())
    yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def served(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One office for every operation, in which somebody may do much.

    It is put back before each, so that a seed finds the same in any order and lists do not
    grow; before that it met some made-up calls, so that their texts stand in its lists.
    """
    home = tmp_path_factory.mktemp("called")
    town = copy_of(template, home)
    sa.event.listen(town.office.database.engine, "connect", _need_not_last)
    town.office.database.engine.dispose()
    town.app.extensions["wenze_rates"].most = 10_000_000
    for role in POSTS:
        town.give(WHO, give_post, town.people[WHO], role, valid_from=date(2026, 1, 1))
    stage = build_stage(town)
    case = town.one(sa.select(CaseRow).where(CaseRow.id == stage.case_id))
    secret = secret_of(town, WHO)
    town.office.give(town.actor(WHO), _sign_cheaply)
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
    lived_in = Served(town, secret, ids, home / "kept.db")
    lived_in.keep()
    for name in MET_BEFORE:
        assert _call(name, lived_in, GenerationMode.POSITIVE, 30)[HTTPStatus.OK] > 0
        lived_in.keep()
    yield lived_in
    town.office.database.close()


def _need_not_last(connection: Any, _record: object) -> None:
    """Wait for no disk: what this office holds is gone with the test."""
    connection.execute("PRAGMA synchronous=OFF")


def _sign_cheaply(desk: Desk) -> None:
    """Hash the password with the least that argon2 takes; made-up ones are checked by it."""
    account = desk.session.get_one(Account, desk.actor.account_id)
    account.password = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def generated_from(part: Any) -> Any:
    """Return the document without the pattern of texts, which `allow-x00` says as well.

    Schemathesis puts the greatest length into the pattern, and regular expressions that
    count to 20,000 take a tenth of a second to build and most of the time to generate.
    """
    if isinstance(part, dict):
        return {
            key: generated_from(one)
            for key, one in part.items()
            if (key, one) != ("pattern", NO_NUL)
        }
    return [generated_from(one) for one in part] if isinstance(part, list) else part


SCHEMA = schemathesis.openapi.from_dict(
    generated_from(document(OPERATIONS, PREFIX)), config=SchemathesisConfig.from_dict(CONFIG)
)
CALLED = {f"{one.method} {one.path}": one for one in OPERATIONS}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", CALLED)
def test_it_keeps_to_its_document(name: str, served: Served) -> None:
    """Every other call names things that there are, and the rest what was made up."""
    answered = _call(name, served, GenerationMode.POSITIVE, EXAMPLES)
    assert answered[HTTPStatus.UNAUTHORIZED] < answered.total(), "the token was lost on the way"


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", [name for name, one in CALLED.items() if one.parameters])
def test_it_takes_nothing_that_its_document_forbids(name: str, served: Served) -> None:
    """What does not fit in one place or another is refused, and neither done nor a fault."""
    answered = _call(name, served, GenerationMode.NEGATIVE, -(-EXAMPLES // 8))
    assert answered.keys() & UNFIT


def _call(name: str, served: Served, mode: GenerationMode, most: int) -> Counter[int]:
    """Make up requests and hold the answers to the document; return how many had each status."""
    one = CALLED[name]
    served.put_back()
    operation = SCHEMA[one.path][one.method]
    SCHEMA.app = operation.app = served.town.app
    made_up = 0
    asked: set[str] = set()
    answered: Counter[int] = Counter()
    bearer = f"Bearer {served.secret}"

    @seed(SEED)
    @settings(
        max_examples=most,
        deadline=None,
        database=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: Any) -> None:
        nonlocal made_up
        made_up += 1
        if made_up % 2:
            _name_what_there_is(case, served.ids)
        if one.method == "GET":  # the same question has the same answer
            question = repr((case.path_parameters, case.query, dict(case.headers)))
            if question in asked:
                return
            asked.add(question)
        answer = case.call_and_validate(headers={"Authorization": bearer})
        answered[answer.status_code] += 1
        if answer.status_code == HTTPStatus.UNAUTHORIZED:  # it moved the clock past the token's end
            served.put_back()

    call()
    assert answered.total() >= 1
    if mode is GenerationMode.POSITIVE and one.method != "GET" and one.parameters:
        assert made_up == most, "there are not so many ways to call it"
    return answered


def _name_what_there_is(case: Any, ids: dict[str, str]) -> None:
    """Put ids that there are into the path and the body, unless they are to be wrong."""
    wrong = {
        place
        for place, part in case.meta.components.items()
        if part.mode is GenerationMode.NEGATIVE
    }
    if ParameterLocation.PATH not in wrong:
        case.path_parameters = {
            key: ids.get(key, value) for key, value in case.path_parameters.items()
        }
    if ParameterLocation.BODY not in wrong and isinstance(case.body, dict):
        case.body = {
            key: ids.get(key, value) if isinstance(value, str) else value
            for key, value in case.body.items()
        }
