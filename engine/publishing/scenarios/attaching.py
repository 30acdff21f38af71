"""Files that a scenario sends with answers: it names them, and something of their kind is sent."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from engine.commands.add_attachment import add_attachment
from engine.commands.open_case import open_case
from engine.commands.submit_work import FILES, Upload, filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from engine.desk import Desk
    from engine.store.tables import CaseRow
    from engine.workflow import Form

PICKER = "filepicker"
WORDS = "演练用的附件\n".encode()
_BY_TYPE: Mapping[str, bytes] = {
    "pdf": b"%PDF-1.7\n%%EOF\n",
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff\xd9",
    "jpeg": b"\xff\xd8\xff\xd9",
    "mp3": b"ID3",
    "mp4": b"\0\0\0\x08ftyp",
    "m4a": b"\0\0\0\x08ftyp",
}
_PACKED: Mapping[str, str] = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


def upload(name: str) -> Upload:
    """Return a file of this name, with the least that its type's check takes for one.

    A name of no type that may be attached gets plain words, which are then refused as such.
    """
    kind = name.rpartition(".")[2].lower()
    if kind in _PACKED:
        return Upload(name, _pack(_PACKED[kind]))
    return Upload(name, _BY_TYPE.get(kind, WORDS))


def uploads(names: Iterable[str]) -> list[Upload]:
    """Return files of these names; see `upload`."""
    return [upload(one) for one in names]


def with_files(
    answers: Mapping[str, Any], form: Form | None
) -> tuple[dict[str, Any], dict[str, list[Upload]]]:
    """Return answers as a page sends them, and the files beside them by their references.

    Args:
        answers: A field for files holds a list of names, such as ``[值班记录.pdf]``.
        form: Whose; None where there is none.
    """
    keys = {
        str(one.get("key") or "").rpartition(".")[2]
        for one in (form.fields() if form is not None else ())
        if one.get("type") == PICKER
    }
    files: dict[str, list[Upload]] = {}
    return {key: _referred(key, one, keys, files) for key, one in answers.items()}, files


def open_with_files(
    desk: Desk,
    /,
    procedure: str,
    answers: Mapping[str, Any],
    files: Mapping[str, Sequence[Upload]],
    **given: str,
) -> CaseRow:
    """Open a case and attach the files of its start form, in one transaction.

    As `register_clue` does it at the page, with all that a step says besides.

    Args:
        desk: Of who registers.
        procedure: The procedure.
        answers: With a reference for each list of files.
        files: By that reference.
        given: As `open_case` takes it: channel, title, subject, reporter, secrecy.

    Raises:
        NotFound, Refusal: As `open_case` and `add_attachment` say; then there is no case.
    """
    names = {reference: [one.name for one in sent] for reference, sent in files.items()}
    case = open_case(desk, procedure, filled(answers, names), **given)
    for sent in files.values():
        for one in sent:
            add_attachment(desk, case.id, one.name, one.content)
    return case


def _referred(key: str, value: Any, keys: set[str], files: dict[str, list[Upload]]) -> Any:
    """Return a value with a reference for each list of names, under which its files are put."""
    if isinstance(value, dict):
        return {name: _referred(name, one, keys, files) for name, one in value.items()}
    if not isinstance(value, list):
        return value
    if key not in keys:
        return [_referred(key, one, keys, files) for one in value]
    if not value or not all(isinstance(one, str) for one in value):
        return value
    reference = f"{FILES}{len(files) + 1}"
    files[reference] = uploads(value)
    return reference


def _pack(path: str) -> bytes:
    """Return an archive with one empty file, the same each time."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo(path), b"")
    return packed.getvalue()
