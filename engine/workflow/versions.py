"""Versions of procedures, loaded once and shared: rules, diagrams, forms, templates."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Protocol

import bpmn
from engine.errors import Fault
from engine.model.deadline_rules import DeadlineRule
from engine.model.identifiers import DeadlineKey, ElementId
from engine.model.procedure_rules import Article, ProcedureRules
from engine.model.procedures import procedure_rules
from engine.model.recurring import Schedule
from engine.workflow.forms import Form, read_form
from engine.workflow.yaml_text import read_yaml

KEPT = 64
"""How many versions stay in memory at most."""

_RULES = "procedure.yaml"


class Source(Protocol):
    """A version as the store gives it.

    Attributes:
        procedure: The folder's name.
        number: 1, 2, 3 …
        manifest: As `VersionRow` keeps it; `parameters` and `switches` override the rules'.
        files: Bytes by path, relative to ``processes/``.
    """

    @property
    def procedure(self) -> str: ...  # noqa: D102 -- as the class says
    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def manifest(self) -> Mapping[str, Any]: ...  # noqa: D102
    @property
    def files(self) -> Mapping[str, bytes]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class LoadedVersion:
    """A version, ready to run; shared between threads and never changed.

    Attributes:
        rules: Of the procedure, with what the shared procedures add: their deadlines,
            roles, filings, documents and notices, the procedure's own going first.
        by_process: The rules of each folder alone, by its process id.
        definition: The compiled diagrams.
        forms: By folder and name, such as ``clue-intake:clue``.
        files: Every file of the version, by path relative to ``processes/``.
        folders: The folder of each process id, such as ``shared/clue-intake``.
        parameters: Values in force; dots in a name nest (``repeat.window``).
        switches: Values in force, nested likewise.
    """

    id: str
    procedure: str
    number: int
    rules: ProcedureRules
    by_process: Mapping[str, ProcedureRules] = field(repr=False)
    definition: bpmn.Definition = field(repr=False)
    forms: Mapping[str, Form] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    folders: Mapping[str, str] = field(repr=False)
    parameters: Mapping[str, Any] = field(repr=False)
    switches: Mapping[str, Any] = field(repr=False)

    def form(self, process: str, ref: str) -> Form | None:
        """Return the form that an element of `process` names, or None for no form.

        Args:
            process: Where the element stands; its folder is looked in first, then the
                procedure's own.
            ref: ``name``, or ``shared/folder:name``.

        Raises:
            Fault: The version has no such form; publishing lets none pass.
        """
        if not ref:
            return None
        folder, _, name = ref.rpartition(":")
        folder = folder.removeprefix("shared/")
        for place in (folder,) if folder else (process, self.procedure):
            found = self.forms.get(f"{place}:{name}")
            if found is not None:
                return found
        raise Fault(f"{self.procedure} {self.number} has no form {ref} for {process}")

    def deadline(self, key: str) -> DeadlineRule:
        """Return the rule of a deadline.

        Raises:
            Fault: The version has none of this key.
        """
        found = self.rules.deadlines.get(DeadlineKey(key))
        if found is None:
            raise Fault(f"{self.procedure} {self.number} has no deadline {key}")
        return found

    def role_of_lane(self, process: str, lane: str) -> str:
        """Return the role of a lane, as its own folder or the procedure says, or ""."""
        for rules in (self.by_process.get(process), self.rules):
            if rules is not None and lane in rules.lanes:
                return str(rules.lanes[lane])
        return ""

    def policy_for(self, element: bpmn.Element) -> dict[str, Any]:
        """Return the policy of the procedure that a call activity calls.

        The called folder's defaults, then what the calling folder says of this
        call, then what the procedure itself says of it.
        """
        called = self.by_process.get(element.called_element)
        calling = self.by_process.get(element.process)
        policy: dict[str, Any] = dict(called.policy) if called else {}
        for rules in (calling, self.rules):
            if rules is not None:
                policy |= rules.calls.get(ElementId(element.id), {})
        return policy

    def folder_with(self, path: str) -> str:
        """Return the folder that holds a file: the procedure's own, else a shared one.

        Raises:
            Fault: No folder of the version holds it.
        """
        own = self.folders[self.procedure]
        for folder in (own, *sorted(set(self.folders.values()) - {own})):
            if f"{folder}/{path}" in self.files:
                return folder
        raise Fault(f"{self.procedure} {self.number} has no file {path}")

    def article(self, citation: str) -> Article | None:
        """Return a provision in its own words, or None where the folder does not quote it."""
        return self.rules.articles.get(citation)


class VersionLibrary:
    """Gives loaded versions; each is read and compiled once per process."""

    def __init__(self, read: Callable[[Any, str], Source]) -> None:
        """Read versions through `read`, given a session and the version's id."""
        self._read = read
        self._loaded: OrderedDict[str, LoadedVersion] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, session: Any, version_id: str) -> LoadedVersion:
        """Return a version.

        Raises:
            NotFound: There is none.
            Fault: It cannot be run; publishing lets none pass.
        """
        with self._lock:
            found = self._loaded.get(version_id)
            if found is not None:
                self._loaded.move_to_end(version_id)
                return found
        loaded = load_version(version_id, self._read(session, version_id))
        with self._lock:
            kept = self._loaded.setdefault(version_id, loaded)
            while len(self._loaded) > KEPT:
                self._loaded.popitem(last=False)
        return kept

    def forget(self, version_id: str) -> None:
        """Read a version anew the next time: for drafts, whose files still change."""
        with self._lock:
            self._loaded.pop(version_id, None)


