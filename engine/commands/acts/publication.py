"""Acts on publication: approve it or its omission, and publish (C16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.desk import Desk
from engine.desk.advance import visible
from engine.desk.publications import (
    must_be_publishable,
    must_fit_scope,
    publish,
    stated,
    withhold,
)
from engine.errors import Refusal
from engine.store.tables import CaseRow, WorkItemRow


class ApprovePublication:
    """`approve_publication`: the deciding organ approves the text, or that none is published.

    Source: SUP-009 不公开须填理由并经决定机关批准 (proposed); SUP-054.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse what could not be published as it is approved, and a refusal without reasons."""
        if answers.get("publication_approved") is True:
            seen = {**visible(desk, case, item), **answers}
            must_fit_scope(stated(item, seen), seen)
        elif not str(answers.get("publication_reasons") or "").strip():
            raise Refusal("approval.reasons_missing", rule="procedures C16")

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Keep an approved omission with its reasons; what is published waits for its own step."""
        told = stated(item, visible(desk, case, item))
        if answers.get("publication_approved") is True and told.get("publish") is False:
            withhold(desk, case, str(told.get("withheld_reasons") or ""))
        return {}


class Publish:
    """`publish`: what was approved is published in its scope, redacted.

    Source: procedures C16; S3 L59§20.
    """

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse what is not approved, out of scope, empty, or names who reported."""
        must_be_publishable(desk, case, item, {**visible(desk, case, item), **answers})

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Publish it; give `published` {id, scope, state}."""
        row = publish(desk, case, item, {**visible(desk, case, item), **answers})
        return {"published": {"id": row.id, "scope": row.scope, "state": row.state}}
