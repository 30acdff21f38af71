"""What the things of the record are called in code.

Ids are UUIDv7 as text and made by the store; keys and codes are words that a
procedure's folder gives.
"""

from __future__ import annotations

from typing import NewType

AuthorityId = NewType("AuthorityId", str)
PersonId = NewType("PersonId", str)
UnitId = NewType("UnitId", str)
PostId = NewType("PostId", str)

VersionId = NewType("VersionId", str)
CaseId = NewType("CaseId", str)
WorkItemId = NewType("WorkItemId", str)
ParticipantId = NewType("ParticipantId", str)
DeadlineId = NewType("DeadlineId", str)
CardId = NewType("CardId", str)
ConflictId = NewType("ConflictId", str)
FilingId = NewType("FilingId", str)
MotionId = NewType("MotionId", str)
OpinionId = NewType("OpinionId", str)
DecisionId = NewType("DecisionId", str)
SanctionId = NewType("SanctionId", str)
DocumentId = NewType("DocumentId", str)
ServiceId = NewType("ServiceId", str)
MessageId = NewType("MessageId", str)
AuditEntryId = NewType("AuditEntryId", str)
IncidentId = NewType("IncidentId", str)

ProcedureKey = NewType("ProcedureKey", str)
"""A procedure's folder name, such as ``corporate-accountability``."""
DeadlineKey = NewType("DeadlineKey", str)
"""A deadline's key in ``procedure.yaml``, such as ``DL-CA-3``."""
RoleKey = NewType("RoleKey", str)
"""A role's name, such as ``supervisory_board``."""
MeasureCode = NewType("MeasureCode", str)
"""A measure's code (procedures §0.7), such as ``talk_admonish``."""
ElementId = NewType("ElementId", str)
"""An element's id in a diagram, such as ``ut_decide``."""
