"""Documents as PDF: typst, in a folder of their own, from data alone."""

from __future__ import annotations

import re
import tempfile
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import orjson
import typst

from engine.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

DATA = "data.json"
IMPORT = re.compile(rb"\b(?:import|include)\b\s*+(?!\"[^\"@\\\\]+\")")
"""An import of anything but a file that a plain text names: a package would be fetched, and an
address that is put together could name one."""


class TemplateFault(Fault):
    """A template does not compile; publishing lets none pass."""


class Typesetter:
    """Turns a template and data into the bytes of a PDF.

    A template sees the files of its version and its data, nothing else of the machine:
    the project's root is a new folder, and packages are not fetched.
    """

    def __init__(self, fonts: Sequence[Path] = ()) -> None:
        """Look for fonts in the folders `fonts` beside those of the system.

        A process reads each set of folders once; a font that is installed later is seen by
        the next process.
        """
        self._fonts = tuple(str(folder) for folder in fonts if folder.is_dir())

    def pdf(
        self,
        files: Mapping[str, bytes],
        template: str,
        data: Mapping[str, object],
        at: datetime,
    ) -> bytes:
        """Return the PDF of `template` with `data`.

        The same input gives the same bytes.

        Args:
            files: Those that the template may read or import, by path.
            template: Its path among `files`.
            data: What it shows; put beside the template as ``data.json``.
            at: The instant written into the file as its creation; aware.

        Raises:
            TemplateFault: It does not compile.
        """
        with tempfile.TemporaryDirectory(prefix="wenze-typst-") as name:
            root = Path(name)
            for path, content in files.items():
                if path.endswith(".typ") and IMPORT.search(content):
                    raise TemplateFault(
                        f"{path} imports a package, or a name that is put together; import files "
                        "of the version by their plain names"
                    )
                if path.endswith((".typ", ".svg", ".png", ".jpg")):
                    _write(root, path, content)
            folder = PurePosixPath(template).parent
            _write(root, str(folder / DATA), orjson.dumps(data, default=str))
            try:
                return typst.compile(
                    str(root / template),
                    root=str(root),
                    font_paths=_fonts_in(self._fonts),
                    format="pdf",
                    timestamp=int(at.timestamp()),
                    package_path=str(root / "none"),
                    package_cache_path=str(root / "none"),
                )
            except typst.TypstError as error:
                raise TemplateFault(f"{template}: {error.message}") from error


@cache
def _fonts_in(folders: tuple[str, ...]) -> typst.Fonts:
    """Return the fonts of the system and of `folders`; looking for them costs 40 ms."""
    return typst.Fonts(font_paths=list(folders))


def _write(root: Path, path: str, content: bytes) -> None:
    place = (root / path).resolve()
    if not place.is_relative_to(root.resolve()):
        raise TemplateFault(f"{path} leaves the folder")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
