"""Posts, roles, and to whom work is offered (design.md §4, Roles)."""

from __future__ import annotations

import pytest

from engine.model.cases import CaseStatus, Fact
from engine.model.identifiers import AuthorityId, PersonId, PostId, RoleKey, UnitId
from engine.model.roles import (
    Post,
    Principal,
    Role,
    Scope,
    candidates,
    person_principal,
    principals_of,
)
from engine.model.texts import Text, text_of
from tests.engine.model.arrangements import beijing, day

ZHOU = PersonId("zhou")
INVESTIGATOR = RoleKey("investigator")
POST = Post(
    PostId("post"),
    ZHOU,
    AuthorityId("group"),
    UnitId("board"),
    "监事",
    frozenset({INVESTIGATOR}),
    day("2026-01-01"),
    day("2026-06-30"),
)


class TestPost:
    """An office gives its roles from its first day to its last."""

    @pytest.mark.parametrize(
        ("when", "holds"),
        [
            ("2025-12-31", False),
            ("2026-01-01", True),
            ("2026-06-30", True),
            ("2026-07-01", False),
        ],
    )
    def test_it_is_held_from_its_first_day_to_its_last(self, when: str, holds: bool) -> None:  # noqa: FBT001
        assert POST.holds_on(day(when)) is holds

    def test_it_does_not_end_before_it_begins(self) -> None:
        with pytest.raises(ValueError, match="does not end on"):
            Post(
                POST.id,
                POST.person,
                POST.authority,
                POST.unit,
                POST.title,
                POST.roles,
                day("2026-01-02"),
                day("2026-01-01"),
            )

    def test_its_holder_stands_for_the_person_the_authority_and_the_unit(self) -> None:
        assert principals_of(ZHOU, [POST], day("2026-03-05")) == {
            Principal("p:zhou"),
            Principal("r:group:investigator"),
            Principal("u:board:investigator"),
        }

    def test_after_its_end_only_the_person_is_left(self) -> None:
        assert principals_of(ZHOU, [POST], day("2026-07-01")) == {person_principal(ZHOU)}

    def test_another_persons_post_gives_nothing(self) -> None:
        assert principals_of(PersonId("li"), [POST], day("2026-03-05")) == {Principal("p:li")}


class TestCandidates:
    """A role resolves through its declared scope."""

    @pytest.mark.parametrize(
        ("scope", "expected"),
        [
            (Scope.AUTHORITY, {"r:group:investigator"}),
            (Scope.SUBJECT_UNIT, {"u:workshop:investigator"}),
            (Scope.UNIT_ABOVE, {"u:plant:investigator"}),
            (Scope.PARTICIPANT, {"p:zhou"}),
        ],
    )
    def test_each_scope_looks_in_its_place(self, scope: Scope, expected: set[str]) -> None:
        found = candidates(
            Role(INVESTIGATOR, Text("调查组"), scope),
            authority=AuthorityId("group"),
            subject_units=[UnitId("workshop")],
            units_above=[UnitId("plant")],
            participants=[ZHOU],
        )

        assert found == expected

    def test_nobody_is_nobody(self) -> None:
        role = Role(INVESTIGATOR, Text("调查组"), Scope.PARTICIPANT)

        assert candidates(role, authority=AuthorityId("group")) == frozenset()


class TestCaseStatus:
    """procedures §9."""

    @pytest.mark.parametrize("status", ["closed", "aborted_by_watch", "transferred", "withdrawn"])
    def test_these_are_the_end(self, status: str) -> None:
        assert CaseStatus(status).is_over

    def test_a_case_in_force_is_not_over(self) -> None:
        assert not CaseStatus.IN_FORCE.is_over


class TestFact:
    """Facts have two times."""

    def test_of_a_day_it_has_no_instant(self) -> None:
        fact = Fact("decision_received", day("2026-04-08"), beijing("2026-04-15 10:00"))

        assert fact.happened_at is None

    def test_its_recording_is_aware(self) -> None:
        naive = beijing("2026-04-15 10:00").replace(tzinfo=None)

        with pytest.raises(ValueError, match="aware"):
            Fact("decision_received", day("2026-04-08"), naive)

    def test_its_instant_is_aware(self) -> None:
        recorded = beijing("2026-04-15 10:00")

        with pytest.raises(ValueError, match="aware"):
            Fact("incident", day("2026-04-15"), recorded, recorded.replace(tzinfo=None))


class TestText:
    """Chinese first, English where it is given."""

    def test_a_string_is_chinese(self) -> None:
        assert text_of("问责决定书") == Text("问责决定书")

    def test_english_is_said_where_it_is_given(self) -> None:
        text = text_of({"zh": "受理", "en": "Intake"})

        assert text.say("en") == "Intake"
        assert text.say("zh_CN") == "受理"
        assert str(text) == "受理"

    def test_chinese_stands_in_for_missing_english(self) -> None:
        assert text_of({"zh": "受理"}).say("en_GB") == "受理"

    @pytest.mark.parametrize(
        "value", [None, "", 3, {"en": "Intake"}, {"zh": 3}, {"zh": "受理", "fr": "x"}]
    )
    def test_anything_else_is_no_text(self, value: object) -> None:
        with pytest.raises(ValueError, match="text"):
            text_of(value)
