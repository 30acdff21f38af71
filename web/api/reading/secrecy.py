"""What a form shows of data, and what refers to the vault: answers never hold the latter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.workflow import Form

SECRET = "$vault"  # noqa: S105 -- the mark of a reference into the vault


def shown_by(form: Form | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return of `data` what a form's own fields and their choices show; nothing confidential."""
    if form is None:
        return {}
    keys = {
        str(one[name])
        for one in form.fields()
        for name in ("key", "path", "valuesKey")
        if name in one
    }
    return {key: value for key, value in data.items() if key in keys and not holds_secret(value)}


def holds_secret(value: object) -> bool:
    """Return whether a reference into the vault stands anywhere in a value."""
    if isinstance(value, Mapping):
        return SECRET in value or any(holds_secret(one) for one in value.values())
    if isinstance(value, list | tuple):
        return any(holds_secret(one) for one in value)
    return False
