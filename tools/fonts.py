"""Chinese fonts for documents: Fandol from a Debian package, else Noto from npm.

Run as ``python tools/fonts.py``. Writes to `.tools/fonts`, which git ignores, and does nothing
where they are there already. No root is needed. Standard library only. Fandol (仿宋, 楷体, 宋体,
黑体) is under the GPL with the font exception; Noto Serif SC under the OFL.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / ".tools" / "fonts"
DEBIAN = "texlive-lang-chinese"
FANDOL = (
    "FandolFang-Regular.otf",
    "FandolKai-Regular.otf",
    "FandolSong-Regular.otf",
    "FandolSong-Bold.otf",
    "FandolHei-Regular.otf",
    "FandolHei-Bold.otf",
)
NOTO = ("@expo-google-fonts/noto-serif-sc@0.4.3", "@expo-google-fonts/noto-sans-sc@0.4.3")


def main() -> int:
    """Fetch what is missing; 0 when there is a font, 1 with a sentence when there is none."""
    if any(FONTS.glob("*.[ot]tf")):
        return 0
    FONTS.mkdir(parents=True, exist_ok=True)
    if from_debian() or from_npm():
        return 0
    print(
        "No Chinese font could be fetched: documents will use what the system has. "
        "Install fonts-noto-cjk, or put .otf or .ttf files into .tools/fonts."
    )
    return 1


def from_debian() -> bool:
    """Take Fandol out of Debian's package without installing it."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return False
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        if not download(place):
            update()
            if not download(place):
                return False
        package = next(place.glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", package, place / "tree"], check=True)
        for font in FANDOL:
            found = next((place / "tree").rglob(font), None)
            if found is None:
                return False
            shutil.copy(found, FONTS / font)
    return True


def download(place: Path) -> bool:
    """Download the package into `place`."""
    command = ["apt-get", "download", "-qq", DEBIAN]
    done = subprocess.run(command, cwd=place, check=False, stderr=subprocess.DEVNULL)
    return done.returncode == 0 and any(place.glob("*.deb"))


def update() -> None:
    """Bring apt's lists up to date, where we may."""
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    subprocess.run([*prefix, "apt-get", "update", "-qq"], check=False, stderr=subprocess.DEVNULL)


def from_npm() -> bool:
    """Take Noto's Chinese faces, regular and bold, out of npm's packages."""
    npm = shutil.which("npm")
    if npm is None:
        return False
    with tempfile.TemporaryDirectory() as place:
        command = [npm, "install", "--ignore-scripts", "--no-save", "--prefix", place, *NOTO]
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode != 0:
            return False
        for font in Path(place).rglob("*.ttf"):
            if font.stem.endswith(("_400Regular", "_700Bold")):
                shutil.copy(font, FONTS / font.name)
    return any(FONTS.glob("*.ttf"))


if __name__ == "__main__":
    sys.exit(main())
