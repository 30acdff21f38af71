"""The published JSON Schema of ``procedure.yaml``, and what it finds."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import orjson
import yaml
from jsonschema import Draft202012Validator

from bpmn import Finding, Severity
from engine.workflow.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.exceptions import ValidationError

RULE = "procedure-schema"


@cache
def published_schema() -> dict[str, Any]:
    """Return the schema as it is published to designers."""
    content = (files("engine.publishing") / "procedure.schema.json").read_bytes()
    schema: dict[str, Any] = orjson.loads(content)
    return schema


def check_schema(content: bytes, *, file: str) -> Iterator[Finding]:
    """Yield a finding for each place at which `content` does not follow the schema.

    Args:
        content: Of a ``procedure.yaml``.
        file: Its path, for the findings.
    """
    try:
        data = read_yaml(content)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as broken:
        mark = getattr(broken, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        yield Finding(
            Severity.ERROR, RULE, file, "", line, f"不是有效的 YAML：{broken}", f"{broken}"
        )
        return
    validator = Draft202012Validator(published_schema())
    said: set[str] = set()
    for error in sorted(validator.iter_errors(data), key=lambda one: list(map(str, one.path))):
        finding = _finding(error, file)
        if finding.zh not in said:  # jsonschema gives one error for each missing name
            said.add(finding.zh)
            yield finding


def _finding(error: ValidationError, file: str) -> Finding:
    place = ".".join(str(part) for part in error.absolute_path) or "(procedure.yaml)"
    told = error
    while told.context and not _offers_a_choice(told):
        told = max(told.context, key=lambda one: len(one.absolute_path))
    inner = ".".join(str(part) for part in told.absolute_path) or place
    return Finding(
        Severity.ERROR,
        RULE,
        file,
        inner,
        1,
        f"{inner}：{_in_chinese(told)}",
        f"{inner}: {told.message}",
    )


def _offers_a_choice(error: ValidationError) -> bool:
    """Whether one of several names would do, so that no single one is missing."""
    return all(one.validator == "required" for one in error.context or ())


def _in_chinese(error: ValidationError) -> str:
    """Say what is wrong; the schema's own words follow where there is no wording of ours."""
    allowed: Any = error.validator_value
    given: Any = error.instance
    schema: Any = error.schema
    if error.validator == "required":
        missing = [name for name in allowed if name not in given]
        return f"缺少 {'、'.join(missing)}，请补上。"
    if error.validator == "additionalProperties":
        known = schema.get("properties", {})
        patterned = schema.get("patternProperties", {})
        extra = [
            str(name)
            for name in given
            if name not in known and not any(re.search(one, str(name)) for one in patterned)
        ]
        if not known:
            return f"名称 {'、'.join(extra)} 的写法应符合 {'、'.join(patterned)}。"
        return f"不认识 {'、'.join(extra)}；可用的有 {'、'.join(known)}。"
    wording = {
        "enum": f"值 {given!r} 不在允许的范围内：{allowed}。",
        "type": f"值 {given!r} 的类型应为 {allowed}。",
        "pattern": f"值 {given!r} 的写法应符合 {allowed}。",
        "anyOf": "须注明出处 source，或以 proposed 标明为平台默认。",
    }
    return wording.get(str(error.validator), f"不符合格式：{error.message}")
