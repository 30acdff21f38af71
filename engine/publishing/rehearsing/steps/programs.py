"""What programs did of external tasks: done, failed, ended by an error, let be tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.desk.external import ATTACHED
from engine.desk.facts import Fact
from engine.publishing.rehearsing.answers import INVENTED
from engine.store.tables import Answers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def completed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write what a program completed its task with, files by their names."""
    row = course.desk.session.get_one(Answers, str(entry.details["answers_id"]))
    files = {
        name: value["name"]
        for name, value in row.data.items()
        if isinstance(value, dict) and ATTACHED in value
    }
    others = {name: value for name, value in row.data.items() if name not in files}
    variables = course.answers(others, None, entry)
    yield {
        **_of_program(course, entry),
        **({"variables": variables} if variables else {}),
        **({"files": files} if files else {}),
    }


def failed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a program failed; what it said is not for the record, and is invented."""
    yield {
        **_of_program(course, entry),
        "fails": INVENTED,
        "retries": entry.details["retries"],
    }


def ended_by_error(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write the error with which a program ended its task; told where variables came with it."""
    if entry.details.get("variables"):
        course.unwritten(entry)
    yield {**_of_program(course, entry), "error": str(entry.details["code"])}


def renewed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write how often a task may still be tried."""
    yield {**_of_program(course, entry), "tries": entry.details["retries"]}


def _of_program(course: Course, entry: AuditEntry) -> dict[str, Any]:
    return {"program": str(entry.details["element"]), "by": course.names.of(entry.actor)}


WRITERS: Mapping[Fact, Writer] = {
    Fact.EXTERNAL_DONE: completed,
    Fact.EXTERNAL_FAILED: failed,
    Fact.EXTERNAL_ERROR: ended_by_error,
    Fact.EXTERNAL_RETRIES: renewed,
}
"""What the facts of the record mean as steps of a scenario, by subject."""
