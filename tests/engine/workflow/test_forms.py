"""表单在服务器上再校验一遍：类型、约束、选项、条件、列表、保密字段。"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

import orjson
import pytest

from bpmn import feel
from engine.errors import AnswersRefused, Fault
from engine.workflow import Form, Passed, read_form

TODAY = date(2026, 2, 9)
NOON = feel.Environment(now=lambda: datetime(2026, 2, 9, 4, tzinfo=UTC))


def form(*components: dict[str, Any]) -> Form:
    schema = {"schemaVersion": 19, "type": "default", "components": list(components)}
    return read_form("tiny:form", orjson.dumps(schema))


def check(given: Form, data: dict[str, Any], **variables: Any) -> Passed:
    return given.check(data, variables=variables, environment=NOON, today=TODAY)


def errors(field: dict[str, Any], value: Any, **variables: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return what is wrong with one value in one field."""
    try:
        check(form({"key": "x", **field}), {"x": value}, **variables)
    except AnswersRefused as refused:
        return refused.errors["x"]
    return []


class TestOneField:
    """每种字段的值逐一校验；错误说明是什么、差多少。"""

    @pytest.mark.parametrize(
        ("field", "value", "wrong"),
        [
            ({"type": "textfield", "validate": {"required": True}}, "", ("field.required", {})),
            ({"type": "checkbox", "validate": {"required": True}}, False, ("field.required", {})),
            ({"type": "textfield"}, 5, ("field.type", {})),
            (
                {"type": "textarea", "validate": {"minLength": 3}},
                "  一二 ",
                ("field.too_short", {"least": 3}),
            ),
            (
                {"type": "textarea", "validate": {"maxLength": 2}},
                "一二三",
                ("field.too_long", {"most": 2}),
            ),
            ({"type": "textarea"}, "长" * 20_001, ("field.too_long", {"most": 20_000})),
            (
                {
                    "type": "textfield",
                    "validate": {"pattern": r"^1[3-9]\d{9}$", "patternErrorMessage": "手机号"},
                },
                "12345",
                ("field.pattern", {"message": "手机号"}),
            ),
            (
                {"type": "textfield", "validate": {"validationType": "email"}},
                "a@b",
                None,
            ),
            (
                {"type": "textfield", "validate": {"validationType": "email"}},
                "a b@c",
                ("field.email", {}),
            ),
            (
                {"type": "textfield", "validate": {"validationType": "phone"}},
                "电话",
                ("field.phone", {}),
            ),
            ({"type": "number"}, "十", ("field.number", {})),
            ({"type": "number"}, True, ("field.number", {})),
            ({"type": "number"}, "1e999999999", ("field.number", {})),
            ({"type": "number"}, "9" * 41, ("field.number", {})),
            ({"type": "number"}, "NaN", ("field.number", {})),
            ({"type": "number", "decimalDigits": 1}, "1.25", ("field.decimals", {"most": 1})),
            ({"type": "number", "increment": "0.5"}, 1.2, ("field.step", {"step": "0.5"})),
            ({"type": "number", "validate": {"min": 3}}, 2, ("field.least", {"least": "3"})),
            (
                {"type": "number", "validate": {"max": "=limit"}},
                8,
                ("field.most", {"most": "7"}),
            ),
            ({"type": "datetime"}, "2026-02-30", ("field.date", {})),
            ({"type": "datetime"}, 20260209, ("field.date", {})),
            (
                {"type": "datetime", "disallowPassedDates": True},
                "2026-02-08",
                ("field.past", {}),
            ),
            ({"type": "datetime", "subtype": "time"}, "25:00", ("field.date", {})),
            ({"type": "datetime", "subtype": "datetime"}, "2026-02-09", None),
            ({"type": "datetime", "subtype": "time"}, "09:30", None),
            (
                {"type": "radio", "values": [{"label": "甲", "value": "a"}]},
                "b",
                ("field.option", {}),
            ),
            ({"type": "select", "valuesKey": "people"}, "p2", ("field.option", {})),
            ({"type": "select", "valuesKey": "people"}, "p1", None),
            ({"type": "select", "valuesKey": "nothing"}, "p1", ("field.option", {})),
            ({"type": "select", "valuesExpression": '=["u","v"]'}, "v", None),
            ({"type": "checklist", "values": [{"value": "a"}]}, ["a", "b"], ("field.option", {})),
            ({"type": "checklist", "values": [{"value": "a"}]}, "a", ("field.option", {})),
            ({"type": "taglist", "values": ["a", "b"]}, ["a", "b"], None),
            ({"type": "checkbox"}, "yes", ("field.type", {})),
            ({"type": "filepicker"}, "a.pdf", ("field.type", {})),
            ({"type": "filepicker"}, [1], ("field.type", {})),
            ({"type": "filepicker"}, ["id"], None),
        ],
    )
    def test_it_is_judged_by_its_type_and_rules(
        self, field: dict[str, Any], value: Any, wrong: tuple[str, Any] | None
    ) -> None:
        found = errors(field, value, limit=7, people=[{"label": "甲", "value": "p1"}])

        assert found == ([] if wrong is None else [wrong])


