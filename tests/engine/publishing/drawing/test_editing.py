"""An edit of one place leaves every other byte of `procedure.yaml` as its author wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from engine.publishing.drawing import YamlEditRefused, with_value, without
from tests.office import PROCESSES

TEXT = """# the head
id: small
deadlines:
  # the first
  DL-A-1: {title: 一, value: 5}   # five
  DL-A-2:
    title: {zh: 二}
    value: 10
    on_expiry:
      - yellow_card

  # after them
roles: {clerk: {title: 岗}}
empty: {}
nothing:
"""


def edited(*path: str, value: object, text: str = TEXT) -> str:
    return with_value(text.encode(), path, value).decode()


class TestPutting:
    """What is there is replaced, what is not is added where it belongs."""

    def test_a_value_in_braces_is_replaced_in_its_line(self) -> None:
        text = edited("deadlines", "DL-A-1", value={"title": "一", "value": 7})
        assert "  DL-A-1: {title: 一, value: 7}   # five\n" in text
        assert text.replace("value: 7", "value: 5") == TEXT

    def test_a_block_is_replaced_and_the_comments_after_it_stay(self) -> None:
        entry = {"title": {"zh": "二"}, "value": 12}
        text = edited("deadlines", "DL-A-2", value=entry)
        assert "  DL-A-2:\n    title: {zh: 二}\n    value: 12\n\n  # after them\n" in text

    def test_an_entry_is_added_after_the_last_one(self) -> None:
        entry = {"title": {"zh": "三"}, "value": 1}
        text = edited("deadlines", "DL-A-3", value=entry)
        assert "      - yellow_card\n  DL-A-3:\n    title: {zh: 三}\n    value: 1\n" in text

    def test_into_braces_and_empty_mappings_one_is_added_within_them(self) -> None:
        assert "roles: {clerk: {title: 岗}, head: {title: 长}}\n" in edited(
            "roles", "head", value={"title": "长"}
        )
        assert "empty: {one: 1}\n" in edited("empty", "one", value=1)
        assert "nothing: {one: 1}\n" in edited("nothing", "one", value=1)

    def test_what_is_around_it_is_made(self) -> None:
        text = edited("switches", "a.b", "default", value=True)
        assert yaml.safe_load(text)["switches"] == {"a.b": {"default": True}}
        assert text.startswith(TEXT)
        text = edited("deadlines", "DL-A-1", "extension", "by", value=5)
        assert yaml.safe_load(text)["deadlines"]["DL-A-1"]["extension"] == {"by": 5}

    def test_a_file_without_a_last_line_break_gets_one(self) -> None:
        assert edited("b", value=2, text="a: 1") == "a: 1\nb: 2\n"

    @pytest.mark.parametrize("name", ["joint-office-meeting", "supervision-copy-transfer"])
    def test_every_deadline_of_shipped_procedures_can_be_changed(self, name: str) -> None:
        content = (Path(PROCESSES) / name / "procedure.yaml").read_bytes()
        data = yaml.safe_load(content)
        for key, entry in data["deadlines"].items():
            changed = with_value(content, ("deadlines", key), {**entry, "value": 99})
            meant = {**data, "deadlines": {**data["deadlines"], key: {**entry, "value": 99}}}
            assert yaml.safe_load(changed) == meant
            assert changed.count(b"#") == content.count(b"#")  # no comment is lost


class TestTakingOut:
    """An entry goes with its own lines and nothing else."""

    def test_a_block_goes_and_its_neighbours_stay(self) -> None:
        text = without(TEXT.encode(), ("deadlines", "DL-A-2")).decode()
        assert "DL-A-2" not in text
        assert "  DL-A-1: {title: 一, value: 5}   # five\n\n  # after them\n" in text

    def test_the_last_of_a_mapping_leaves_it_empty(self) -> None:
        assert "roles: {}\n" in without(TEXT.encode(), ("roles", "clerk")).decode()

    def test_what_is_not_there_cannot_be_taken_out(self) -> None:
        for path in (("deadlines", "DL-X-9"), ("none", "x"), ("id", "x")):
            with pytest.raises(YamlEditRefused):
                without(TEXT.encode(), path)


class TestRefusing:
    """What would say something else than was meant is not written."""

    @pytest.mark.parametrize("text", ["- a list", "a: [", "a: 1\r\nb: 2\r\n"])
    def test_texts_that_are_no_plain_mapping(self, text: str) -> None:
        with pytest.raises(YamlEditRefused):
            with_value(text.encode(), ("b",), 2)

    def test_a_way_that_leads_through_a_text(self) -> None:
        with pytest.raises(YamlEditRefused, match="no mapping"):
            edited("id", "x", value=1)

    def test_an_anchor_that_others_refer_to(self) -> None:
        with pytest.raises(YamlEditRefused):
            edited("a", value=2, text="a: &x 1\nb: *x\n")
