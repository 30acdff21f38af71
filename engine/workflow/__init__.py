"""The case's side of `bpmn`: versions, forms, functions."""

from __future__ import annotations

from engine.workflow.forms import Form, Passed, Secret, read_form, secret_name
from engine.workflow.functions import host_functions
from engine.workflow.manifests import digest_of_manifest
from engine.workflow.versions import (
    LoadedVersion,
    Source,
    VersionLibrary,
    load_version,
    rules_in,
    rules_in_force,
    schedule_in,
)

__all__ = [
    "Form",
    "LoadedVersion",
    "Passed",
    "Secret",
    "Source",
    "VersionLibrary",
    "digest_of_manifest",
    "host_functions",
    "load_version",
    "read_form",
    "rules_in",
    "rules_in_force",
    "schedule_in",
    "secret_name",
]