class TestWhatIsTaken:
    """看不见的、只读的、未知的一律不收。"""

    def test_groups_nest_and_lists_have_rows(self) -> None:
        given = form(
            {
                "type": "group",
                "path": "report",
                "components": [
                    {"type": "textfield", "key": "facts"},
                    {
                        "type": "dynamiclist",
                        "path": "evidence",
                        "components": [{"type": "textfield", "key": "name"}],
                    },
                ],
            }
        )
        data = {"report": {"facts": "f", "evidence": [{"name": "a", "x": 1}, "bad"], "y": 2}}

        assert check(given, data).answers == {
            "report": {"facts": "f", "evidence": [{"name": "a"}, {}]}
        }

    def test_errors_of_rows_name_the_row(self) -> None:
        given = form(
            {
                "type": "dynamiclist",
                "path": "rows",
                "components": [
                    {"type": "textfield", "key": "name", "validate": {"required": True}}
                ],
            }
        )

        with pytest.raises(AnswersRefused) as refused:
            check(given, {"rows": [{"name": "a"}, {}]})
        assert list(refused.value.errors) == ["rows[1].name"]
        with pytest.raises(AnswersRefused) as refused:
            check(given, {"rows": "many"})
        assert refused.value.errors == {"rows": [("field.rows", {"most": 200})]}

    def test_a_list_may_be_left_out(self) -> None:
        given = form({"type": "dynamiclist", "path": "rows", "components": []})

        assert check(given, {}).answers == {"rows": []}

    def test_what_is_hidden_disabled_or_read_only_is_dropped(self) -> None:
        given = form(
            {"type": "checkbox", "key": "more"},
            {"type": "textfield", "key": "why", "conditional": {"hide": "=more != true"}},
            {"type": "textfield", "key": "off", "disabled": True},
            {"type": "textfield", "key": "shown", "readonly": "=true"},
            {"type": "textfield", "key": "never", "conditional": {"hide": True}},
        )
        data = {"more": False, "why": "w", "off": "o", "shown": "s", "never": "n"}

        assert check(given, data).answers == {"more": False}
        assert check(given, {**data, "more": True}).answers == {"more": True, "why": "w"}

    def test_a_computed_field_is_computed_here(self) -> None:
        given = form(
            {"type": "number", "key": "a"},
            {"type": "expression", "key": "twice", "expression": "=a * 2"},
        )

        assert check(given, {"a": 4, "twice": 99}).answers["twice"] == 8

    def test_rows_see_themselves_their_number_and_what_is_around(self) -> None:
        given = form(
            {"type": "number", "key": "most"},
            {
                "type": "dynamiclist",
                "path": "rows",
                "components": [
                    {"type": "number", "key": "n", "validate": {"max": "=parent.most"}},
                    {"type": "expression", "key": "place", "expression": "=i[1] + 0 * this.n"},
                ],
            },
        )

        assert check(given, {"most": 5, "rows": [{"n": 1}, {"n": 5}]}).answers["rows"] == [
            {"n": 1, "place": 1},
            {"n": 5, "place": 2},
        ]

    def test_what_is_sent_cannot_stand_in_for_the_engines_choices(self) -> None:
        given = form({"type": "select", "key": "who", "valuesKey": "people"})

        with pytest.raises(AnswersRefused):
            check(given, {"who": "me", "people": [{"value": "me"}]}, people=[])

    def test_an_empty_list_of_ticks_says_that_it_was_shown(self) -> None:
        assert check(form({"type": "checklist", "key": "ticks"}), {}).answers == {"ticks": []}


class TestConfidentialFields:
    """保密字段只进保密库（design.md §4）。"""

    FORM = form(
        {
            "type": "group",
            "components": [
                {"type": "textfield", "key": "name", "properties": {"confidential": "reporter"}}
            ],
        },
        {
            "type": "group",
            "path": "contact",
            "components": [
                {"type": "textfield", "key": "phone", "properties": {"confidential": "reporter"}},
                {"type": "textfield", "key": "note"},
            ],
        },
        {
            "type": "dynamiclist",
            "path": "seen",
            "components": [
                {"type": "textfield", "key": "by", "properties": {"confidential": "witness"}}
            ],
        },
    )
    DATA: ClassVar[dict[str, Any]] = {
        "name": "张三",
        "contact": {"phone": "138", "note": "n"},
        "seen": [{"by": "李四"}],
        "x": "y",
    }

    def test_a_reference_stands_in_the_place_of_each(self) -> None:
        passed = check(self.FORM, self.DATA)
        kept: dict[str, Any] = {}

        def put(secret: Any) -> dict[str, str]:
            kept[".".join(map(str, secret.path))] = (secret.field, secret.value)
            return {"$vault": str(len(kept))}

        assert passed.sealed(put) == {
            "name": {"$vault": "1"},
            "contact": {"phone": {"$vault": "2"}, "note": "n"},
            "seen": [{"by": {"$vault": "3"}}],
        }
        assert kept == {
            "name": ("reporter", "张三"),
            "contact.phone": ("reporter", "138"),
            "seen.0.by": ("witness", "李四"),
        }

    def test_it_is_never_shown_by_accident(self) -> None:
        assert "张三" not in repr(check(self.FORM, self.DATA).secrets)

    def test_a_draft_keeps_everything_else(self) -> None:
        kept, left_out = self.FORM.without_secrets(self.DATA)

        assert kept == {
            "name": None,
            "contact": {"phone": None, "note": "n"},
            "seen": [{"by": None}],
        }
        assert left_out == ("name", "phone", "by")

    def test_the_form_says_which_they_are(self) -> None:
        assert self.FORM.confidential() == {"name", "phone", "by"}


class TestBrokenForms:
    """坏的表单是平台的错，不是填写人的错。"""

    @pytest.mark.parametrize("content", [b"{", b"[]", b'{"components": 1}'])
    def test_what_is_no_form_is_a_fault(self, content: bytes) -> None:
        with pytest.raises(Fault, match="tiny:form"):
            read_form("tiny:form", content)

    def test_an_expression_that_does_not_compile_is_a_fault(self) -> None:
        given = form({"type": "textfield", "key": "x", "conditional": {"hide": "=1 +"}})

        with pytest.raises(Fault, match="expression"):
            check(given, {})
