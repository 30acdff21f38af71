"""Each form: form-js JSON of known types, each field once, every expression FEEL."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bpmn import Finding, Severity, feel
from engine.errors import Fault
from engine.workflow import read_form
from engine.workflow.fields import KEYED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.folders import Folder

RULE = "form"
SHOWN = frozenset(
    {
        "default",
        "group",
        "dynamiclist",
        "text",
        "html",
        "image",
        "separator",
        "spacer",
        "button",
        "table",
        "documentPreview",
        "iframe",
    }
)
"""Types that ask for nothing."""

CODE = frozenset({"iframe", "html"})
"""Types that would show foreign pages or markup."""

BOUNDS = ("min", "max", "minLength", "maxLength")


def check(folder: Folder) -> list[Finding]:
    """Return what is wrong with the forms of a folder and of those it uses."""
    findings = []
    for path, content in sorted(folder.files.items()):
        if path.endswith(".form"):
            findings += list(_form(path, content))
    return findings


def _form(path: str, content: bytes) -> Iterator[Finding]:
    try:
        form = read_form(path, content)
    except Fault as fault:
        yield _error(path, "", f"不是 form-js 的 JSON：{fault}", f"It is no form-js JSON: {fault}")
        return
    components = list(_all(form.schema.get("components") or ()))
    for one in components:
        place = str(one.get("key") or one.get("id") or one.get("label") or "")
        kind = one.get("type")
        if kind in CODE or kind not in KEYED | SHOWN:
            yield _error(
                path,
                place,
                f"不能使用类型 {kind}；可用：{'、'.join(sorted(KEYED | (SHOWN - CODE)))}。",
                f"The type {kind} cannot be used; known: {', '.join(sorted(KEYED))} …",
            )
        for text in _expressions(one):
            try:
                feel.compile_expression(text.removeprefix("="))
            except feel.FeelError as error:
                yield _error(
                    path, place, f"表达式“{text}”有误：{error.zh}", f"{text!r}: {error.en}"
                )
    for key, count in Counter(_keys(form.schema.get("components") or (), "")).items():
        if count > 1:
            yield _error(
                path,
                key,
                f"字段 {key} 出现 {count} 次；请改名。",
                f"The field {key} is there {count} times; rename the others.",
            )


def _all(components: Any) -> Iterator[Mapping[str, Any]]:
    for one in components:
        yield one
        yield from _all(one.get("components") or ())


def _keys(components: Any, prefix: str) -> Iterator[str]:
    """Yield the path of every field; a list's own fields stand below its path."""
    for one in components:
        inner = ".".join(part for part in (prefix, str(one.get("path") or "")) if part)
        if one.get("type") in KEYED and one.get("key"):
            yield ".".join(part for part in (prefix, str(one["key"])) if part)
        yield from _keys(one.get("components") or (), inner)


def _expressions(one: Mapping[str, Any]) -> Iterator[str]:
    rules = one.get("validate") or {}
    named = [
        (one.get("conditional") or {}).get("hide"),
        one.get("valuesExpression"),
        one.get("expression"),
        one.get("readonly"),
        *(rules.get(bound) for bound in BOUNDS),
    ]
    for text in named:
        if isinstance(text, str) and text.startswith("="):
            yield text


def _error(path: str, place: str, zh: str, en: str) -> Finding:
    return Finding(Severity.ERROR, RULE, path, place, 0, zh, en)
