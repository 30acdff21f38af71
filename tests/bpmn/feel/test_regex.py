"""XPath and XQuery Functions 3.1, 5.6: `matches`, `replace`, `split`."""

from collections.abc import Callable

import pytest

from bpmn.feel import LimitExceeded, Warned
from tests.bpmn.feel.conftest import Feel


class TestMatches:
    """A pattern matches anywhere unless it is anchored."""

    @pytest.mark.parametrize(
        ("text", "pattern", "flags", "met"),
        [
            ("abracadabra", "bra", "", True),
            ("abracadabra", "^bra", "", False),
            ("abracadabra", "^a.*a$", "", True),
            ("a\nb", "a.b", "", False),
            ("a\nb", "a.b", "s", True),
            ("a\nb", "^b$", "m", True),
            ("a\nb", "a$", "m", True),
            ("a\nb", "^b", "", False),
            ("ABC", "abc", "i", True),
            ("a.c", "a.c", "q", True),
            ("abc", "a.c", "q", False),
            ("ABC", "b", "qi", True),
            ("hello world", " hello[ ]world", "x", True),
            (r"a b", r"a\ sb", "x", True),
            ("[ ]", r"\[ [ ] \]", "x", True),
            ("x", "[A-Z-[OI]]", "i", True),
            ("o", "[A-Z-[OI]]", "i", False),
            ("q", "[^Q]", "i", False),
            ("5", r"\d", "", True),
            ("a", r"\D", "", True),
            ("中", r"\w", "", True),
            ("-", r"\W", "", True),
            (" ", r"\s", "", True),
            ("a", r"\S", "", True),
            ("_a", r"^\i\c$", "", True),
            ("1 ", r"^\I\C$", "", True),
            ("é", r"\p{Ll}", "", True),
            ("é", r"\P{Ll}", "", False),
            ("中", r"\p{IsCJKUnifiedIdeographs}", "", True),
            ("-", r"[a\-z]", "", True),
            ("-", "[a-]", "", True),
            ("]", r"[\]]", "", True),
            ("5", r"[\d]", "", True),
            ("\t", r"[\t-\n]", "", True),
            ("aa", "^a{2}$", "", True),
            ("aaa", "^a{2}$", "", False),
            ("aaa", "^a{2,}$", "", True),
            ("aaa", "^a{1,2}?a$", "", True),
            ("", "^(a|b*)*$", "", True),
            ("abab", r"^(ab)\1$", "", True),
            ("aBAb", r"^(ab)\1$", "i", True),
            ("abac", r"^(ab)\1$", "", False),
            ("b", r"^(a)?b$", "", True),
            ("aaaaaaaaaaa", r"^(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)\10$", "", True),
            ("aa0", r"^(a)\10$", "", True),
            ("xyz", "x(?:y)z", "", True),
            ("", "", "", True),
            ("a", "b|", "", True),
        ],
    )
    def test_a_pattern(self, feel: Feel, text: str, pattern: str, flags: str, met: object) -> None:
        scope: dict[str, object] = {"t": text, "p": pattern, "f": flags}
        assert feel("matches(t, p, f)", scope) is met

    @pytest.mark.parametrize(
        "pattern",
        ["(", ")", "[", "[]", "a**", "*a", "a{2", "a{3,2}", "a{9999}", "a{x}", r"\q", "\\",
         r"\p{Xx}", r"\p{L", r"\1", r"(a\1)",
         "[z-a]", "[a[b]]", "[a-z-[b]", "(" * 60 + ")" * 60, "[a-[" * 60,
         "(((a{999}){999}){999})", "a" * 2000, "}", "]"],
    )  # fmt: skip
    def test_what_is_no_pattern_is_null(
        self, warnings_of: Callable[..., list[Warned]], pattern: str
    ) -> None:
        assert warnings_of('matches("a", p)', {"p": pattern})[0].id == "pattern"

    def test_an_unknown_flag_is_null(self, warnings_of: Callable[..., list[Warned]]) -> None:
        assert warnings_of('matches("a", "a", "z")')[0].id == "pattern"

    def test_a_repetition_of_nothing_ends(self, feel: Feel) -> None:
        assert feel('matches("a", "(?:(?:){1000}){1000}a")') is True

    def test_backtracking_without_references_is_never_repeated(self, feel: Feel) -> None:
        assert feel("matches(t, p)", {"t": "a" * 3000, "p": "(a*)*b"}) is False

    def test_backtracking_with_references_has_a_bound(self, feel: Feel) -> None:
        with pytest.raises(LimitExceeded):
            feel("matches(t, p)", {"t": "a" * 40 + "b", "p": r"(a*)*\1c"})


class TestReplace:
    """`$N` is what group N matched; matches do not overlap."""

    @pytest.mark.parametrize(
        ("text", "pattern", "replacement", "result"),
        [
            ("abracadabra", "bra", "*", "a*cada*"),
            ("abracadabra", "a.*?a", "*", "*c*bra"),
            ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "[1=ab][2=]cd"),
            ("0123456789", r"(\d{3})(\d{3})(\d{4})", "($1) $2-$3", "(012) 345-6789"),
            ("abc", "b", r"\$\\", r"a$\c"),
            ("abc", "b", "[$0]", "a[b]c"),
            ("abc", "(b)", "$12", "ab2c"),
            ("abc", "x*", "-", "-a-b-c-"),
            ("abcdefghijk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)", "$10", "jk"),
            ("abc", "b", "$", None),
            ("abc", "b", r"\n", None),
        ],
    )
    def test_a_replacement(
        self, feel: Feel, text: str, pattern: str, replacement: str, result: object
    ) -> None:
        scope: dict[str, object] = {"t": text, "p": pattern, "r": replacement}
        assert feel("replace(t, p, r)", scope) == result

    def test_nothing_is_special_under_q(self, feel: Feel) -> None:
        assert feel('replace("a.c", ".", "$1", "q")') == "a$1c"

    def test_the_result_has_a_bound(self, feel: Feel) -> None:
        with pytest.raises(LimitExceeded) as caught:
            feel('replace(t, "a", t)', {"t": "a" * 2000})
        assert caught.value.limit == "string_length"
