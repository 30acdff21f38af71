"""Who may do what to a case: one table, deny by default."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Relation(StrEnum):
    """What somebody is to a case."""

    SYSTEM = "system"
    """The platform itself: sweeps and deliveries."""
    ADMINISTRATOR = "administrator"
    """Administers the platform of the case's authority; sees no content."""
    OFFICER = "officer"
    """Holds, today and at the case's authority, a role of the case's procedure."""
    CANDIDATE = "candidate"
    """May take one of the case's open work items, or holds one."""
    HANDLER = "handler"
    """Has acted on the case, or takes part in its investigation."""
    TEAM = "team"
    """Has a part in the investigation or the review of the case."""
    INTAKE = "intake_clerk"
    """Receives clues at the case's authority."""
    PROTECTION = "protection_officer"
    """Protects reporters at the case's authority."""
    SUPERVISION = "supervision_officer"
    """Watches over deadlines and traces at the case's authority."""
    SUPERIOR = "superior"
    """Watches over lower authorities at one above, which the case's authority lets watch."""
    WORKER = "external_worker"
    """A program that does external tasks at the case's authority."""
    SUBJECT = "subject"
    """The person whose accountability is in question."""
    REPORTER = "reporter"
    """The person who reported."""


class Right(StrEnum):
    """What may be done to a case; a command names the one it needs."""

    SEE = "see"
    """The case's page: status, deadlines, timeline."""
    SEE_FILE = "see_file"
    """The file: answers, list of attachments, documents in draft."""
    SEE_INVESTIGATION = "see_investigation"
    """What the investigation gathered: its evidence and the answers of its confidential steps."""
    SEE_DEFENCE = "see_defence"
    """What the subject handed in for the defence or the appeal."""
    SEE_OWN = "see_own"
    """One's own notices, served documents, filings and the status."""
    WORK = "work"
    """Take and complete a work item; who may take which is looked at there."""
    FILE = "file"
    """File something that the case waits for, for oneself."""
    FILE_FOR = "file_for"
    """File on paper for a participant."""
    REQUEST = "request"
    """Ask for a recusal; declare an interest."""
    EXTEND = "extend"
    """Ask that a deadline be extended."""
    DECIDE = "decide"
    """Decide on a request; the procedure's rule says which role."""
    WITHDRAW = "withdraw"
    """Propose or approve that the case is withdrawn."""
    MERGE = "merge"
    """Close a clue as a duplicate of an earlier one."""
    CORRECT = "correct"
    """Draft, issue or serve a correction of a served document; each looks at more."""
    MOVE = "move"
    """Stop a case or let it go on; the procedure says who."""
    JUMP = "jump"
    """Take work elsewhere in its diagram; the procedure says which roles."""
    REVEAL_REPORTER = "reveal_reporter"
    """Look at the reporter's identity, with a reason."""
    REVEAL = "reveal"
    """Look at another confidential value, with a reason."""
    REPAIR = "repair"
    """Retry what an incident stopped."""
    MIGRATE = "migrate"
    """Propose or decide that a running case goes on in another version."""
    WATCH = "watch"
    """Traces and deadlines, for supervision."""
    OVERSEE = "oversee"
    """From above, as granted: steps and deadlines, no file and no names; ask, and be answered."""
    ANSWER = "answer"
    """Answer what an authority above asks about the case."""
    SERVE = "serve"
    """Do the external tasks of a case, with the variables that they see."""
    ADVANCE = "advance"
    """What the platform does by itself: timers, marks, messages."""


_R = Relation
RIGHTS: Mapping[Right, frozenset[Relation]] = MappingProxyType(
    {
        Right.SEE: frozenset({_R.OFFICER, _R.CANDIDATE, _R.HANDLER, _R.SUPERVISION, _R.SYSTEM}),
        Right.SEE_FILE: frozenset({_R.CANDIDATE, _R.HANDLER, _R.TEAM}),
        Right.SEE_INVESTIGATION: frozenset({_R.TEAM}),
        Right.SEE_DEFENCE: frozenset({_R.TEAM, _R.CANDIDATE}),
        Right.SEE_OWN: frozenset({_R.SUBJECT, _R.REPORTER}),
        Right.WORK: frozenset({_R.CANDIDATE, _R.SYSTEM}),
        Right.FILE: frozenset({_R.SUBJECT, _R.REPORTER, _R.CANDIDATE, _R.HANDLER, _R.OFFICER}),
        Right.FILE_FOR: frozenset({_R.CANDIDATE, _R.HANDLER, _R.INTAKE}),
        Right.REQUEST: frozenset({_R.OFFICER, _R.CANDIDATE, _R.HANDLER, _R.SUBJECT}),
        Right.EXTEND: frozenset({_R.CANDIDATE, _R.HANDLER}),
        Right.DECIDE: frozenset({_R.OFFICER, _R.CANDIDATE}),
        Right.WITHDRAW: frozenset({_R.OFFICER}),
        Right.MERGE: frozenset({_R.INTAKE}),
        Right.CORRECT: frozenset({_R.HANDLER, _R.TEAM, _R.CANDIDATE}),
        Right.MOVE: frozenset({_R.OFFICER}),
        Right.JUMP: frozenset({_R.OFFICER, _R.ADMINISTRATOR}),
        Right.REVEAL_REPORTER: frozenset({_R.INTAKE, _R.PROTECTION}),
        Right.REVEAL: frozenset({_R.CANDIDATE, _R.HANDLER}),
        Right.REPAIR: frozenset({_R.ADMINISTRATOR, _R.SYSTEM}),
        Right.MIGRATE: frozenset({_R.ADMINISTRATOR}),
        Right.WATCH: frozenset({_R.SUPERVISION, _R.SYSTEM}),
        Right.OVERSEE: frozenset({_R.SUPERIOR}),
        Right.ANSWER: frozenset({_R.CANDIDATE, _R.HANDLER, _R.SUPERVISION}),
        Right.SERVE: frozenset({_R.WORKER, _R.SYSTEM}),
        Right.ADVANCE: frozenset({_R.SYSTEM}),
    }
)
"""Sources: supervision.md, matrix of rights; SUP-014, SUP-016, SUP-042, SUP-062,
SUP-068; the rest proposed."""

OUTSIDERS = frozenset({_R.SUBJECT, _R.REPORTER})
"""Who has a matter of their own in the case; a recusal takes none of that away."""

VISIBLE_TO = (
    RIGHTS[Right.SEE]
    | RIGHTS[Right.SEE_OWN]
    | RIGHTS[Right.WATCH]
    | RIGHTS[Right.REPAIR]
    | RIGHTS[Right.OVERSEE]
    | RIGHTS[Right.SERVE]
)
"""Who is told "you may not"; to everybody else there is no such case."""


def permits(right: Right, relations: frozenset[Relation]) -> bool:
    """Return whether one of `relations` gives `right`."""
    return not RIGHTS[right].isdisjoint(relations)
