"""核验与导出审计记录：在本机，也在没有平台的机器上。"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import orjson
import pytest

from engine.store import verify_record
from tests.web.cli.conftest import Wenze


class TestVerify:
    """审计记录的每条链可核验；链尾整体改写，须与导出的链头比对才能发现。"""

    def test_an_untouched_record_holds(self, staffed: Wenze, tmp_path: Path) -> None:
        result = staffed("verify", "--export", tmp_path / "heads.json")

        assert result.exit_code == 0
        assert "0 breaches" in result.output
        assert "cannot be seen" in result.output
        assert "cannot be seen" not in staffed("verify", "--heads", tmp_path / "heads.json").output

    def test_an_edited_entry_is_found(self, staffed: Wenze, home: Path) -> None:
        with closing(sqlite3.connect(home / "wenze.db")) as connection:
            connection.execute("DROP TRIGGER audit_entry_no_update")
            connection.execute("UPDATE audit_entry SET actor = 'nobody' WHERE sequence = 2")
            connection.commit()
        result = staffed("verify")

        assert result.exit_code == 1
        assert "#2 edited" in result.output

    def test_a_tail_that_was_cut_is_found_by_exported_heads(
        self, staffed: Wenze, home: Path, tmp_path: Path
    ) -> None:
        staffed("verify", "--export", tmp_path / "heads.json")
        heads = orjson.loads((tmp_path / "heads.json").read_bytes())
        cut = {stream: [head[0] + 1, head[1]] for stream, head in heads.items()}
        (tmp_path / "more.json").write_bytes(orjson.dumps(cut))

        assert staffed("verify", "--heads", tmp_path / "more.json").exit_code == 1

    @pytest.mark.parametrize("content", ["[", "[1]", '{"a": 1}', '{"a": ["x", "y"]}'])
    def test_a_file_that_holds_no_heads(self, staffed: Wenze, tmp_path: Path, content: str) -> None:
        (tmp_path / "h.json").write_text(content, "utf-8")

        assert staffed("verify", "--heads", tmp_path / "h.json").exit_code == 2


class TestExport:
    """导出的压缩包自带核验程序，不需要平台。"""

    def test_holds_the_record_and_verifies_with_the_printed_key(
        self, staffed: Wenze, tmp_path: Path
    ) -> None:
        result = staffed("export-record", tmp_path / "record.zip")
        key = staffed("record-key").output.strip()

        assert result.exit_code == 0
        assert f"--key {key}" in result.output
        assert verify_record.main([str(tmp_path / "record.zip"), "--key", key]) == 0

    def test_overwrites_nothing(self, staffed: Wenze, tmp_path: Path) -> None:
        (tmp_path / "record.zip").write_bytes(b"")

        assert staffed("export-record", tmp_path / "record.zip").exit_code == 2

    def test_the_key_stays_the_same(self, staffed: Wenze) -> None:
        first, second = (staffed("record-key").output for _ in range(2))

        assert first == second
        assert len(bytes.fromhex(first.strip())) == 32
