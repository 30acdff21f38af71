"""Act `archive`: the list of what goes into the archive is complete."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.desk import Desk
from engine.errors import Refusal
from engine.store.tables import CaseRow, WorkItemRow

SOURCE = "S3 L59§19"


class Archive:
    """An incomplete archive does not close a case. Source: SUP-026; S3 L59§19."""

    def check(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> None:
        """Refuse while anything on a list that the form shows is not ticked."""
        form = desk.version(case).form(item.process, item.form)
        missing = [
            str(option.get("label") or option["value"])
            for field in (form.fields() if form is not None else ())
            if field["type"] == "checklist" and isinstance(answers.get(field["key"]), list)
            for option in field.get("values") or ()
            if option["value"] not in answers[field["key"]]
        ]
        if missing or not answers:
            raise Refusal("archive.incomplete", rule=SOURCE, missing="、".join(missing))

    def apply(
        self, desk: Desk, case: CaseRow, item: WorkItemRow, answers: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """Give nothing besides the answers."""
        return {}
