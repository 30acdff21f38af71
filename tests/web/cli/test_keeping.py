"""部署、用户、核验、备份、恢复：管机器的人从命令行办的事。"""

from __future__ import annotations

import io
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.cli.conftest import Wenze

PASSWORD = ("--password", "a long password")


def reasons_kept(home: Path, account: str) -> list[str]:
    """Return the reasons in the history of a log-in, the first one first."""
    with sqlite3.connect(home / "wenze.db") as database:
        rows = database.execute(
            "SELECT change.reasons FROM setting_change AS change"
            " JOIN account ON account.id = change.key"
            " WHERE account.name = ? ORDER BY change.number",
            (account,),
        ).fetchall()
    database.close()
    return [reasons for (reasons,) in rows]


class TestUsers:
    """办理机关与登录名。"""

    def test_are_added_and_listed(self, staffed: Wenze) -> None:
        lines = staffed("users", "list").output.splitlines()

        assert lines == [
            "group        ding             丁某",
            "group        fang             方某    administrator",
        ]

    def test_are_locked_and_unlocked(self, staffed: Wenze) -> None:
        assert staffed("users", "lock", "ding").exit_code == 0
        assert "locked" in staffed("users", "list").output
        assert staffed("users", "unlock", "ding").exit_code == 0
        assert "locked" not in staffed("users", "list").output

    def test_are_given_and_lose_rights_with_reasons(self, staffed: Wenze, home: Path) -> None:
        given = staffed("users", "rights", "ding", "give", "--reasons", "轮值")
        assert given.output == "ding administers the platform.\n"
        assert "丁某    administrator" in staffed("users", "list").output

        taken = staffed("users", "rights", "ding", "take", lang="zh")
        assert taken.output == "ding 不可管理平台。\n"
        assert "丁某    administrator" not in staffed("users", "list").output
        assert reasons_kept(home, "ding") == ["", "轮值", ""]

    def test_rights_say_which_way(self, staffed: Wenze) -> None:
        for said in ((), ("perhaps",)):
            result = staffed("users", "rights", "ding", *said)
            assert result.exit_code == 2
            assert "give|take" in result.output

    def test_reasons_are_in_the_history_and_have_an_end(self, staffed: Wenze, home: Path) -> None:
        for command in (("lock",), ("unlock",), ("password", *PASSWORD[:2])):
            why = ("--reasons", f"因{command[0]}")
            assert staffed("users", command[0], "ding", *command[1:], *why).exit_code == 0
        assert reasons_kept(home, "ding") == ["", "因lock", "因unlock", "因password"]

        result = staffed("users", "lock", "ding", "--reasons", "字" * 501)
        assert (result.exit_code, "500" in result.output) == (2, True)
        assert "locked" not in staffed("users", "list").output

    def test_a_binding_is_forgotten_with_reasons(self, staffed: Wenze, home: Path) -> None:
        with sqlite3.connect(home / "wenze.db") as database:
            database.execute(
                "INSERT INTO identity (account_id, issuer, subject, linked_at)"
                " SELECT id, 'https://id.example', 'ding', '2026-03-02 01:00:00'"
                " FROM account WHERE name = 'ding'"
            )
        database.close()

        for _ in range(2):
            result = staffed("users", "unlink", "ding", "--reasons", "换发证书")
            assert result.output == "ding is bound no more.\n"
        assert reasons_kept(home, "ding") == ["", "换发证书"]

    @pytest.mark.parametrize("command", ["lock", "unlock", "rights", "password", "unlink"])
    def test_help_is_in_both_languages(self, wenze: Wenze, command: str) -> None:
        said = wenze("users", command, "--help").output

        assert "理由，列入更改历史 / why; kept in the history" in " ".join(said.split())

    def test_get_another_password(self, staffed: Wenze) -> None:
        typed = "another long one\nanother long one\n"

        assert staffed("users", "password", "ding", typed=typed).exit_code == 0

    def test_a_password_that_is_too_short(self, staffed: Wenze) -> None:
        result = staffed("users", "password", "ding", "--password", "short")

        assert result.exit_code == 2
        assert "10" in result.output

    @pytest.mark.parametrize("command", [("lock",), ("unlock",), ("rights", "give")])
    def test_a_log_in_that_is_not_there(self, staffed: Wenze, command: tuple[str, ...]) -> None:
        result = staffed("users", command[0], "nobody", *command[1:])

        assert (result.exit_code, result.output) == (2, "There is no log-in nobody.\n")

    def test_a_name_that_is_taken(self, staffed: Wenze) -> None:
        result = staffed("users", "add", "ding", "--name", "丁二", *PASSWORD)

        assert result.exit_code == 2
        assert "丁二" not in staffed("users", "list").output

    def test_before_there_is_an_authority(self, wenze: Wenze) -> None:
        result = wenze("users", "add", "ding", "--name", "丁某", *PASSWORD)

        assert result.output == "There is no authority yet; run wenze users authority first.\n"

    def test_with_two_authorities_one_is_named(self, staffed: Wenze) -> None:
        assert staffed("users", "authority", "other", "某运输", "某运").exit_code == 0
        add = ("users", "add", "ma", "--name", "马某", *PASSWORD)

        assert "Name the authority by --authority: group, other" in staffed(*add).output
        assert staffed(*add, "--authority", "other").exit_code == 0
        assert "other        ma" in staffed("users", "list").output

    def test_an_authority_twice(self, staffed: Wenze) -> None:
        assert staffed("users", "authority", "group", "某", "某").exit_code == 2