def load_version(version_id: str, source: Source) -> LoadedVersion:
    """Read, merge and compile a version from its files."""
    folders = folders_of(source.files)
    if source.procedure not in folders:
        raise Fault(f"{source.procedure} has no {_RULES}")
    by_process = {
        process: rules_in_force(source.files[f"{folder}/{_RULES}"], source.manifest)
        for process, folder in folders.items()
    }
    own = by_process[source.procedure]
    shared = [one for key, one in by_process.items() if key != source.procedure]
    rules = _merged(own, shared)
    diagrams = {
        path: content for path, content in source.files.items() if path.endswith((".bpmn", ".dmn"))
    }
    return LoadedVersion(
        id=version_id,
        procedure=source.procedure,
        number=source.number,
        rules=rules,
        by_process=by_process,
        definition=bpmn.compile_definition(diagrams, source.procedure),
        forms=_forms(source.files, folders),
        files=source.files,
        folders=folders,
        parameters=nested({key: one.value for key, one in rules.parameters.items()}),
        switches=nested({key: one.default for key, one in rules.switches.items()}),
    )


@lru_cache(maxsize=KEPT)
def rules_in(content: bytes) -> ProcedureRules:
    """Return the rules that a ``procedure.yaml`` states; read once, as procedures share folders.

    Raises:
        ProcedureFault: They do not fit together; the schema was checked before.
    """
    stated: Any = read_yaml(content)
    return procedure_rules(stated)


def rules_in_force(content: bytes, manifest: Mapping[str, Any]) -> ProcedureRules:
    """Return the rules of a ``procedure.yaml`` with the values that a manifest sets otherwise.

    They are read as if the folder stated those values: what is derived from a parameter, such
    as when a red card follows, follows it.

    Args:
        content: The file.
        manifest: Its `parameters` and `switches`; names that the file lacks change nothing.

    Raises:
        ProcedureFault: A value does not fit.
    """
    given = [
        (section, name, manifest.get(section) or {})
        for section, name in (("parameters", "value"), ("switches", "default"))
    ]
    if not any(values for _section, _name, values in given):
        return rules_in(content)
    data: Any = read_yaml(content)
    for section, name, values in given:
        for key, stated in (data.get(section) or {}).items():
            if key in values:
                stated[name] = values[key]
    return procedure_rules(data)


def schedule_in(content: bytes) -> Schedule | None:
    """Return when cases open by themselves, as a ``procedure.yaml`` says, or None."""
    data: Any = read_yaml(content)
    if not isinstance(data.get("start"), dict) or "timer" not in data["start"]:
        return None
    start = procedure_rules(data).start
    return start.timer if start is not None else None


def folders_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the folder of each process id: every folder with a ``procedure.yaml``."""
    return {
        path.split("/")[-2]: path.rpartition("/")[0]
        for path in files
        if path.endswith(f"/{_RULES}")
    }


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by dotted names as contexts in contexts, as FEEL reads paths.

    >>> nested({"repeat.window": 1, "plain": 2})
    {'repeat': {'window': 1}, 'plain': 2}
    """
    whole: dict[str, Any] = {}
    for name, value in values.items():
        *around, last = name.split(".")
        at = whole
        for part in around:
            at = at.setdefault(part, {})
        at[last] = value
    return whole


def _merged(own: ProcedureRules, shared: list[ProcedureRules]) -> ProcedureRules:
    parts: dict[str, Any] = {}
    for name in _MERGED:
        merged: dict[str, Any] = {}
        for rules in (*shared, own):
            merged |= dict(getattr(rules, name))
        parts[name] = merged
    return replace(own, **parts)


_MERGED = (
    "deadlines",
    "roles",
    "filings",
    "documents",
    "notices",
    "articles",
    "parameters",
    "switches",
    "variables",
)


def _forms(files: Mapping[str, bytes], folders: Mapping[str, str]) -> dict[str, Form]:
    process_of = {folder: process for process, folder in folders.items()}
    forms: dict[str, Form] = {}
    for path, content in files.items():
        folder, _, name = path.partition("/forms/")
        if path.endswith(".form") and folder in process_of:
            key = f"{process_of[folder]}:{name.removesuffix('.form')}"
            forms[key] = read_form(key, content)
    return forms
