"""What does not fit in the data of a procedure is named by its place."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from engine.model.procedures import Flaw, ProcedureFault, procedure_rules
from tests.engine.model.test_procedures import DATA


def flaws_of(path: str, value: object) -> list[Flaw]:
    """Return the flaws after setting one place of the data, given as ``a/b/0``."""
    data = deepcopy(DATA)
    *parents, last = path.split("/")
    at: Any = data
    for name in parents:
        at = at[int(name)] if isinstance(at, list) else at[name]
    if isinstance(at, list):
        at[int(last)] = value
    else:
        at[last] = value
    with pytest.raises(ProcedureFault) as found:
        procedure_rules(data)
    return list(found.value.flaws)


class TestFlaws:
    """Every flaw is named by its place, in both languages."""

    @pytest.mark.parametrize(
        ("path", "value", "place", "says"),
        [
            ("id", None, "id", "expected a text, found nothing"),
            ("kind", "other", "kind", "expected one of procedure, shared, found 'other'"),
            ("title", {"en": "x"}, "title", "expected a Chinese text, or {zh, en}"),
            ("tiers", "T1", "tiers", "expected a list of texts"),
            ("tiers", ["T1", 2], "tiers", "expected a list of texts"),
            ("law", {"S0": "x"}, "law", "expected a list"),
            ("law", ["S0"], "law[0]", "expected a mapping, found 'S0'"),
            ("lanes", ["受理"], "lanes", "expected a mapping"),
            ("lanes/受理", 3, "lanes.受理", "expected a text, found 3"),
            ("lanes/受理", "nobody", "lanes.受理", "there is no role nobody"),
            ("start/roles", ["nobody"], "start.roles", "there is no role nobody"),
            ("number/rule", "{n}号", "number.rule", "each once"),
            ("roles/subject/outside", "yes", "roles.subject.outside", "expected true or false"),
            ("mandatory", ["lunch"], "mandatory", "'lunch' is none of investigation"),
            ("parameters/points.rate/value", [1], "parameters.points.rate.value", "number"),
            ("parameters/points.rate/proposed", False, "parameters.points.rate.source", "source"),
            ("parameters/collective.quorum/value", "3/2", "parameters", "a share is above 0"),
            ("parameters/repeat.window/unit", None, "parameters", "repeat.window is no period"),
            (
                "parameters/repeat.threshold",
                {"value": "two", "proposed": True},
                "parameters",
                "repeat.threshold is no whole number",
            ),
            (
                "parameters/repeat.include_current",
                {"value": "false", "proposed": True},
                "parameters",
                "repeat.include_current is neither true nor false",
            ),
            ("deadlines/DL-CA-3/value", 0, "deadlines.DL-CA-3.value", "1 or more, found 0"),
            ("deadlines/DL-CA-3/value", True, "deadlines.DL-CA-3.value", "found True"),
            ("deadlines/DL-CA-3/value", 99999, "deadlines.DL-CA-3.value", "a century at most"),
            ("deadlines/DL-CA-3/unit", "moons", "deadlines.DL-CA-3.unit", "found 'moons'"),
            ("deadlines/DL-CA-3/ends", None, "deadlines.DL-CA-3.ends", "always late"),
            ("deadlines/DL-CA-6/source", None, "deadlines.DL-CA-6.source", "give the source"),
            (
                "deadlines/DL-CA-3/extension/unit",
                "hours",
                "deadlines.DL-CA-3.extension.unit",
                "hours are extended by hours",
            ),
            (
                "deadlines/DL-CA-3/extension/approver",
                "nobody",
                "deadlines.DL-CA-3.extension.approver",
                "there is no role nobody",
            ),
            (
                "deadlines/DL-CA-3/on_expiry/1/tell",
                "nobody",
                "deadlines.DL-CA-3.on_expiry",
                "there is no role nobody",
            ),
            ("deadlines/DL-CA-3/on_expiry/0", 3, "deadlines.DL-CA-3.on_expiry[0]", "found 3"),
            ("deadlines/DL-CA-3/on_expiry/0", "shout", "deadlines.DL-CA-3.on_expiry[0].do", "one"),
            (
                "deadlines/DL-CA-6/on_expiry",
                ["yellow_card"],
                "deadlines.DL-CA-6.on_expiry",
                "no cards",
            ),
            ("deadlines/DL-CA-6/right_of", "nobody", "deadlines.DL-CA-6.right_of", "no role"),
            (
                "deadlines/DL-CA-6/reminder",
                {"share": 2},
                "deadlines.DL-CA-6.reminder.share",
                "a share above 0",
            ),
            ("measures/1/code", "talk_admonish", "measures[1].code", "is there twice"),
            ("measures/1/effect/for", {"value": 1}, "measures[1].effect.until", "one of until"),
            ("measures/1/effect/until", "DL-X", "measures.cancel_merit.effect.until", "DL-X"),
            ("measures/2/approval", "nobody", "measures.dismiss.approval", "no role nobody"),
            (
                "measures/2/approval",
                {"division": "nobody", "otherwise": "direct"},
                "measures.dismiss.approval",
                "no role nobody",
            ),
            ("filings/appeal/deadline", "DL-X", "filings.appeal.deadline", "no deadline DL-X"),
            ("filings/appeal/by", ["nobody"], "filings.appeal.by", "there is no role nobody"),
            (
                "stages",
                [{"id": f"s{n}", "title": "阶段"} for n in range(10)],
                "stages",
                "at most 9",
            ),
        ],
    )
    def test_the_place_is_named(self, path: str, value: object, place: str, says: str) -> None:
        named = [flaw for flaw in flaws_of(path, value) if flaw.path == place]

        assert [flaw for flaw in named if says in flaw.en and flaw.zh]

    def test_all_flaws_are_listed_at_once(self) -> None:
        data = deepcopy(DATA)
        data["title"] = None
        data["lanes"]["受理"] = "nobody"

        with pytest.raises(ProcedureFault) as found:
            procedure_rules(data)

        assert [flaw.path for flaw in found.value.flaws] == ["title", "lanes.受理"]
        assert str(found.value).startswith("title: expected a Chinese text")
