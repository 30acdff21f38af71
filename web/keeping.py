"""Backups of an installation: database and files in one archive, keys beside it.

The keys stand apart, since whoever has both can read every confidential field.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import orjson

from engine.documents.files import ASIDE
from engine.store.backups import Damaged, copy_database, must_be_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

    from engine.desk import Office

DATABASE, FILES, KEYS, LIST = "wenze.db", "files", "keys.toml", "backup.json"
FORMAT = 1
OWNER_ONLY = 0o600
CHUNK = 1 << 20


class NotRestorable(Exception):
    """A backup cannot be put back; the text says why, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        """Refuse with a sentence in each language."""
        super().__init__(en)
        self.zh = zh
        self.en = en


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Attributes:
        archive: Database and files.
        keys: The keys, in a file of their own.
        files: How many files the archive holds besides the database.
    """

    archive: Path
    keys: Path
    files: int


def keys_beside(archive: Path) -> Path:
    """Return where the keys of a backup stand."""
    return archive.with_name(f"{archive.name}.keys.toml")


def back_up(office: Office, home: Path, archive: Path) -> Backup:
    """Write a backup of an installation that may be in use.

    The database is copied first: every file that it names is on disk by then, since
    bytes are stored before the transaction that names them commits.

    Args:
        office: Of the installation.
        home: Its folder.
        archive: A file that does not exist yet.

    Raises:
        FileExistsError: The archive or its keys are there already.
        NotEmbedded: The database is not SQLite.
    """
    keys = keys_beside(archive)
    for path in (archive, keys):
        if path.exists():
            raise FileExistsError(path)
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=".backup-") as name:
        copy = Path(name) / DATABASE
        copy_database(office.database, copy)
        listed = {DATABASE: _digest(copy)}
        partial = Path(name) / "archive"
        with tarfile.open(partial, "w:gz") as tar:
            tar.add(copy, DATABASE)
            for inside, kept in _kept_bytes(home):
                listed[inside] = hashlib.file_digest(kept, "sha256").hexdigest()
                entry = tarfile.TarInfo(inside)
                entry.size = kept.tell()
                kept.seek(0)
                tar.addfile(entry, kept)
            _add(tar, LIST, orjson.dumps({"format": FORMAT, "files": listed}))
        partial.rename(archive)
    archive.chmod(OWNER_ONLY)
    descriptor = os.open(keys, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write((home / KEYS).read_bytes())
    return Backup(archive, keys, len(listed) - 1)


def _kept_bytes(home: Path) -> Iterator[tuple[str, BufferedReader]]:
    """Yield the bytes of the file store by the names under which they are relied on.

    What is set aside goes in as well: the copy of the database may be older than that.
    """
    found = {
        path.with_name(path.name.removesuffix(ASIDE))
        for path in (home / FILES).rglob("*")
        if not path.name.endswith(".part")
    }
    for path in sorted(found):
        for place in (path, path.with_name(f"{path.name}{ASIDE}"), path):
            try:
                with place.open("rb") as file:
                    yield path.relative_to(home).as_posix(), file
                break
            except (IsADirectoryError, FileNotFoundError):  # moved or dropped since it was found
                continue


def restore(archive: Path, home: Path, keys: Path | None = None) -> int:
    """Put a backup into an empty home; return how many files it held besides the database.

    Everything is checked before it appears: the archive's list, each digest, the
    database's own integrity.

    Args:
        archive: Of `back_up`.
        home: Where nothing is yet.
        keys: The keys; those beside the archive if none are named.

    Raises:
        NotRestorable: There is an installation already, or the backup is damaged or incomplete.
    """
    named = keys or keys_beside(archive)
    if (home / DATABASE).exists() or (home / KEYS).exists():
        raise NotRestorable(
            f"{home} 中已有平台数据，不能覆盖；请先移走，或以 WENZE_HOME 另选一处。",
            f"There is an installation in {home}, which is never overwritten. Move it away, "
            "or choose another place by WENZE_HOME.",
        )
    if not named.is_file():
        raise NotRestorable(
            f"没有密钥文件 {named}；没有它，保密字段无法读取。请以 --keys 指明。",
            f"There is no file of keys {named}, without which confidential fields cannot be "
            "read. Name it by --keys.",
        )
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".restore-") as name:
        place = Path(name) / "home"
        place.mkdir()
        try:
            count = _unpacked(archive, place)
            must_be_whole(place / DATABASE)
        except (tarfile.TarError, Damaged, OSError, ValueError, KeyError, EOFError) as error:
            raise NotRestorable(
                f"备份 {archive} 已损坏或不完整：{error}",
                f"The backup {archive} is damaged or incomplete: {error}",
            ) from error
        shutil.copyfile(named, place / KEYS)
        (place / KEYS).chmod(OWNER_ONLY)
        home.mkdir(exist_ok=True)
        for part in sorted(place.iterdir(), key=lambda one: one.name == DATABASE):
            part.rename(home / part.name)
    return count


def _unpacked(archive: Path, place: Path) -> int:
    """Unpack what the archive's list names; return how many files besides the database."""
    with tarfile.open(archive, "r:gz") as tar:
        listed = _list_of(tar)
        for inside, digest in listed.items():
            target = place / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            member = tar.extractfile(inside) if _is_ours(inside) else None
            if member is None:
                raise ValueError(f"{inside} is not there or does not belong here")
            with target.open("wb") as file:
                shutil.copyfileobj(member, file, CHUNK)
            if _digest(target) != digest:
                raise ValueError(f"{inside} was altered")
    if DATABASE not in listed:
        raise ValueError("it holds no database")
    return len(listed) - 1


def _list_of(tar: tarfile.TarFile) -> dict[str, str]:
    try:
        member = tar.extractfile(LIST)
    except KeyError as missing:
        raise ValueError("it holds no list of its files") from missing
    data = orjson.loads(member.read()) if member is not None else {}
    if data.get("format") != FORMAT:
        raise ValueError("it was written by another release")
    return {str(path): str(digest) for path, digest in data["files"].items()}


def _is_ours(inside: str) -> bool:
    """Whether a path stays where backups have theirs."""
    parts = PurePosixPath(inside).parts
    return inside == DATABASE or (parts[:1] == (FILES,) and ".." not in parts)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    tar.addfile(entry, io.BytesIO(content))


def _digest(path: Path) -> str:
    found = hashlib.sha256()
    for chunk in _chunks(path):
        found.update(chunk)
    return found.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
