"""移出的案件的档案包：自成一体，可独立核验，写明理由才打开。"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from engine.commands.anchor_record import anchor_record
from engine.commands.retire import open_archive
from engine.desk import Desk
from engine.desk.holders import add_participant
from engine.errors import NotAllowed, NotFound
from engine.store.tables import AccessEntry, CaseRow
from engine.vault import RecordKey
from tests.engine.boardroom import Boardroom, refused
from tests.engine.commands.leaving import closed, retired

pytestmark = pytest.mark.slow  # each builds an office and lets ten years pass


def files_of(content: bytes) -> dict[str, bytes]:
    """The package's files without their numbers, each held to the list of digests."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        lines = archive.read("SHA256SUMS").decode().splitlines()
        for line in lines:
            digest, name = line.split("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
        assert len(lines) == len(archive.namelist()) - 1
        return {name[4:]: archive.read(name) for name in archive.namelist()}


def verified(content: bytes, folder: Path, *options: str) -> tuple[int, str]:
    """Run the verifier of the package by itself, with Python and nothing else."""
    (folder / "record.zip").write_bytes(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (folder / "verify_record.py").write_bytes(archive.read("verify_record.py"))
    done = subprocess.run(  # noqa: S603 -- our own script
        [sys.executable, "-I", "verify_record.py", "record.zip", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


class TestThePackage:
    """自成一体：材料、各表的行、审计记录及其核验程序；举报人不在其中。"""

    def opened(self, room: Boardroom, case: CaseRow) -> dict[str, bytes]:
        _, content = room.give("system", open_archive, case.id, reason="多年后有人询问。")
        return files_of(content)

    def test_it_holds_the_rows_and_no_reporter(self, room: Boardroom) -> None:
        case = closed(room)

        def name_reporter(desk: Desk, /) -> None:
            row = desk.session.get_one(CaseRow, case.id)
            add_participant(desk, row, room.people["举报人"], "reporter")

        room.give("system", name_reporter)
        room.at(2036, 2, 11)
        retired(room)
        files = self.opened(room, case)

        (row,) = [orjson.loads(line) for line in files["rows-case_file.jsonl"].splitlines()]
        assert row["number"] == case.number
        assert "state" not in row
        assert "rows-answers.jsonl" in files
        assert "rows-notice.jsonl" in files
        assert not any(room.people["举报人"].encode() in content for content in files.values())
        assert not any(name.startswith("rows-vault") for name in files)

    def test_its_record_is_verified_without_the_platform(
        self, room: Boardroom, tmp_path: Path
    ) -> None:
        room.office.record_key = RecordKey(b"r" * 32)
        case, other = closed(room), room.open()
        room.give("system", anchor_record)
        room.at(2036, 2, 11)
        retired(room)
        record = self.opened(room, case)["record.zip"]
        code, said = verified(record, tmp_path, "--key", room.office.record_key.public)

        assert (code, said.split()[0]) == (0, "0")
        assert other.id.encode() not in record
        with zipfile.ZipFile(io.BytesIO(record)) as archive:
            (anchor, *_) = archive.read("anchors.jsonl").splitlines()
            assert orjson.loads(anchor)["path"]
            assert other.id.encode() not in anchor

    @pytest.mark.parametrize(
        ("member", "old", "new"),
        [
            ("entries.jsonl", "case_opened", "case_0pened"),
            ("anchors.jsonl", '"index":', '"index":1'),
            ("anchors.jsonl", '"path":["', '"path":["00'),
            ("anchors.jsonl", '"path":[', '"path":[],"was":['),
        ],
    )
    def test_an_edited_record_is_named(
        self, room: Boardroom, tmp_path: Path, member: str, old: str, new: str
    ) -> None:
        room.office.record_key = RecordKey(b"r" * 32)
        case = closed(room)
        room.give("system", anchor_record)
        room.at(2036, 2, 11)
        retired(room)
        record = io.BytesIO()
        source = zipfile.ZipFile(io.BytesIO(self.opened(room, case)["record.zip"]))
        with source, zipfile.ZipFile(record, "w") as target:
            for name in source.namelist():
                text = source.read(name).decode()
                assert name != member or old in text
                target.writestr(name, text.replace(old, new, 1) if name == member else text)
        code, said = verified(record.getvalue(), tmp_path)

        assert code == 1
        assert "edited" in said

    def test_whoever_opens_it_says_why_and_it_is_on_the_access_record(
        self, room: Boardroom
    ) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        with pytest.raises(NotFound):
            room.give("system", open_archive, case.id, reason="多年后有人询问。")
        retired(room)
        refused(
            lambda: room.give("system", open_archive, case.id, reason="看"), "retirement.reason"
        )
        self.opened(room, case)
        look = room.one(sa.select(AccessEntry).where(AccessEntry.what == "archive"))

        assert (look.case_id, look.reason) == (case.id, "多年后有人询问。")

    @pytest.mark.parametrize("name", ["管理员", "外人", "陈某"])
    def test_it_is_closed_to_who_may_not_see_the_whole_file(
        self, room: Boardroom, name: str
    ) -> None:
        case = closed(room)
        room.at(2036, 2, 11)
        retired(room)

        with pytest.raises((NotFound, NotAllowed)):
            room.give(name, open_archive, case.id, reason="多年后有人询问。")
        with pytest.raises(NotFound):
            room.give(name, open_archive, "none", reason="多年后有人询问。")
