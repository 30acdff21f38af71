"""Fills a form-js form as a person does: types, ticks, chooses from lists, adds rows.

Which control belongs to which answer is read from the schema in the page; nothing is set past the
controls. What stands in the page already is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from playwright.sync_api import FilePayload, Locator, Page, expect

FIELDLESS = {"text", "html", "spacer", "separator", "button"}


@dataclass(frozen=True)
class Sheet:
    """A form on a page.

    Attributes:
        page: The page.
        key: Of the form, such as `task`.
        data: What the form began with, people and options among it.
    """

    page: Page
    key: str
    schema: Mapping[str, Any]
    data: Mapping[str, Any]

    @property
    def box(self) -> Locator:
        return self.page.locator(f"#{self.key}-fields")

    def control(self, field: str, rows: tuple[int, ...] = ()) -> Locator:
        """Return what one types into; of a radio or checklist, its fieldset's inputs."""
        tail = "".join(f"_{row}" for row in rows)
        ends = re.compile(rf"-{field}{tail}(-\d+|-date)?$")
        ids = self.box.locator("[id]").evaluate_all("all => all.map(one => one.id)")
        named = [one for one in ids if ends.search(one) and one.startswith("fjs-form-")]
        return self.box.locator(", ".join(f'[id="{one}"]' for one in named) or "no-such-control")


def sheet_on(page: Page, key: str) -> Sheet:
    """Return the form `key` of a page, once it is drawn."""
    expect(page.locator(f"[data-wz-form={key}]")).to_have_attribute("data-state", "ready")
    block = orjson.loads(page.locator(f"#{key}-data").text_content() or "{}")
    return Sheet(page, key, block["schema"], block["data"])


def fill(page: Page, key: str, answers: Mapping[str, Any]) -> None:
    """Give the answers to the form `key`.

    Raises:
        AssertionError: An answer has no field in the form.
    """
    sheet = sheet_on(page, key)
    given = _fill_in(sheet, sheet.schema["components"], answers, sheet.data, ())
    left = [one for one in answers if one not in given]
    assert left == [], f"the form {key} has no fields for {left}"


def _fill_in(
    sheet: Sheet,
    components: list[Mapping[str, Any]],
    answers: Mapping[str, Any],
    begun: Mapping[str, Any],
    rows: tuple[int, ...],
) -> set[str]:
    given: set[str] = set()
    for field in components:
        kind, name = field["type"], field.get("key") or field.get("path") or ""
        if kind in FIELDLESS or name not in answers:
            if kind == "group" and not name:
                given |= _fill_in(sheet, field["components"], answers, begun, rows)
            continue
        given.add(name)
        wanted, there = answers[name], begun.get(name)
        if kind == "group":
            inner = there if isinstance(there, Mapping) else {}
            done = _fill_in(sheet, field["components"], wanted, inner, rows)
            assert done == set(wanted), f"{name} has no fields for {set(wanted) - done}"
        elif kind == "dynamiclist":
            _fill_rows(sheet, field, wanted, rows)
        elif wanted != there:
            _fill_one(sheet, field, wanted, rows)
    return given


def _fill_rows(
    sheet: Sheet, field: Mapping[str, Any], wanted: list[Mapping[str, Any]], rows: tuple[int, ...]
) -> None:
    first = next(one for one in field["components"] if one["type"] not in FIELDLESS)
    for number, answers in enumerate(wanted):
        if sheet.control(first["id"], (*rows, number)).count() == 0:
            add = "button[contains(@class, 'fjs-repeat-render-add')]"
            named = f"//label[starts-with(normalize-space(), '{field['label']}')]"
            sheet.box.locator(f"xpath=.{named}/ancestor::*[.//{add}][1]//{add}").first.click()
        _fill_in(sheet, field["components"], answers, {}, (*rows, number))


def _fill_one(sheet: Sheet, field: Mapping[str, Any], wanted: Any, rows: tuple[int, ...]) -> None:
    controls = sheet.control(field["id"], rows)
    expect(controls.first).to_be_attached()
    match field["type"]:
        case "textfield" | "textarea" | "number":
            controls.first.fill(str(wanted))
        case "datetime":
            _write_day(controls.first, wanted)
        case "checkbox":
            controls.first.set_checked(wanted)
        case "radio":
            labels = dict(_options(sheet, field))
            controls.nth(list(labels).index(wanted)).check()
        case "checklist":
            for number, (value, _) in enumerate(_options(sheet, field)):
                controls.nth(number).set_checked(value in wanted)
        case "select" | "taglist":
            _pick(sheet, field, controls, wanted if isinstance(wanted, list) else [wanted])
        case "filepicker":
            controls.first.set_input_files(wanted if isinstance(wanted, list) else [wanted])
        case other:
            raise AssertionError(f"no way to fill a {other}")


def _write_day(control: Locator, day: str) -> None:
    year, month, date = (int(part) for part in day.split("-"))
    control.fill(f"{year}/{month}/{date}")
    control.press("Enter")
    expect(control).to_have_value(re.compile(rf"{year}/0?{month}/0?{date}"))
    control.press("Tab")


def _pick(sheet: Sheet, field: Mapping[str, Any], controls: Locator, wanted: list[Any]) -> None:
    labels = dict(_options(sheet, field))
    control = controls.first
    hidden = control.evaluate("one => one.matches('.fjs-select-hidden-input')")
    for one in wanted:
        (control.locator("xpath=..") if hidden else control).click()
        sheet.box.locator(".fjs-dropdownlist-item").get_by_text(labels[one], exact=True).click()
    if field["type"] == "taglist":
        control.blur()  # its list closes where it loses the focus only
        tags = sheet.box.locator(".fjs-taglist-tag-label")
        expect(tags).to_have_text([labels[one] for one in wanted])


def _options(sheet: Sheet, field: Mapping[str, Any]) -> Iterator[tuple[Any, str]]:
    source = field.get("valuesKey") or field.get("valuesExpression", "").removeprefix("=")
    found = field.get("values") or sheet.data[source]
    for one in found:
        yield (one["value"], one["label"]) if isinstance(one, Mapping) else (one, str(one))


def paper(name: str = "停产检修指令.pdf") -> FilePayload:
    """Return a small PDF to hand in."""
    return FilePayload(name=name, mimeType="application/pdf", buffer=b"%PDF-1.7\n%%EOF\n")
