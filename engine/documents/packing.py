"""The papers of a case as a zip: each under its number, with the list of their digests."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

LIST = "SHA256SUMS"
"""The list's name; `sha256sum -c SHA256SUMS` checks every file against it."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST_NAME = 80
LONGEST_ENDING = 5


@dataclass(frozen=True, slots=True)
class Packed:
    """A file to be packed: what it is called, without its number, and its bytes."""

    name: str
    content: bytes = field(repr=False)


def pack(files: Sequence[Packed], *, made_at: datetime) -> bytes:
    """Return a zip of `files`, numbered in their order, and a list of their SHA-256 digests.

    The same input gives the same bytes.

    Args:
        files: In their order; names may be anything that somebody has written.
        made_at: The civil time given to each entry.
    """
    file = io.BytesIO()
    stamp = made_at.timetuple()[:6]
    sums = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(files, start=1):
            name = f"{number:03d}-{safe_name(one.name)}"
            sums.append(f"{hashlib.sha256(one.content).hexdigest()}  {name}\n")
            _add(archive, name, one.content, stamp)
        _add(archive, LIST, "".join(sums).encode(), stamp)
    return file.getvalue()


def digests_in(package: bytes) -> frozenset[str]:
    """Return the digests of the files in a package of ours, every one of them checked.

    Raises:
        ValueError: It is no such package, or a file in it is missing, added or altered.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            listed = _listed(archive)
            if sorted(archive.namelist()) != sorted((*listed, LIST)):
                raise ValueError("the package does not hold what its list names")
            for name, digest in listed.items():
                if hashlib.sha256(archive.read(name)).hexdigest() != digest:
                    raise ValueError(f"{name} in the package was altered")
    except (zipfile.BadZipFile, KeyError, zlib.error) as error:
        raise ValueError(f"this is no package: {error}") from error
    return frozenset(listed.values())


def file_in(package: bytes, digest: str) -> bytes:
    """Return the file of a package whose SHA-256 is `digest`.

    Raises:
        KeyError: It holds none such.
        ValueError: It holds one that no longer has this digest.
    """
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        names = {value: name for name, value in _listed(archive).items()}
        content = archive.read(names[digest])
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError(f"{names[digest]} in the package was altered")
    return content


def _listed(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the digest of each file, by its name, as the package's list has it."""
    lines = archive.read(LIST).decode().splitlines()
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def safe_name(name: str) -> str:
    """Return a name that is one part of a path on every system, its ending kept."""
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > LONGEST_ENDING or not stem:
        return plain[:LONGEST_NAME] or "_"
    return f"{stem[:LONGEST_NAME]}.{ending}"


def _add(archive: zipfile.ZipFile, name: str, content: bytes, stamp: tuple[int, ...]) -> None:
    year, month, day, hour, minute, second = stamp
    entry = zipfile.ZipInfo(name, (max(year, 1980), month, day, hour, minute, second))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)
