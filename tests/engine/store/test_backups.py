"""使用中的数据库可以备份；损坏的备份看得出来。"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.store import migrations
from engine.store.backups import Damaged, NotEmbedded, copy_database, must_be_whole
from engine.store.database import open_database


class TestCopies:
    """副本是某一时刻的整库。"""

    def test_a_copy_is_whole(self, tmp_path: Path) -> None:
        database = open_database(f"sqlite:///{tmp_path}/a.db")
        migrations.upgrade(database)
        with database.begin():
            copy_database(database, tmp_path / "b.db")
        database.close()

        must_be_whole(tmp_path / "b.db")

    def test_nothing_is_written_over(self, tmp_path: Path) -> None:
        database = open_database(f"sqlite:///{tmp_path}/a.db")
        (tmp_path / "b.db").touch()
        with pytest.raises(FileExistsError):
            copy_database(database, tmp_path / "b.db")

    def test_a_server_copies_its_own(self, tmp_path: Path) -> None:
        server = open_database("postgresql+psycopg://nobody@localhost/none")
        with pytest.raises(NotEmbedded):
            copy_database(server, tmp_path / "b.db")

    def test_what_is_no_database_or_none_of_ours(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("x" * 4096, "utf-8")
        with closing(sqlite3.connect(tmp_path / "b")) as other:
            other.execute("CREATE TABLE t (x)")
        for name in "ab":
            with pytest.raises(Damaged):
                must_be_whole(tmp_path / name)

    def test_a_damaged_page_is_found(self, tmp_path: Path) -> None:
        database = open_database(f"sqlite:///{tmp_path}/a.db")
        migrations.upgrade(database)
        copy_database(database, tmp_path / "b.db")
        database.close()
        content = bytearray((tmp_path / "b.db").read_bytes())
        content[8192:12288] = b"\xff" * 4096
        (tmp_path / "b.db").write_bytes(content)

        with pytest.raises(Damaged):
            must_be_whole(tmp_path / "b.db")
