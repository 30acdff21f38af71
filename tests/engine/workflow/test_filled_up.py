from __future__ import annotations

import orjson

from engine.workflow.forms import read_form

FORM = read_form(
    "x:y",
    orjson.dumps(
        {
            "type": "default",
            "schemaVersion": 19,
            "components": [
                {"type": "checkbox", "key": "crime", "label": "涉嫌犯罪", "id": "a"},
                {"type": "textfield", "key": "measures", "label": "方式", "id": "b"},
                {
                    "type": "group",
                    "path": "review",
                    "id": "c",
                    "components": [
                        {"type": "checkbox", "key": "supplement", "label": "补充", "id": "d"},
                        {"type": "textfield", "key": "facts", "label": "事实", "id": "e"},
                    ],
                },
                {"type": "dynamiclist", "path": "points", "id": "f", "components": []},
                {"type": "text", "text": "…", "id": "g"},
            ],
        }
    ),
)


class TestFillingUp:
    """What a form leaves empty is null for the diagram, not a name without a value."""

    def test_every_field_has_a_value(self) -> None:
        assert FORM.filled_up({}, set()) == {
            "crime": None,
            "measures": None,
            "review": {"supplement": None, "facts": None},
            "points": None,
        }

    def test_what_was_answered_stays(self) -> None:
        filled = FORM.filled_up({"crime": True, "review": {"facts": "清楚"}}, set())
        assert filled["crime"] is True
        assert filled["review"] == {"supplement": None, "facts": "清楚"}

    def test_a_hidden_field_does_not_wipe_out_what_is_set_already(self) -> None:
        assert "measures" not in FORM.filled_up({}, {"measures", "review"})

    def test_a_value_that_is_no_context_is_left_alone(self) -> None:
        assert FORM.filled_up({"review": "x"}, set())["review"] == "x"

    def test_the_answers_themselves_are_not_changed(self) -> None:
        answers: dict[str, object] = {"review": {}}
        FORM.filled_up(answers, set())
        assert answers == {"review": {}}
