from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.documents.files import DiskFiles
from engine.ports import Files
from engine.publishing.scenarios.fittings import MemoryFiles


class TestDiskFiles:
    """Bytes are kept by their SHA-256 and verified when they are read."""

    def test_bytes_come_back_by_their_digest(self, tmp_path: Path) -> None:
        files = DiskFiles(tmp_path / "files")
        digest = files.put("证据".encode())
        assert digest == hashlib.sha256("证据".encode()).hexdigest()
        assert files.get(digest) == "证据".encode()

    def test_the_same_bytes_are_kept_once(self, tmp_path: Path) -> None:
        files = DiskFiles(tmp_path)
        assert files.put(b"x") == files.put(b"x")
        assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1

    def test_altered_bytes_are_not_given_out(self, tmp_path: Path) -> None:
        files = DiskFiles(tmp_path)
        digest = files.put(b"x")
        (tmp_path / digest[:2] / digest).write_bytes(b"y")
        with pytest.raises(ValueError, match="altered"):
            files.get(digest)

    @pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", "../" * 20 + "abcd"])
    def test_what_is_not_there_is_a_key_error(self, tmp_path: Path, digest: str) -> None:
        with pytest.raises(KeyError):
            DiskFiles(tmp_path).get(digest)


@pytest.fixture(params=["disk", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    return DiskFiles(tmp_path) if request.param == "disk" else MemoryFiles()


class TestSetAside:
    """Bytes aside are read but not relied on: whoever stores the same ones stores them anew."""

    def test_they_are_still_read_until_they_are_dropped(self, files: Files) -> None:
        digest = files.put(b"x")
        files.set_aside(digest)
        files.set_aside(digest)
        assert files.get(digest) == b"x"
        files.drop_aside(digest)
        files.drop_aside(digest)
        with pytest.raises(KeyError):
            files.get(digest)

    def test_what_is_stored_anew_is_not_dropped_with_them(self, files: Files) -> None:
        digest = files.put(b"x")
        files.set_aside(digest)
        assert files.put(b"x") == digest
        files.drop_aside(digest)
        assert files.get(digest) == b"x"

    def test_they_may_be_put_back(self, files: Files) -> None:
        digest = files.put(b"x")
        files.set_aside(digest)
        files.put_back(digest)
        files.put_back(digest)
        files.drop_aside(digest)
        assert files.get(digest) == b"x"

    def test_of_what_is_not_there_nothing_happens(self, files: Files) -> None:
        for act in (files.set_aside, files.put_back, files.drop_aside, files.drop):
            act("0" * 64)
        with pytest.raises(KeyError):
            files.get("0" * 64)
