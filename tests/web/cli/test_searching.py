"""`wenze search rebuild`：显示进度，中断后可从断处继续。"""

from __future__ import annotations

import re

from tests.web.cli.conftest import Wenze


class TestRebuilding:
    """每批显示已办多少、共多少、从哪里继续。"""

    def test_it_tells_how_far_it_is(self, staffed: Wenze) -> None:
        lines = staffed("search", "rebuild", "--batch", "1").output.splitlines()
        assert re.fullmatch(r"1/\d+  people  go on: --from person:\S+", lines[0])
        assert re.fullmatch(r"The search index is rebuilt: \d+ entries\.", lines[-1])

    def test_it_goes_on_where_it_stood(self, staffed: Wenze) -> None:
        first = staffed("search", "rebuild", "--batch", "1").output.splitlines()[0]
        place = first.rpartition("--from ")[2]
        again = staffed("search", "rebuild", "--from", place)
        assert again.exit_code == 0
        whole = staffed("search", "rebuild").output.splitlines()[-1]
        assert again.output.splitlines()[-1] != whole

    def test_a_place_that_is_none(self, staffed: Wenze) -> None:
        result = staffed("search", "rebuild", "--from", "report:x")
        assert result.exit_code == 2
        assert "person, case, document" in result.output