class TestDeploy:
    """通过检查的流程先成草稿，由另一人批准后发布。"""

    def test_a_folder_becomes_a_draft(self, staffed: Wenze, processes: Path) -> None:
        result = staffed("deploy", processes / "loop", "--by", "ding")

        assert result.exit_code == 0
        assert "loop 1 is a draft; another person must approve it." in result.output

    def test_a_second_person_publishes_it(self, staffed: Wenze, processes: Path) -> None:
        day = ("--from", "2026-05-01")
        result = staffed("deploy", processes / "loop", "--by", "ding", "--approve", "fang", *day)

        assert "loop 1 is published, in effect from 2026-05-01." in result.output

    def test_the_same_person_may_not(self, staffed: Wenze, processes: Path) -> None:
        by = ("--by", "fang", "--approve", "fang")
        result = staffed("deploy", processes / "loop", *by)

        assert result.exit_code == 2
        assert "another person must approve it" in result.output

    def test_a_zip_is_deployed_like_its_folder(
        self, staffed: Wenze, processes: Path, tmp_path: Path
    ) -> None:
        archive = shutil.make_archive(str(tmp_path / "z"), "zip", processes, "loop")
        shared = ("--shared", processes / "shared")

        assert staffed("deploy", archive, "--by", "ding", *shared).exit_code == 0

    def test_what_does_not_pass_is_not_deployed(self, staffed: Wenze, processes: Path) -> None:
        shutil.rmtree(processes / "loop/scenarios")
        result = staffed("deploy", processes / "loop", "--by", "ding")

        assert result.exit_code == 1
        assert result.output.endswith("It did not pass and is not deployed.\n")

    def test_what_cannot_be_read(self, staffed: Wenze, processes: Path, tmp_path: Path) -> None:
        (tmp_path / "a.zip").write_bytes(b"PK")
        shared = ("--shared", processes / "shared")
        assert staffed("deploy", tmp_path / "a.zip", "--by", "ding", *shared).exit_code == 2
        (processes / "loop/loop.bpmn").write_text("<x/>", "utf-8")
        assert staffed("deploy", processes / "loop", "--by", "ding").exit_code == 1

    def test_a_log_in_that_is_not_there_or_locked(self, staffed: Wenze, processes: Path) -> None:
        staffed("users", "lock", "ding")
        for name in ("nobody", "ding"):
            result = staffed("deploy", processes / "loop", "--by", name)
            assert result.output.endswith(f"There is no log-in {name}.\n")

    def test_a_person_without_the_role(self, staffed: Wenze, processes: Path) -> None:
        staffed("users", "add", "zhou", "--name", "周某", *PASSWORD)

        assert staffed("deploy", processes / "loop", "--by", "zhou").exit_code == 2


