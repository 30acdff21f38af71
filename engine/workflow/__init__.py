"""The case's side of `bpmn`: versions, forms, functions."""

from __future__ import annotations

from engine.workflow.forms import Form, Passed, Secret, read_form, secret_name
from engine.workflow.functions import host_functions
from engine.workflow.versions import (
    LoadedVersion,
    Source,
    VersionLibrary,
    load_version,
    schedule_in,
)

__all__ = [
    "Form",
    "LoadedVersion",
    "Passed",
    "Secret",
    "Source",
    "VersionLibrary",
    "host_functions",
    "load_version",
    "read_form",
    "schedule_in",
    "secret_name",
]
