"""流程版本：起草、由第二人批准、停用 (SUP-051); running cases keep what they began with."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.publish_version import (
    NotPublishable,
    approve_version,
    draft_version,
    retire_version,
)
from engine.desk import Actor
from engine.errors import NotAllowed, NotFound
from engine.store.tables import ProcedureFile, VersionRow
from tests.engine.boardroom import Boardroom, draft_of

DAY = date(2026, 3, 1)
FILES = {"small/procedure.yaml": b"id: small"}


def manifest(files: dict[str, bytes] = FILES, **parts: Any) -> dict[str, object]:
    from engine.publishing.manifests import sha256  # noqa: PLC0415 -- the manifest's own digest

    return {"files": {path: sha256(content) for path, content in files.items()}, **parts}


def drafted(room: Boardroom, by: str = "设计员", *, passed: bool = True, **given: Any) -> Any:
    whole = {
        "manifest": manifest(),
        "digest": "d1",
        "files": FILES,
        "report": {"digest": given.get("digest", "d1"), "passed": passed},
        **given,
    }
    return room.give(by, draft_version, "small", **whole)


class TestDrafting:
    """A draft is kept with every byte and what its checks gave."""

    def test_versions_are_numbered_and_files_kept_once(self, room: Boardroom) -> None:
        before = len(room.all(sa.select(ProcedureFile)))
        assert (drafted(room).number, drafted(room, digest="d2").number) == (1, 2)
        assert len(room.all(sa.select(ProcedureFile))) == before + 1
        assert room.last(None, "version_drafted")["digest"] == "d2"

    def test_the_same_content_is_the_same_version_with_the_newer_report(
        self, room: Boardroom
    ) -> None:
        first = drafted(room, passed=False)
        assert drafted(room).id == first.id
        row = room.one(sa.select(VersionRow).where(VersionRow.id == first.id))
        assert row.report["passed"] is True

    @pytest.mark.parametrize(
        "given",
        [
            {"report": {"digest": "other", "passed": True}},
            {"files": {"small/procedure.yaml": b"id: other"}},
            {"files": {}},
        ],
        ids=["a report of another", "a file that differs", "a file that is missing"],
    )
    def test_what_does_not_fit_together_is_a_mistake_of_the_caller(
        self, room: Boardroom, given: dict[str, Any]
    ) -> None:
        with pytest.raises(ValueError, match="manifest"):
            drafted(room, **given)

    def test_a_part_of_the_manifest_that_lists_no_files_is_left_out(self, room: Boardroom) -> None:
        assert drafted(room, manifest=manifest(scenarios=None)).number == 1

    def test_only_designers_and_administrators(self, room: Boardroom) -> None:
        with pytest.raises(NotAllowed) as refused:
            drafted(room, by="主席")
        assert refused.value.message_id == "version.not_allowed"
        assert drafted(room, by="管理员").number == 1


class TestApproving:
    """A second person publishes what has passed; cases opened from its day on follow it."""

    def test_it_is_in_force_from_its_day(self, room: Boardroom) -> None:
        old = room.open()
        version = draft_of(room.office, room.actor("设计员"), quick=True)
        room.give("管理员", approve_version, version.id, effective_on=date(2026, 2, 10))
        assert room.last(None, "version_published")["effective_on"] == "2026-02-10"
        assert room.open().version_id == old.version_id
        room.at(2026, 2, 10)
        assert room.open().version_id == version.id
        assert room.case(old).version_id == old.version_id

    @pytest.mark.parametrize(
        ("by", "passed", "said"),
        [
            ("管理员", True, "version.second_person"),
            ("设计员", False, "version.not_passed"),
        ],
    )
    def test_what_may_not_be_published(
        self, room: Boardroom, by: str, *, passed: bool, said: str
    ) -> None:
        version = drafted(room, by=by, passed=passed)
        with pytest.raises((NotAllowed, NotPublishable)) as refused:
            room.give("管理员", approve_version, version.id, effective_on=DAY)
        assert refused.value.message_id == said

    def test_not_twice_not_elsewhere_and_not_by_a_designer(self, room: Boardroom) -> None:
        version = drafted(room)
        with pytest.raises(NotAllowed):
            room.give("设计员", approve_version, version.id, effective_on=DAY)
        with pytest.raises(NotFound):
            room.office.give(
                Actor("system", "elsewhere"), approve_version, version.id, effective_on=DAY
            )
        room.give("管理员", approve_version, version.id, effective_on=DAY)
        with pytest.raises(NotPublishable) as refused:
            room.give("管理员", approve_version, version.id, effective_on=DAY)
        assert refused.value.message_id == "version.not_draft"


class TestRetiring:
    """Out of use for new cases; running ones finish by it."""

    def test_a_published_one_is_retired_once(self, room: Boardroom) -> None:
        case = room.open()
        room.give("管理员", retire_version, case.version_id, reasons="有误。")
        assert room.last(None, "version_retired")["reasons"] == "有误。"
        room.do("承办甲", case, "ut_inquire", facts_found="停产。")
        with pytest.raises(NotPublishable) as refused:
            room.give("管理员", retire_version, case.version_id, reasons="有误。")
        assert refused.value.message_id == "version.not_published"
