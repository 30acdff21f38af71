"""Installs Debian's Chromium and Chinese fonts for the browser tests, where they are missing.

Run as ``python tools/chromium.py``. Ends with 0 when Chromium and a Chinese font are there, with 1
(and a sentence that says what to do) when they are missing and cannot be installed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
PACKAGES = ("chromium", "fonts-noto-cjk")
ATTEMPTS = 3


def has_chinese_font() -> bool:
    """Return whether Noto CJK is installed; other fonts would draw the screenshots differently."""
    return any(Path("/usr/share/fonts").glob("**/NotoSansCJK*"))


def is_complete() -> bool:
    """Return whether nothing is left to install."""
    return CHROMIUM.exists() and has_chinese_font()


def as_root() -> list[str] | None:
    """Return the words that go before a command that needs root, or None if there is no way."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") else None


def install(prefix: list[str]) -> bool:
    """Install the packages with apt; tried again, since mirrors fail for a moment now and then."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = [*prefix, "apt-get", "-qq", "-o", "Acquire::Retries=3"]
    for attempt in range(1, ATTEMPTS + 1):
        update = subprocess.run([*apt, "update"], env=environment, check=False)
        fetched = subprocess.run(
            [*apt, "install", "-y", "--no-install-recommends", *PACKAGES],
            env=environment,
            check=False,
            stdout=subprocess.DEVNULL,
        )
        if fetched.returncode == 0:
            return True
        print(
            f"apt-get failed (attempt {attempt} of {ATTEMPTS}; update {update.returncode})",
            file=sys.stderr,
        )
    return False


def main() -> int:
    """Install what is missing and say in one line how it stands."""
    if is_complete():
        print(f"Chromium: {CHROMIUM}")
        return 0
    prefix = as_root()
    if prefix is None or shutil.which("apt-get") is None:
        print(
            f"Chromium is missing. Install {' '.join(PACKAGES)} by hand; "
            "until then the browser tests are skipped.",
            file=sys.stderr,
        )
        return 1
    print(f"Installing {' '.join(PACKAGES)} with apt …")
    if install(prefix) and is_complete():
        print(f"Chromium: {CHROMIUM}")
        return 0
    print("Chromium could not be installed; see apt's words above.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
