from __future__ import annotations

from engine.errors import AnswersRefused, NotAllowed, Refusal


class TestRefusal:
    """A refusal carries a message id, parameters and its rule, never a sentence."""

    def test_it_names_its_rule_and_parameters(self) -> None:
        refusal = NotAllowed("item.taken", rule="S0篇1§14", by="甲")
        assert (refusal.message_id, refusal.rule, refusal.params) == (
            "item.taken",
            "S0篇1§14",
            {"by": "甲"},
        )
        assert str(refusal) == "item.taken(by=甲)"

    def test_refused_answers_list_their_fields(self) -> None:
        refusal = AnswersRefused({"b": [("field.required", {})], "a": [("field.required", {})]})
        assert isinstance(refusal, Refusal)
        assert refusal.params == {"fields": ["a", "b"]}
