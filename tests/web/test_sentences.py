"""Every refusal of the engine has its sentence, in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import pytest

from engine.commands.hold_meeting import NEEDED_TO_CLOSE
from engine.desk.notices import TEXTS
from engine.model.collective import Tally, conditions
from engine.model.conflicts import ConflictKind
from web import sentences
from web.sentences import catalogue, sentence

ENGINE = Path(__file__).parents[2] / "engine"
NAMED = {
    "conflict.": [kind.value for kind in ConflictKind],
    "recusal.": ["pending", "granted"],
    "close.": list(NEEDED_TO_CLOSE),
    "decision.": [
        one.id
        for one in conditions(
            Tally(3, 3, 2, 0, 0, 0, 2, (), (), (), 2, is_void=True), minutes_needed=1
        )
    ],
}
"""What the ids that are put together at run time may end in."""


class Raised(NamedTuple):
    """A refusal as the sources raise it; `params` is None where they cannot be seen."""

    message_id: str
    params: frozenset[str] | None
    where: str


def classes() -> set[str]:
    """Return the names of `Refusal` and of all classes below it."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"Refusal"}
    while more := {name for name, above in bases.items() if above & found} - found:
        found |= more
    return found


def trees() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted(ENGINE.rglob("*.py"))}


def raised() -> Iterator[Raised]:
    """Yield every refusal that the engine's sources raise, by reading them."""
    refusals = classes() | {"_refusal", "LogInRefused"}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name not in refusals:
                continue
            where = f"{path.relative_to(ENGINE.parent)}:{node.lineno}"
            params = (
                None
                if name == "_refusal" or any(one.arg is None for one in node.keywords)
                else frozenset(str(one.arg) for one in node.keywords) - {"rule"}
            )
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield Raised(first.value, params, where)
            elif isinstance(first, ast.JoinedStr):
                start = first.values[0]
                assert isinstance(start, ast.Constant), where
                assert isinstance(start.value, str), where
                for end in NAMED[start.value]:
                    yield Raised(f"{start.value}{end}", params, where)


RAISED = sorted(set(raised()), key=str)


class TestEveryRefusal:
    """What the rules do not permit is said in the reader's language, with what, where, remedy."""

    def test_the_sources_were_read(self) -> None:
        ids = {one.message_id for one in RAISED}
        assert {"item.taken", "decision.quorum", "conflict.same_unit", "service.unsigned"} <= ids
        assert len(ids) > 90

    def test_has_a_sentence_in_chinese_and_in_english(self) -> None:
        assert sorted({one.message_id for one in RAISED} - set(catalogue())) == []

    def test_names_only_what_it_was_given(self) -> None:
        wrong = []
        for one in RAISED:
            for language, text in catalogue().get(one.message_id, {}).items():
                names = {name for _, name, _, _ in Formatter().parse(text) if name}
                if one.params is not None and not names <= one.params:
                    wrong.append((one.where, language, sorted(names - one.params)))
        assert wrong == []

    def test_says_the_same_in_both_languages(self) -> None:
        for message_id, texts in catalogue().items():
            named = [
                {name for _, name, _, _ in Formatter().parse(texts[language]) if name}
                for language in ("zh", "en")
            ]
            assert named[0] == named[1], message_id


class TestNotices:
    """What the engine tells people by itself."""

    def test_every_notice_that_is_told_has_its_texts(self) -> None:
        told = {
            node.args[3].value
            for tree in trees().values()
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "tell"
            and isinstance(node.args[3], ast.Constant)
        }
        assert "document.served" in told
        assert told <= set(TEXTS)

    def test_both_languages_name_known_values_only(self) -> None:
        known = {"case_number", "title", "title_en", "last_day", "happened_on", "number"}
        known |= {"day", "time", "place", "item"}
        for key, texts in TEXTS.items():
            for text in texts:
                assert {name for _, name, _, _ in Formatter().parse(text) if name} <= known, key


class TestASentence:
    """A sentence is better than a fault: what is missing becomes a dash."""

    def test_parameters_are_filled_in_and_lists_joined(self) -> None:
        said = sentence("document.incomplete", {"missing": ["事实", "依据"]}, "zh")
        assert said == "文书缺少必备内容，不能签发：事实、依据。请在前面的步骤补齐。"

    def test_a_missing_or_empty_parameter_is_a_dash(self) -> None:
        assert sentence("calendar.twice", {}, "en") == "— is there twice; remove one."
        assert sentence("calendar.twice", {"day": ""}, "zh").startswith("—出现")

    def test_an_unknown_id_is_shown_as_it_is(self) -> None:
        assert sentence("no.such", {}, "zh") == "no.such"

    def test_what_somebody_typed_is_not_read_as_a_pattern(self) -> None:
        said = sentence("opinion.vote_unknown", {"vote": "{x.__class__}"}, "en")
        assert said.startswith("{x.__class__} is no vote")


class TestTheCatalogue:
    """A catalogue that contradicts itself does not start."""

    @pytest.mark.parametrize(
        ("files", "said"),
        [
            ({"a": '["x"]\nzh="一"\nen="one"', "b": '["x"]\nzh="二"\nen="two"'}, "twice"),
            ({"a": '["x"]\nzh="一"'}, "zh and en"),
        ],
    )
    def test_twice_the_same_id_or_one_language_only_is_refused(
        self, files: dict[str, str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, text in files.items():
            (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
        monkeypatch.setattr(sentences, "FOLDER", tmp_path)
        with pytest.raises(ValueError, match=said):
            catalogue.__wrapped__()
