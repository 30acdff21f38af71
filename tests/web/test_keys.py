"""The keys of an installation: made once, whole, for the owner's eyes only."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from web.keys import Keys, keys_in
from web.settings import SettingsRefused


class TestKeys:
    """Without this file the confidential fields are lost: it is never made twice."""

    def test_they_are_made_on_the_first_call_and_stay(self, tmp_path: Path) -> None:
        home = tmp_path / "new" / "home"
        keys = keys_in(home)
        assert keys_in(home) == keys
        assert (home / "keys.toml").stat().st_mode & 0o777 == 0o600
        assert {len(key) for key in (*keys.masters.values(), keys.cookies)} == {32}
        assert [path.name for path in home.iterdir()] == ["keys.toml"]

    def test_they_are_not_shown(self, tmp_path: Path) -> None:
        keys = keys_in(tmp_path)
        assert repr(keys) == "Keys(current='k1')"

    def test_two_processes_that_start_at_once_have_the_same(self, tmp_path: Path) -> None:
        together, found = threading.Barrier(4), list[Keys]()

        def start() -> None:
            together.wait()
            found.append(keys_in(tmp_path))

        threads = [threading.Thread(target=start) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4
        assert all(keys == found[0] for keys in found)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "current = 1",
            'current = "k2"\ncookies = "AAAA"\n[masters]\nk1 = "AAAA"',
            'current = "k1"\ncookies = "AAAA"\n[masters]\nk1 = "AAAA"',
            'current = "k1"\ncookies = "!"\nmasters = 3',
            "\x00",
        ],
    )
    def test_a_damaged_file_is_said_to_be_damaged_and_left_alone(
        self, tmp_path: Path, text: str
    ) -> None:
        path = tmp_path / "keys.toml"
        path.write_text(text)
        with pytest.raises(SettingsRefused, match="damaged"):
            keys_in(tmp_path)
        assert path.read_text() == text
