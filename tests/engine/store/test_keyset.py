"""A list in pages: where one ends, the next begins; an address may be typed by anybody."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest

from engine.store.queries.keyset import LARGEST_NUMBER, cursor_of, read_cursor

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def typed(*parts: Any) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode()


class TestCursors:
    """下一页从上一页末行之后开始；地址里的游标不合列表的排序或类型的，一律不认。"""

    @pytest.mark.parametrize(
        ("value", "row_id"),
        [(NOW, "x"), (date(2026, 3, 2), "x"), ("2026-1", "x"), (NOW, LARGEST_NUMBER)],
    )
    def test_come_back_as_they_were(self, value: datetime | date | str, row_id: str | int) -> None:
        read = read_cursor(cursor_of("s", value, row_id), "s", (type(value), type(row_id)))
        assert read == [value, row_id]

    @pytest.mark.parametrize(
        ("kind", "value"),
        [
            (datetime, "soon"),
            (datetime, "2026-03-02T09:00:00"),
            (datetime, 7),
            (datetime, datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8))).isoformat()),
            (date, "2026-03-02T09:00:00+00:00"),
            (date, None),
            (int, -1),
            (int, LARGEST_NUMBER + 1),
            (int, "9" * 5000),
        ],
    )
    def test_a_value_of_another_kind_is_refused(self, kind: type, value: object) -> None:
        with pytest.raises(ValueError, match="no cursor"):
            read_cursor(typed("s", value, "x"), "s", (kind, str))

    @pytest.mark.parametrize("after", ["x", "é", typed(), typed("s", "v"), typed(*"sxyz")])
    def test_what_is_none_is_refused(self, after: str) -> None:
        with pytest.raises(ValueError, match="no cursor"):
            read_cursor(after, "s", (str, str))

    def test_that_of_another_list_is_refused(self) -> None:
        with pytest.raises(ValueError, match="another list"):
            read_cursor(cursor_of("t", "v", "x"), "s", (str, str))
