"""Brings the English catalogue up to date with the texts that code and templates mark.

Run as ``python tools/texts.py`` after a text was added or changed: new texts are put into
web/translations/en/LC_MESSAGES/messages.po, gone ones are taken out, and those that still want an
English wording are listed. Ends with 1 while there are any.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

WEB = Path(__file__).resolve().parent.parent / "web"
ENGLISH = WEB / "translations" / "en" / "LC_MESSAGES" / "messages.po"
# Babel's own header carries the time, so that every run would change the file
HEADER = r"""# English texts of the pages. zh-CN is the source language; message ids are Chinese.
msgid ""
msgstr ""
"Project-Id-Version: Wenze\n"
"Language: en\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
LEFT_OUT = ("assets", "static", "translations")


def marked_texts() -> Catalog:
    """Return a catalogue of every text that `_`, `gettext` or `ngettext` marks in web."""
    with (WEB / "translations" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for _, _, text, comments, context in extract_from_dir(
        WEB, methods, options, directory_filter=lambda path: Path(path).name not in LEFT_OUT
    ):
        found.add(text, auto_comments=comments, context=context)
    return found


def english() -> Catalog:
    """Return the English catalogue as it stands."""
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def wanting(catalogue: Catalog) -> list[str]:
    """Return the texts without a whole English wording."""
    return [
        str(message.id)
        for message in catalogue
        if message.id
        and not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]


def main() -> int:
    """Update the catalogue and list what wants a wording."""
    catalogue = english()
    catalogue.update(marked_texts(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    written = BytesIO()
    write_po(written, catalogue, width=0, omit_header=True, sort_output=True)
    ENGLISH.write_bytes(HEADER.encode() + written.getvalue())
    left = wanting(catalogue)
    for text in left:
        print(f"no English yet: {text}")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
