"""The records kept in the database; no other package owns a table."""

from __future__ import annotations

from engine.store.tables.base import Instant, Record, new_id
from engine.store.tables.cases import (
    CaseRow,
    FactRow,
    Incident,
    MessageRow,
    Participant,
    Recusal,
)
from engine.store.tables.deadlines import Card, DeadlineRow, DueRow, ExtensionRequest
from engine.store.tables.decisions import (
    BallotBox,
    DecisionRow,
    Meeting,
    MinutesSignature,
    Motion,
    OpinionRow,
    Proposal,
    SanctionRow,
)
from engine.store.tables.documents import DocumentRow, NumberAllotted, NumberSeries, ServiceRow
from engine.store.tables.handing import (
    Departure,
    DepartureItem,
    HandOver,
    HeldAnswers,
    SignatureRequest,
    Substitution,
)
from engine.store.tables.oversight import Deviation, OneTimeSecret, SealImage
from engine.store.tables.people import (
    Account,
    AuthorityRow,
    PersonRow,
    Platform,
    PostRow,
    RelationRow,
    Session,
    UnitRow,
)
from engine.store.tables.procedures import ProcedureFile, VersionRow
from engine.store.tables.record import (
    AccessBatch,
    AccessEntry,
    AuditEntry,
    AuditHead,
    Effect,
    OutboxJob,
    VaultField,
    VaultKey,
)
from engine.store.tables.standing import PersonnelRequest, Publication
from engine.store.tables.work import Answers, Attachment, Draft, InboxRow, Notice, WorkItemRow
from engine.store.tables.working_days import CalendarDay, CalendarYear

__all__ = [
    "AccessBatch",
    "AccessEntry",
    "Account",
    "Answers",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "AuthorityRow",
    "BallotBox",
    "CalendarDay",
    "CalendarYear",
    "Card",
    "CaseRow",
    "DeadlineRow",
    "DecisionRow",
    "Departure",
    "DepartureItem",
    "Deviation",
    "DocumentRow",
    "Draft",
    "DueRow",
    "Effect",
    "ExtensionRequest",
    "FactRow",
    "HandOver",
    "HeldAnswers",
    "InboxRow",
    "Incident",
    "Instant",
    "Meeting",
    "MessageRow",
    "MinutesSignature",
    "Motion",
    "Notice",
    "NumberAllotted",
    "NumberSeries",
    "OneTimeSecret",
    "OpinionRow",
    "OutboxJob",
    "Participant",
    "PersonRow",
    "PersonnelRequest",
    "Platform",
    "PostRow",
    "ProcedureFile",
    "Proposal",
    "Publication",
    "Record",
    "Recusal",
    "RelationRow",
    "SanctionRow",
    "SealImage",
    "ServiceRow",
    "Session",
    "SignatureRequest",
    "Substitution",
    "UnitRow",
    "VaultField",
    "VaultKey",
    "VersionRow",
    "WorkItemRow",
    "new_id",
]
