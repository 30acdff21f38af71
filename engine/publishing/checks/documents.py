"""Each document: its templates are there and compile with sample data, as full and as scant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bpmn import Finding, Severity, feel
from engine.desk.values import plain
from engine.documents.typeset import TemplateFault, Typesetter
from engine.documents.wordprocess import docx
from engine.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from engine.model.procedure_rules import DocumentRule
    from engine.workflow import LoadedVersion

RULE = "document"
WORDS = "示例"
DAY = "2026-01-05"
AT = datetime(2026, 1, 5, 1, tzinfo=UTC)


def check(version: LoadedVersion, fonts: Sequence[Path] = ()) -> list[Finding]:
    """Return what is wrong with the documents of a version.

    Each template is tried twice: with everything that the forms could give, and with
    nothing but what the document requires.
    """
    findings: list[Finding] = []
    typesetter = Typesetter(fonts)
    sample = sample_variables(version)
    for rule in version.rules.documents.values():
        findings += list(_document(version, rule, sample, typesetter))
    return findings


def sample_variables(version: LoadedVersion) -> dict[str, Any]:
    """Return variables as a case has them whose every form was filled in."""
    variables: dict[str, Any] = {}
    for form in version.forms.values():
        _fill(variables, form.schema.get("components") or (), version)
    named = {"name": WORDS, "short": WORDS, "id": WORDS}
    variables["case"] = {"id": WORDS, "number": WORDS, "registered_on": DAY, "channel": WORDS}
    variables["subject"] = {
        **named,
        **dict.fromkeys(("unit", "post", "level", "status"), WORDS),
    }
    variables["authority"] = named
    variables["policy"] = dict(version.rules.policy)
    variables["parameters"] = version.parameters
    variables["switches"] = version.switches
    return variables


def preview(version: LoadedVersion, rule: DocumentRule, fonts: Sequence[Path] = ()) -> bytes:
    """Return a document as PDF with sample values, marked as a rehearsal.

    Raises:
        TemplateFault: Its template does not compile.
        Fault: The version has no such template.
        feel.FeelError: A value of its data cannot be computed from the forms.
    """
    sample = sample_variables(version)
    data: dict[str, Any] = {}
    for name, source in rule.data.items():
        value = _value(source, sample)
        data[name] = WORDS if value in (None, "", [], {}) and name in rule.required else value
    folder = version.folder_with(rule.template)
    whole = {**data, **_head(rule)}
    return Typesetter(fonts).pdf(version.files, f"{folder}/{rule.template}", whole, AT)


def _head(rule: DocumentRule) -> dict[str, Any]:
    return {
        "title": rule.title.zh,
        "authority": {"name": WORDS, "short": WORDS},
        "number": WORDS,
        "issued_on": DAY,
        "rehearsal": True,
    }


def _document(
    version: LoadedVersion, rule: DocumentRule, sample: Mapping[str, Any], typesetter: Typesetter
) -> Iterator[Finding]:
    place = f"documents.{rule.key}"
    for name in rule.required:
        if name not in rule.data:
            yield _error(
                version,
                place,
                f"必填项 {name} 不在 data 中，文书永远不能签发。",
                f"The required {name} is not among its data; it could never be issued.",
            )
    full = {}
    for name, source in rule.data.items():
        try:
            full[name] = _value(source, sample)
        except feel.FeelError as error:
            yield _error(version, f"{place}.data.{name}", f"{error.zh}", f"{error.en}")
    scant: dict[str, Any] = dict.fromkeys(rule.data)
    for name in rule.required:
        value = full.get(name)
        full[name] = scant[name] = WORDS if value in (None, "", [], {}) else value
    head = _head(rule)
    for data in (full, scant):
        try:
            _compile(version, rule, {**data, **head}, typesetter)
        except (TemplateFault, Fault) as fault:
            kind = "只有必填项时" if data is scant else "各项齐全时"
            kind_en = "only what is required" if data is scant else "everything filled in"
            yield _error(
                version,
                place,
                f"模板 {rule.template} 在{kind}不能排版：{fault}",
                f"The template does not compile with {kind_en}: {fault}",
            )
            return


def _compile(
    version: LoadedVersion, rule: DocumentRule, data: Mapping[str, Any], typesetter: Typesetter
) -> None:
    folder = version.folder_with(rule.template)
    typesetter.pdf(version.files, f"{folder}/{rule.template}", data, AT)
    if rule.docx:
        docx(version.files[f"{version.folder_with(rule.docx)}/{rule.docx}"], data)


def _value(source: object, variables: Mapping[str, Any]) -> Any:
    if not (isinstance(source, str) and source.startswith("=")):
        return source
    expression = feel.compile_expression(source[1:], names=frozenset(variables))
    return plain(expression.evaluate(dict(variables), feel.Environment(now=lambda: AT)))


def _fill(target: dict[str, Any], components: Any, version: LoadedVersion) -> None:
    """Put a sample of every field into `target`, groups and lists by their paths."""
    for one in components:
        kind, inner = one.get("type"), one.get("components") or ()
        path = str(one.get("path") or "")
        if kind == "dynamiclist" and path:
            row: dict[str, Any] = {}
            _fill(row, inner, version)
            _put(target, path, [row])
        elif kind in {"group", "default"}:
            within: dict[str, Any] = {}
            _fill(within, inner, version)
            for key, value in within.items():
                _put(target, f"{path}.{key}" if path else key, value)
        elif one.get("key"):
            _put(target, str(one["key"]), _sample(one, version))


def _sample(one: Mapping[str, Any], version: LoadedVersion) -> Any:
    kind = one.get("type")
    values = [option.get("value") for option in one.get("values") or ()]
    if "measures" in str(one.get("valuesKey", "")):
        values = [str(code) for code in version.rules.measures]
    samples: dict[str, Any] = {
        "checkbox": True,
        "number": 1,
        "datetime": DAY,
        "checklist": values,
        "taglist": values,
        "filepicker": [],
        "radio": next(iter(values), WORDS),
        "select": next(iter(values), WORDS),
    }
    return samples.get(str(kind), WORDS)


def _put(target: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a dotted path; what other forms put beside it stays."""
    *around, last = path.split(".")
    for part in around:
        inside = target.get(part)
        if not isinstance(inside, dict):
            inside = target[part] = {}
        target = inside
    held = target.get(last)
    if isinstance(held, dict) and isinstance(value, Mapping):
        for key, inner in value.items():
            _put(held, str(key), inner)
    elif not (isinstance(held, dict | list) and not isinstance(value, dict | list)):
        target[last] = value


def _error(version: LoadedVersion, place: str, zh: str, en: str) -> Finding:
    path = f"{version.folders[version.procedure]}/procedure.yaml"
    return Finding(Severity.ERROR, RULE, path, place, 0, f"{place}：{zh}", f"{place}: {en}")
