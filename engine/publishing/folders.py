"""A procedure's folder as bytes: its own files and those of every shared folder it uses."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

import bpmn
from engine.model.draft_files import FILE_LIMIT, FILES_LIMIT, FOLDER_LIMIT, KINDS, NAME
from engine.workflow.yaml_text import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

RULES = "procedure.yaml"
SHARED = "shared"
"""The folder, beside the procedures, of what they share."""


UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)
"""What `zipfile` raises for archives that are damaged, encrypted or packed in other ways."""


class FolderRefused(Exception):
    """A folder or zip cannot be a procedure; the text says where and why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Refuse with a sentence in each language."""
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Folder:
    """A procedure with everything it consists of.

    Attributes:
        procedure: The folder's name, which is the procedure's id.
        files: Bytes by path relative to ``processes/``; shared folders included.
        scenarios: Those of its own files that are scenarios, by path.
        opens: The procedures whose cases it opens, where their folders lie beside it; they
            are no part of the version and are there for its scenarios.
    """

    procedure: str
    files: Mapping[str, bytes] = field(repr=False)
    scenarios: Mapping[str, bytes] = field(repr=False)
    opens: tuple[Folder, ...] = field(default=(), repr=False)

    @property
    def home(self) -> str:
        """Return where its own files stand, such as ``shared/clue-intake``."""
        shared = f"{SHARED}/{self.procedure}"
        return shared if f"{shared}/{RULES}" in self.files else self.procedure

    @property
    def rules(self) -> bytes:
        """Return the bytes of its ``procedure.yaml``."""
        return self.files[f"{self.home}/{RULES}"]


def read_folder(path: Path, shared: Path | None = None) -> Folder:
    """Read a procedure's folder from disk.

    Args:
        path: The folder, such as ``processes/corporate-accountability``, or a shared
            one below ``shared``.
        shared: Where the shared folders are; ``shared`` beside `path` if none is named.

    Raises:
        FolderRefused: It has no ``procedure.yaml``, a file too large or of an unknown
            kind, or uses a shared folder that is not there.
    """
    if not (path / RULES).is_file():
        raise FolderRefused(f"{path} 中没有 {RULES}。", f"There is no {RULES} in {path}.")
    path = path.resolve()
    is_shared = path.parent.name == SHARED
    home = f"{SHARED}/{path.name}" if is_shared else path.name
    own = {f"{home}/{name}": content for name, content in _files_below(path)}
    beside = path.parent if is_shared else path.parent / SHARED
    return _with_shared(path.name, own, shared or beside)


def read_zip(content: bytes, shared: Path) -> Folder:
    """Read a procedure from a zip that holds one folder with its ``procedure.yaml``.

    Nothing is written to disk. Names that leave the folder, links and archives that
    grow beyond the limits are refused.

    Raises:
        FolderRefused: It is no such zip.
    """
    own: dict[str, bytes] = {}
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) > FILES_LIMIT:
                raise FolderRefused("压缩包中的文件过多。", "The zip holds too many files.")
            for entry in entries:
                parts = entry.filename.split("/")
                if not set(parts).isdisjoint(("", ".", "..")) or "\\" in entry.filename:
                    raise FolderRefused(
                        f"压缩包中的路径 {entry.filename} 越出了文件夹。",
                        f"The path {entry.filename} leaves the folder.",
                    )
                if stat.S_ISLNK(entry.external_attr >> 16):
                    raise FolderRefused(
                        f"压缩包中的 {entry.filename} 是链接，不能上传。",
                        f"{entry.filename} in the zip is a link, which is not taken.",
                    )
                _hold_kind(entry.filename)
                with archive.open(entry) as file:
                    data = file.read(FILE_LIMIT + 1)
                total += len(data)
                _hold_size(entry.filename, len(data), total)
                own[entry.filename] = data
    except UNREADABLE as error:
        raise FolderRefused(
            f"无法读取压缩包：{error}。", f"The zip cannot be read: {error}."
        ) from error
    tops = {path.split("/")[0] for path in own}
    if len(tops) != 1 or f"{next(iter(tops))}/{RULES}" not in own:
        raise FolderRefused(
            f"压缩包应只含一个文件夹，其中有 {RULES}。",
            f"The zip must hold one folder with a {RULES} in it.",
        )
    procedure = next(iter(tops))
    if not NAME.fullmatch(procedure) or procedure == SHARED:
        raise FolderRefused(
            f"文件夹名 {procedure} 不能用作流程标识：只用小写字母、数字和连字符，以字母开头，"
            "不用 shared。",
            f"The folder {procedure} cannot name a procedure: lower-case letters, digits and "
            "hyphens, a letter first, and not shared.",
        )
    return _with_shared(procedure, own, shared)


def assembled(procedure: str, own: Mapping[str, bytes], shared: Path) -> Folder:
    """Return the folder of a draft: its own files and the shared ones that it uses.

    Args:
        procedure: The folder's name.
        own: Bytes by path below the folder, such as ``forms/report.form``.
        shared: Where the shared folders are.

    Raises:
        FolderRefused: It has no ``procedure.yaml``, or uses a shared folder that is not there.
        bpmn.DiagramRefused: A diagram cannot be read.
    """
    if RULES not in own:
        raise FolderRefused(f"草稿中没有 {RULES}。", f"There is no {RULES} in the draft.")
    files = {f"{procedure}/{path}": content for path, content in own.items()}
    return _with_shared(procedure, files, shared)


def _files_below(path: Path) -> Iterator[tuple[str, bytes]]:
    total = 0
    for file in sorted(path.rglob("*")):
        if not file.is_file():
            continue
        name = file.relative_to(path).as_posix()
        size = file.stat().st_size
        total += size
        _hold_size(name, size, total)
        _hold_kind(name)
        yield name, file.read_bytes()


def _hold_size(name: str, size: int, total: int) -> None:
    if size > FILE_LIMIT or total > FOLDER_LIMIT:
        raise FolderRefused(
            f"{name} 使文件夹过大（单个文件 5 MB，合计 50 MB 为限）。",
            f"{name} makes the folder too large (5 MB a file, 50 MB in all).",
        )


def _hold_kind(name: str) -> None:
    if not name.endswith(KINDS):
        raise FolderRefused(
            f"{name} 不是流程文件夹可含的文件类型（{'、'.join(KINDS)}）。",
            f"{name} is not a kind of file that a procedure may hold ({', '.join(KINDS)}).",
        )


def _with_shared(
    procedure: str, own: dict[str, bytes], shared: Path, met: frozenset[str] = frozenset()
) -> Folder:
    """Add the shared folders that are called, or named under `uses`, and what they use."""
    files = dict(own)
    waiting = _used(own)
    seen: set[str] = {procedure}
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        folder = shared / name
        if "/" in name or name.startswith(".") or not folder.is_dir():
            raise FolderRefused(
                f"{procedure} 用到公共子流程 {name}，但 {shared} 中没有。",
                f"{procedure} uses the shared procedure {name}, which is not in {shared}.",
            )
        more = {f"shared/{name}/{path}": content for path, content in _files_below(folder)}
        files |= {path: data for path, data in more.items() if "/scenarios/" not in path}
        waiting |= _used(more)
    scenarios = {path: data for path, data in own.items() if "/scenarios/" in path}
    return Folder(
        procedure,
        {path: data for path, data in files.items() if path not in scenarios},
        scenarios,
        tuple(_opened(procedure, own, shared, met)),
    )


def _opened(
    procedure: str, own: Mapping[str, bytes], shared: Path, met: frozenset[str]
) -> Iterator[Folder]:
    """Yield the folders under `opens` that lie beside the shared ones, each procedure once."""
    met |= {procedure}
    rules = _yaml(RULES, own.get(f"{procedure}/{RULES}", b""))
    for name in rules.get("opens") or () if isinstance(rules, dict) else ():
        path = shared.parent / str(name)
        if name in met or not NAME.fullmatch(str(name)) or not (path / RULES).is_file():
            continue
        files = {f"{name}/{part}": content for part, content in _files_below(path)}
        yield _with_shared(str(name), files, shared, met)


def _used(files: Mapping[str, bytes]) -> set[str]:
    """Return the shared folders that diagrams call, rules name, or templates import from.

    What a second diagram of the same folder is, is not looked for among them.
    """
    names: set[str] = set()
    here: set[str] = set()
    for path, content in files.items():
        if path.endswith(".bpmn"):
            diagram = bpmn.read_diagram(content, name=path)
            here |= diagram.processes.keys()
            names |= {node.called_element for node in diagram.nodes() if node.called_element}
            names |= _homes(node.camunda.get("formRef", "") for node in diagram.nodes())
        elif path.endswith(f"/{RULES}"):
            data = _yaml(path, content)
            names |= _named(data) if isinstance(data, dict) else set()
        elif path.endswith(".typ"):
            parts = [one.split("/") for one in imports_of(path, content)]
            names |= {one[1] for one in parts if one[0] == SHARED and len(one) > 1}
    return names - here


def _named(rules: Mapping[str, Any]) -> set[str]:
    """Return the shared folders that a ``procedure.yaml`` names: in `uses`, and by their forms."""
    names = {str(name) for name in rules.get("uses") or ()}
    filings = rules.get("filings")
    parts = [rules.get("start"), *(filings.values() if isinstance(filings, dict) else ())]
    return names | _homes(str(part.get("form", "")) for part in parts if isinstance(part, dict))


def _homes(forms: Iterable[str]) -> set[str]:
    """Return the folders of forms that are named like ``shared/clue-intake:clue``."""
    prefix = f"{SHARED}/"
    return {
        form.removeprefix(prefix).partition(":")[0] for form in forms if form.startswith(prefix)
    }


def _yaml(path: str, content: bytes) -> object:
    try:
        return read_yaml(content)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise FolderRefused(
            f"{path} 不是有效的 YAML：{error}。", f"{path} is not YAML: {error}."
        ) from error


def imports_of(path: str, content: bytes) -> list[str]:
    """Return the paths that a typst file imports or includes, from ``processes/``."""
    found = []
    for line in content.decode("utf-8", "replace").splitlines():
        words = line.strip().split('"')
        if words[0].strip() in {"#import", "#include"} and len(words) > 1:
            parts = path.split("/")[:-1]
            for part in words[1].split("/"):
                if part == "..":
                    parts = parts[:-1]
                elif part != ".":
                    parts.append(part)
            found.append("/".join(parts))
    return found
