"""ReDoS：没有一个模式会让平台陷入回溯，不论是流程的、表单的、检索词的，还是平台自己的。"""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from time import perf_counter

import pytest

import bpmn
import engine
import scheduler
import web
from bpmn.feel import PLAIN, compile_expression
from engine.errors import AnswersRefused
from engine.workflow.forms import read_form
from tests.office import Town

LONG = 20_000
SECONDS = 2.0
"""Far above what a linear pattern needs for the longest text here, far below a quadratic one."""

PAGE_SECONDS = 10.0
"""A whole page on a busy machine; what goes back would take years."""

CLASSICS = (
    "(a+)+$",
    "([a-zA-Z]+)*$",
    "(a|aa)+$",
    "(a|a?)+$",
    "(.*a){12}$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
)
"""The patterns that are known to make engines that go back take years (OWASP, ReDoS)."""
ATOMS = (
    "a",
    "0",
    " ",
    "-",
    ".",
    "\\",
    '"',
    "<",
    "(",
    "a ",
    "0-",
    "a.",
    "/a",
    "中",
    ",a",
    "\n",
    "$",
)


SEARCHING = re.compile(r"\.(?:search|finditer|findall|sub|subn|split)\(")


@dataclass(frozen=True)
class Ours:
    """A pattern of a module of ours, and whether it is looked for anywhere in a text."""

    pattern: re.Pattern[str]
    searches: bool


def patterns() -> Iterator[tuple[str, Ours]]:
    """Yield every compiled pattern of our modules, by where it stands."""
    for package in (bpmn, engine, scheduler, web):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." in found.name or found.name == "web.wsgi":
                continue
            module = importlib.import_module(found.name)
            source = inspect.getsource(module)
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    uses = re.findall(rf"\b{name}(\.\w+\()", source)
                    yield f"{found.name}.{name}", Ours(value, any(map(SEARCHING.match, uses)))


OURS = dict(patterns())


def spent(act: object, *args: object) -> float:
    assert callable(act)
    begun = perf_counter()
    act(*args)
    return perf_counter() - begun


class TestPatternsOfProcedures:
    """流程与表单的模式由平台自己的引擎判断，从不回溯。"""

    @pytest.mark.parametrize("pattern", CLASSICS)
    @pytest.mark.parametrize("call", ["matches(t, p)", 'replace(t, p, "-")', "split(t, p)"])
    def test_feel_ends_at_once(self, pattern: str, call: str) -> None:
        text = "a" * 2_000 + "!"
        expression = compile_expression(call)
        assert spent(expression.evaluate, {"t": text, "p": pattern}) < SECONDS

    @pytest.mark.parametrize("pattern", CLASSICS)
    def test_a_field_ends_at_once(self, pattern: str) -> None:
        field = {"type": "textfield", "key": "name", "validate": {"pattern": pattern}}
        schema = {"type": "default", "components": [field]}
        form = read_form("f", json.dumps(schema).encode())
        asked = partial(form.check, variables={}, environment=PLAIN, today=date(2026, 3, 2))

        def refused() -> None:
            with suppress(AnswersRefused):
                asked({"name": "a" * 2_000 + "!"})

        assert spent(refused) < SECONDS


class TestPatternsOfOurs:
    """平台自己的正则，遇到再长的恶意文字也是线性的。"""

    def test_all_of_them_are_tried(self) -> None:
        assert len(OURS) >= 30

    @pytest.mark.slow
    @pytest.mark.parametrize("name", sorted(OURS))
    def test_ends_at_once(self, name: str) -> None:
        pattern = OURS[name].pattern
        searched = (pattern.search,) if OURS[name].searches else ()
        for atom in ATOMS:
            text = (atom * LONG)[:LONG] + "\x00"
            for act in (pattern.match, pattern.fullmatch, *searched):
                assert spent(act, text) < SECONDS, (atom, act.__name__)

    @pytest.mark.slow
    def test_a_pattern_that_goes_back_is_seen(self) -> None:
        """The premise of the bound: a quadratic one is beyond it."""
        quadratic = re.compile(r"\s+$")
        text = " " * 30_000 + "\x00"
        assert spent(quadratic.search, text) > SECONDS


class TestSearchWords:
    """检索词不是模式。"""

    @pytest.mark.parametrize(
        "words", [*CLASSICS, "%" * 60, "_" * 60, "\\" * 61, "a*" * 30, '"' * 9]
    )
    def test_are_words(self, town: Town, words: str) -> None:
        browser = town.visit("周某")
        town.open()
        begun = perf_counter()
        page = browser.get("/search", query_string={"q": words})

        assert page.status_code == 200
        assert perf_counter() - begun < PAGE_SECONDS
        assert "没有" in page.text
