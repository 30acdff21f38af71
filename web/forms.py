"""Forms between a procedure's form-js files, the page, and the engine's checks."""

from __future__ import annotations

import copy
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
from flask import request
from werkzeug.exceptions import BadRequest

from engine.commands.submit_work import FILES, Upload
from engine.vault import is_reference
from web.sentences import sentence
from web.texts import gettext as _
from web.toolkit import FieldError, FormView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.errors import AnswersRefused
    from engine.workflow import Form

FILE_FIELD = "file:"
DATE_LABEL = "dateLabel"


def form_view(
    key: str,
    form: Form,
    data: Mapping[str, Any],
    language: str,
    *,
    action_url: str,
    draft_url: str = "",
    errors: tuple[FieldError, ...] = (),
    saved: str = "",
    readonly: bool = False,
) -> FormView:
    """Return a form in the reader's language, with the values to begin from.

    Confidential values and files do not go back into the page: a reference tells its
    reader nothing, and the browser cannot hold a file that was sent before.
    """
    return FormView(
        key,
        localised(form.schema, language),
        without_references(data, _file_keys(form)),
        action_url,
        draft_url=draft_url,
        errors=errors,
        saved=saved,
        readonly=readonly,
    )


def localised(schema: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return a form-js schema in the reader's language.

    English stands beside the Chinese in `properties`: ``label_en``, ``description_en``,
    ``text_en``, and ``values_en`` as a JSON object from value to label.
    """
    copied: dict[str, Any] = copy.deepcopy(dict(schema))
    if language == "en":
        for component in _components(copied):
            _translate(component)
    return copied


def title_of(form: Form, language: str) -> str:
    """Return what a form is called; empty where it says nothing."""
    properties = form.schema.get("properties") or {}
    english = str(properties.get("title_en") or "")
    return english if language == "en" and english else str(properties.get("title") or "")


def without_references(data: Any, files: frozenset[str] = frozenset()) -> Any:
    """Return data without references to confidential values and without files' values."""
    if is_reference(data):
        return None
    if isinstance(data, dict):
        return {
            key: None if key in files else without_references(value, files)
            for key, value in data.items()
        }
    if isinstance(data, list):
        return [without_references(one, files) for one in data]
    return data


def errors_of(refusal: AnswersRefused, form: Form | None, language: str) -> tuple[FieldError, ...]:
    """Return what the engine found wrong, each with its field's label."""
    labels = labels_of(form, language) if form is not None else {}
    found = []
    for place, messages in refusal.errors.items():
        path = place.replace("[", ".").replace("]", "")
        label = labels.get(path.rsplit(".", maxsplit=1)[-1], "")
        for message_id, params in messages:
            said = sentence(message_id, params, language)
            text = _("%(label)s：%(message)s", label=label, message=said) if label else said
            found.append(FieldError(path, text))
    return tuple(found)


def sent_answers() -> dict[str, Any]:
    """Return the answers of a posted form.

    Raises:
        BadRequest: They are no JSON object: the page was changed on its way.
    """
    return _object(request.form.get("answers") or "{}")


def sent_draft() -> dict[str, Any]:
    """Return the answers of a draft, sent as JSON ``{"answers": …}``.

    Raises:
        BadRequest: It is something else.
    """
    answers = _object(request.get_data() or b"{}").get("answers")
    if not isinstance(answers, dict):
        raise BadRequest
    return answers


def sent_files() -> dict[str, list[Upload]]:
    """Return the files of a posted form by the reference that the answers hold."""
    found: dict[str, list[Upload]] = {}
    for name in request.files:
        if name.startswith(f"{FILE_FIELD}{FILES}"):
            found[name.removeprefix(FILE_FIELD)] = [
                Upload(one.filename or "", one.read()) for one in request.files.getlist(name)
            ]
    return found


def day_of(text: str | None) -> date | None:
    """Return a day as a field of the browser sends it; None for an empty or broken one."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None


def _object(text: str | bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BadRequest from error
    if not isinstance(found, dict):
        raise BadRequest
    return found


def _components(part: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for component in part.get("components") or ():
        yield component
        yield from _components(component)


def _translate(component: dict[str, Any]) -> None:
    properties = component.get("properties") or {}
    label = DATE_LABEL if DATE_LABEL in component else "label"
    for name, key in ((label, "label_en"), ("description", "description_en"), ("text", "text_en")):
        if properties.get(key):
            component[name] = properties[key]
    titles = _titles(properties.get("values_en"))
    for option in component.get("values") or ():
        option["label"] = titles.get(str(option.get("value")), option.get("label"))


def _titles(text: object) -> dict[str, str]:
    """Return labels by value; publishing has checked the text, a stray one is passed over."""
    if not isinstance(text, str):
        return {}
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def labels_of(form: Form, language: str) -> dict[str, str]:
    """Return the label of each field by its key, or the last part of it."""
    labels: dict[str, str] = {}
    for component in _components(localised(form.schema, language)):
        key = component.get("key") or component.get("path")
        if key:
            label = component.get("label") or component.get(DATE_LABEL) or ""
            labels[str(key).rsplit(".", maxsplit=1)[-1]] = str(label)
    return labels


def _file_keys(form: Form) -> frozenset[str]:
    return frozenset(str(one["key"]) for one in form.fields() if one["type"] == "filepicker")
