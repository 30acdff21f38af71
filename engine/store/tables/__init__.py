"""The records kept in the database; no other package owns a table."""

from __future__ import annotations

from engine.store.tables.accompanying import (
    Batch,
    BatchItem,
    CommentRow,
    CopyRow,
    Interference,
    OwnNote,
    ReminderRow,
    SavedFilter,
    Suspension,
)
from engine.store.tables.anchors import AnchorLeaf, AnchorStamp, RecordAnchor, RecordCheck
from engine.store.tables.base import Instant, Record, new_id
from engine.store.tables.camunda import CamundaDefinition, CamundaDeployment, ExternalTask
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
from engine.store.tables.drafts import DraftCheck, DraftFile, DraftRehearsal, ProcedureDraft
from engine.store.tables.exports import Export
from engine.store.tables.handing import (
    Departure,
    DepartureItem,
    HandOver,
    HeldAnswers,
    SignatureRequest,
    Substitution,
)
from engine.store.tables.linked import Dunning, Escalation, LinkedCase, Transfer
from engine.store.tables.notifying import (
    NoticeAddress,
    NoticeAddressProof,
    NoticeDelivery,
    NoticePreference,
    NoticeTemplate,
    SearchEntry,
)
from engine.store.tables.oversight import Deviation, OneTimeSecret, SealImage
from engine.store.tables.people import (
    Account,
    AuthorityRow,
    Identity,
    PersonRow,
    Platform,
    PostRow,
    RelationRow,
    Session,
    UnitRow,
)
from engine.store.tables.procedures import ProcedureFile, VersionRow
from engine.store.tables.programs import ApiToken, KeptAnswer
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
from engine.store.tables.reports import FilingDraft, Report, ReportFile, ReportMessage
from engine.store.tables.retiring import PackedPaper, Retirement, RetirementItem
from engine.store.tables.settings import SettingChange
from engine.store.tables.standing import PersonnelRequest, Publication
from engine.store.tables.supervising import SupervisionGrant, SupervisionNotice
from engine.store.tables.work import Answers, Attachment, Draft, InboxRow, Notice, WorkItemRow
from engine.store.tables.working_days import CalendarDay, CalendarYear

__all__ = [
    "AccessBatch",
    "AccessEntry",
    "Account",
    "AnchorLeaf",
    "AnchorStamp",
    "Answers",
    "ApiToken",
    "Attachment",
    "AuditEntry",
    "AuditHead",
    "AuthorityRow",
    "BallotBox",
    "Batch",
    "BatchItem",
    "CalendarDay",
    "CalendarYear",
    "CamundaDefinition",
    "CamundaDeployment",
    "Card",
    "CaseRow",
    "CommentRow",
    "CopyRow",
    "DeadlineRow",
    "DecisionRow",
    "Departure",
    "DepartureItem",
    "Deviation",
    "DocumentRow",
    "Draft",
    "DraftCheck",
    "DraftFile",
    "DraftRehearsal",
    "DueRow",
    "Dunning",
    "Effect",
    "Escalation",
    "Export",
    "ExtensionRequest",
    "ExternalTask",
    "FactRow",
    "FilingDraft",
    "HandOver",
    "HeldAnswers",
    "Identity",
    "InboxRow",
    "Incident",
    "Instant",
    "Interference",
    "KeptAnswer",
    "LinkedCase",
    "Meeting",
    "MessageRow",
    "MinutesSignature",
    "Motion",
    "Notice",
    "NoticeAddress",
    "NoticeAddressProof",
    "NoticeDelivery",
    "NoticePreference",
    "NoticeTemplate",
    "NumberAllotted",
    "NumberSeries",
    "OneTimeSecret",
    "OpinionRow",
    "OutboxJob",
    "OwnNote",
    "PackedPaper",
    "Participant",
    "PersonRow",
    "PersonnelRequest",
    "Platform",
    "PostRow",
    "ProcedureDraft",
    "ProcedureFile",
    "Proposal",
    "Publication",
    "Record",
    "RecordAnchor",
    "RecordCheck",
    "Recusal",
    "RelationRow",
    "ReminderRow",
    "Report",
    "ReportFile",
    "ReportMessage",
    "Retirement",
    "RetirementItem",
    "SanctionRow",
    "SavedFilter",
    "SealImage",
    "SearchEntry",
    "ServiceRow",
    "Session",
    "SettingChange",
    "SignatureRequest",
    "Substitution",
    "SupervisionGrant",
    "SupervisionNotice",
    "Suspension",
    "Transfer",
    "UnitRow",
    "VaultField",
    "VaultKey",
    "VersionRow",
    "WorkItemRow",
    "new_id",
]
