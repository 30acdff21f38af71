"""The variables of a scope are a mapping like any other, though each is decoded when it is read."""

from decimal import Decimal

import pytest

from bpmn.running.values import Values


class TestVariables:
    """What was written is read; what was deleted is gone."""

    def test_are_read_as_they_were_written(self) -> None:
        written = Values()
        written["sum"] = Decimal("1.50")

        read = Values(written.encoded())

        assert read == {"sum": Decimal("1.50")}
        assert repr(read) == "{'sum': Decimal('1.50')}"
        assert len(read) == 1

    def test_are_deleted_whether_they_were_read_or_not(self) -> None:
        values = Values({"a": 1, "b": 2})

        del values["a"]

        assert dict(values) == {"b": 2}
        assert values.encoded() == {"b": 2}
        with pytest.raises(KeyError):
            values["a"]

    def test_as_they_were_do_not_change_with_those_that_go_on(self) -> None:
        values = Values({"a": 1})
        before = values.frozen()

        values["a"] = 2

        assert before == {"a": 1}
        assert values.encoded() == {"a": 2}
