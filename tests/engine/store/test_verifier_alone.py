"""The verifier that needs no platform, run by itself, and the cryptography that it brings."""

from __future__ import annotations

import subprocess
import sys
import zipfile

import pytest

from engine.store import verify_record
from engine.store.exporting import export_record
from engine.vault import has_signed
from tests.engine.store.tampering import KEY, STRANGER, Kept, edit, entry


class TestVerifierAlone:
    """The verifier in the archive is one file that needs Python and nothing else."""

    def run(self, kept: Kept, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = kept.folder / "record.zip"
        if not path.exists():
            with kept.database.reading() as session:
                assert export_record(session, path) == 6
            with zipfile.ZipFile(path) as archive:
                archive.extract("verify_record.py", kept.folder)
        return subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", "verify_record.py", "record.zip", *arguments],
            cwd=kept.folder,
            capture_output=True,
            text=True,
            check=False,
        )

    def test_it_says_that_the_record_is_whole(self, kept: Kept) -> None:
        done = self.run(kept, "--key", KEY.public)
        assert (done.returncode, done.stdout, done.stderr) == (0, "0 处断裂 / 0 breaches\n", "")

    def test_without_a_key_it_says_what_cannot_be_seen(self, kept: Kept) -> None:
        assert "No trusted key" in self.run(kept).stdout

    def test_it_names_a_breach_and_fails(self, kept: Kept) -> None:
        with kept.begin() as session:
            edit(entry("case:1", 2), fact="released")(session)
        done = self.run(kept, "--key", KEY.public)
        assert done.returncode == 1
        assert done.stdout.startswith("case:1 #2 edited: ")

    def test_it_compares_with_heads_kept_elsewhere(self, kept: Kept) -> None:
        (kept.folder / "heads.json").write_text('{"case:1": [9, "sha256:00"]}', encoding="utf-8")
        done = self.run(kept, "--key", KEY.public, "--heads", "heads.json")
        assert "case:1 #9 cut: the heads kept elsewhere saw this entry" in done.stdout

    def test_what_is_no_archive_is_said(self, kept: Kept) -> None:
        (kept.folder / "record.zip").write_text("no zip", encoding="utf-8")
        said: list[str] = []
        assert verify_record.main([str(kept.folder / "record.zip")], said.append) == 2
        assert "BadZipFile" in said[0]

    def test_an_archive_is_never_overwritten(self, kept: Kept) -> None:
        path = kept.folder / "there.zip"
        path.write_bytes(b"")
        with kept.database.reading() as session, pytest.raises(FileExistsError):
            export_record(session, path)
        assert path.read_bytes() == b""


class TestOwnCryptography:
    """SM3 and Ed25519 of the single file agree with the libraries'."""

    @pytest.mark.parametrize("length", [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000])
    def test_sm3_agrees(self, length: int) -> None:
        content = bytes(n % 251 for n in range(length))
        assert verify_record.sm3(content) == verify_record.hashed(content, "sm3")

    def test_a_signature_holds_for_its_content_and_key_only(self) -> None:
        signature = KEY.sign(b"content")
        assert verify_record.has_signed(KEY.public, signature, b"content")
        assert not verify_record.has_signed(KEY.public, signature, b"contents")
        assert not verify_record.has_signed(STRANGER.public, signature, b"content")

    @pytest.mark.parametrize(
        ("public", "signature"),
        [
            ("zz", b"x" * 64),
            ("00", b"x" * 64),
            (KEY.public, b"x" * 63),
            ("ff" * 32, KEY.sign(b"content")),
            (KEY.public, b"\xff" * 32 + KEY.sign(b"content")[32:]),
            (KEY.public, KEY.sign(b"content")[:32] + b"\xff" * 32),
            ("01" + "00" * 30 + "80", KEY.sign(b"content")),  # x = 0 with a sign
        ],
    )
    def test_what_is_no_key_or_signature_holds_for_nothing(
        self, public: str, signature: bytes
    ) -> None:
        assert not verify_record.has_signed(public, signature, b"content")
        assert not has_signed(public, signature, b"content")

    def test_no_leaves_have_the_digest_of_nothing(self) -> None:
        assert verify_record.merkle_root([], "sha256") == verify_record.hashed(b"", "sha256")
