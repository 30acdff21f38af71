"""Installs npm's feelin below .tools, for the tests that ask it for a second opinion on FEEL.

Run as ``python tools/feelin.py``; `make test` does. Nothing at run time needs it. Standard library
only.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from node import CannotBuild, ensure_node, npm_command

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tests" / "bpmn" / "feel" / "second_opinion"
HOME = ROOT / ".tools" / "feelin"
LOCK = "package-lock.json"
NODE = "node-path"
"""Names the Node that was found, for the tests."""


def is_installed() -> bool:
    """Return whether what the lock file says is there already."""
    lock = HOME / LOCK
    return (
        (HOME / NODE).is_file()
        and (HOME / "node_modules" / "feelin").is_dir()
        and lock.read_bytes() == (SOURCE / LOCK).read_bytes()
    )


def install() -> None:
    """Install what the lock file says.

    Raises:
        CannotBuild: There is no Node and none can be had.
        CalledProcessError: npm failed.
    """
    node = ensure_node()
    HOME.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", LOCK):
        shutil.copyfile(SOURCE / name, HOME / name)
    command = [*npm_command(node), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=HOME, check=True, stdout=subprocess.DEVNULL)
    (HOME / NODE).write_text(str(node), encoding="utf-8")


if __name__ == "__main__":
    if not is_installed():
        try:
            install()
        except (CannotBuild, subprocess.CalledProcessError) as error:
            print(f"No second opinion on FEEL: {error}", file=sys.stderr)