class TestBackup:
    """备份在使用中进行；恢复前逐项核对，绝不覆盖现有数据。"""

    @pytest.fixture
    def archive(self, staffed: Wenze, home: Path, tmp_path: Path) -> Path:
        (home / "files/ab").mkdir(parents=True, exist_ok=True)
        (home / "files/ab/abcd").write_bytes(b"content")
        assert staffed("backup", tmp_path / "b.tgz").exit_code == 0
        return tmp_path / "b.tgz"

    def test_is_restored_whole(
        self, archive: Path, staffed: Wenze, home: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "other"
        result = staffed("restore", archive, home=other)

        assert "(1 files)" in result.output
        assert (other / "keys.toml").read_bytes() == (home / "keys.toml").read_bytes()
        assert (other / "files/ab/abcd").read_bytes() == b"content"
        assert staffed("users", "list", home=other).output == staffed("users", "list").output
        assert staffed("verify", home=other).exit_code == 0

    def test_what_is_set_aside_or_goes_meanwhile(
        self, staffed: Wenze, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Bytes that another command moves between the listing and the copying are in it."""
        folder = home / "files/ab"
        folder.mkdir(parents=True)
        for name in ("ab01.aside", "ab02", "ab03", "ab04.part"):
            (folder / name).write_bytes(name.encode())
        listed = Path.rglob

        def then_moved(self: Path, pattern: str) -> Iterator[Path]:
            found = list(listed(self, pattern))
            if self.name == "files":
                (folder / "ab02").rename(folder / "ab02.aside")
                (folder / "ab03").unlink()
            yield from found

        monkeypatch.setattr(Path, "rglob", then_moved)
        assert staffed("backup", tmp_path / "c.tgz").exit_code == 0
        monkeypatch.undo()
        assert staffed("restore", tmp_path / "c.tgz", home=tmp_path / "other").exit_code == 0

        restored = tmp_path / "other/files/ab"
        assert {path.name: path.read_bytes() for path in restored.iterdir()} == {
            "ab01": b"ab01.aside",
            "ab02": b"ab02",
        }

    def test_only_its_owner_reads_it(self, archive: Path) -> None:
        for path in (archive, archive.with_name("b.tgz.keys.toml")):
            assert path.stat().st_mode & 0o777 == 0o600

    def test_is_never_put_over_an_installation(self, archive: Path, staffed: Wenze) -> None:
        result = staffed("restore", archive)

        assert result.exit_code == 2
        assert "never overwritten" in result.output

    def test_is_not_written_over_another(self, archive: Path, staffed: Wenze) -> None:
        assert "is not overwritten" in staffed("backup", archive).output

    def test_needs_its_keys(self, archive: Path, staffed: Wenze, tmp_path: Path) -> None:
        keys = archive.with_name("b.tgz.keys.toml").rename(tmp_path / "elsewhere.toml")
        other = tmp_path / "other"

        assert "There is no file of keys" in staffed("restore", archive, home=other).output
        assert staffed("restore", archive, "--keys", keys, home=other).exit_code == 0

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("files/ab/abcd", b"altered"),
            ("wenze.db", b"no database"),
            ("backup.json", b'{"format": 2, "files": {}}'),
            ("backup.json", b'{"format": 1, "files": {}}'),
            ("backup.json", b'{"format": 1, "files": {"../x": "0"}}'),
            ("backup.json", b'{"format": 1, "files": {"files/../../x": "0"}}'),
            ("backup.json", b'{"format": 1, "files": {"files/none": "0"}}'),
            ("backup.json", None),
        ],
    )
    def test_that_was_altered_is_refused(
        self, archive: Path, staffed: Wenze, tmp_path: Path, name: str, content: bytes | None
    ) -> None:
        _alter(archive, name, content)
        other = tmp_path / "other"
        result = staffed("restore", archive, home=other)

        assert result.exit_code == 2
        assert "damaged or incomplete" in result.output
        assert not (other / "wenze.db").exists()

    def test_what_is_no_archive(self, staffed: Wenze, archive: Path, tmp_path: Path) -> None:
        archive.write_bytes(b"no archive")

        assert staffed("restore", archive, home=tmp_path / "other").exit_code == 2


def _alter(archive: Path, name: str, content: bytes | None) -> None:
    """Put other content under a name of the archive, or leave it out."""
    with tarfile.open(archive, "r:gz") as tar:
        held = {one.name: tar.extractfile(one) for one in tar.getmembers()}
        files = {path: file.read() for path, file in held.items() if file is not None}
    files.pop(name)
    if content is not None:
        files[name] = content
    with tarfile.open(archive, "w:gz") as tar:
        for path, data in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
