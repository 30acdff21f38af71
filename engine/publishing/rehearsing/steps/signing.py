"""Signatures beside the holder of a step (加签, 减签), and signers of one that many sign (会签)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.desk.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from engine.publishing.rehearsing.course import Course, Writer
    from engine.store.tables import AuditEntry


def asked(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a signature was asked for."""
    step = _named("countersign", course, entry)
    yield {**step, "place": str(entry.details["place"]), **_reasons(entry)}


def given(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write a signature; what it completes follows from it."""
    course.signed_at[str(entry.details["item"])] = entry.recorded_at
    opinion = str(entry.details.get("opinion") or "")
    yield {
        "sign": str(entry.details["element"]),
        "by": course.names.of(entry.actor),
        "agrees": bool(entry.details["agrees"]),
        **({"opinion": opinion} if opinion else {}),
    }


def dropped(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that a signature is no longer asked for; what it completes follows from it."""
    course.signed_at[str(entry.details["item"])] = entry.recorded_at
    yield {**_named("drop_signature", course, entry), **_reasons(entry)}


def added(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that somebody more is to sign."""
    yield {**_named("add_signer", course, entry), **_reasons(entry)}


def removed(course: Course, entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """Write that somebody is no longer to sign."""
    yield {**_named("remove_signer", course, entry), **_reasons(entry)}


def _named(verb: str, course: Course, entry: AuditEntry) -> dict[str, Any]:
    return {
        verb: str(entry.details["element"]),
        "by": course.names.of(entry.actor),
        "person": course.names.of(str(entry.details["person"])),
    }


def _reasons(entry: AuditEntry) -> dict[str, str]:
    return {"reasons": str(entry.details["reasons"])}


WRITERS: Mapping[Fact, Writer] = {
    Fact.SIGNATURE_ASKED: asked,
    Fact.SIGNATURE_GIVEN: given,
    Fact.SIGNATURE_DROPPED: dropped,
    Fact.SIGNER_ADDED: added,
    Fact.SIGNER_REMOVED: removed,
}
