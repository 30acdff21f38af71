"""Facts of the record, and kinds of steps, that need nothing written for them; and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.desk.facts import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLLOWING = frozenset(
    {
        Fact.CASE_CLOSED,
        Fact.STATUS_CHANGED,
        Fact.WORK_OPENED,
        Fact.WORK_WITHDRAWN,
        Fact.WORK_HANDED_ON,
        Fact.FACT_STATED,
        Fact.ATTACHED,
        Fact.PARTICIPANT_NAMED,
        Fact.PARTICIPANT_LEFT,
        Fact.ORGAN_REPLACED,
        Fact.CONFLICT_FOUND,
        Fact.DEADLINE_STARTED,
        Fact.DEADLINE_MET,
        Fact.DEADLINE_LAPSED,
        Fact.DEADLINE_WITHDRAWN,
        Fact.DEADLINE_RECOUNTED,
        Fact.CARD_GIVEN,
        Fact.REMINDED,
        Fact.TIMER_FIRED,
        Fact.MESSAGE_SENT,
        Fact.MESSAGE_DELIVERED,
        Fact.TABLE_CONSULTED,
        Fact.EXPRESSION_WARNED,
        Fact.PROPOSED,
        Fact.DECISION_APPROVED,
        Fact.NUMBER_ALLOTTED,
        Fact.NUMBER_EMPTY,
        Fact.SANCTION_RECORDED,
        Fact.SANCTION_ENDED,
        Fact.DECISION_SUPERSEDED,
        Fact.HEARING_CALLED,
        Fact.PUBLISHED,
        Fact.PUBLICATION_WITHHELD,
        Fact.PUBLICATION_WITHDRAWN,
        Fact.CHILD_ASKED,
        Fact.CHILD_OPENED,
        Fact.CHILD_CHANGED,
        Fact.CHILD_CLOSED,
        Fact.MATTER_TRANSFERRED,
        Fact.MATTER_COPIED,
        Fact.RECEIPT_RECORDED,
        Fact.ESCALATED,
        Fact.TOLD,
        Fact.INCIDENT_RAISED,
        Fact.SUPERVISION_UNANSWERED,
    }
)
"""What follows from a step, or from the clock, by itself."""

FALLING_DUE = frozenset({Fact.TIMER_FIRED, Fact.REMINDED, Fact.DEADLINE_LAPSED, Fact.CARD_GIVEN})
"""What the clock brings about; a part of `FOLLOWING`."""

WITHOUT_EFFECT = frozenset(
    {
        Fact.REFUSED,
        Fact.REVEALED,
        Fact.EXPORT_ORDERED,
        Fact.EXPORT_READY,
        Fact.EXPORT_STOPPED,
        Fact.INTERFERENCE_RECORDED,
        Fact.INTERFERENCE_ACKNOWLEDGED,
    }
)
"""What changes nothing in a case: who was refused, looked, took a copy out or noted something."""

NO_STEP: Mapping[Fact, str] = {
    Fact.MIGRATION_PROPOSED: "a scenario plays one version",
    Fact.MIGRATION_DECIDED: "a scenario plays one version",
    Fact.CASE_MIGRATED: "a scenario plays one version",
    Fact.INCIDENT_RESOLVED: "a repair of what should not have broken",
    Fact.SUBSTITUTION_ENDED: "a substitution of scenarios ends by its days",
    Fact.DEPARTURE_STOPPED: "the departure is carried out before anybody could stop it",
    Fact.SUPERVISION_ASKED: "of the authority above, of which a stage has none",
    Fact.SUPERVISION_ANSWERED: "of the authority above, of which a stage has none",
    Fact.CASE_PAPERS_REMOVED: "years after its end; a scenario ends before",
    Fact.CASE_RETIRED: "years after its end; a scenario ends before",
}
"""What somebody may bring about that scenarios cannot say: the designer is told. And why."""

OF_PERSONS = frozenset(
    {
        Fact.SUBSTITUTION_SET,
        Fact.SUBSTITUTION_ENDED,
        Fact.DEPARTURE_BEGUN,
        Fact.DEPARTURE_STOPPED,
        Fact.AWARD_REQUESTED,
        Fact.APPOINTMENT_REQUESTED,
    }
)
"""Facts of no case that a rehearsal's record is searched for as well."""

ELSEWHERE = frozenset(
    {
        Fact.DEPARTURE_DONE,
        Fact.ONE_TIME_CODES_CHANGED,
        Fact.SEAL_UPLOADED,
        Fact.SEAL_REMOVED,
        Fact.SEAL_PUT_BACK,
        Fact.TOKEN_CREATED,
        Fact.TOKEN_REVOKED,
        Fact.ORGANISATION_IMPORTED,
        Fact.DIAGRAM_DEPLOYED,
        Fact.NOTICE_ADDRESS_CHANGED,
        Fact.NOTICE_TEMPLATE_CHANGED,
        Fact.NOTICE_SENT_AGAIN,
        Fact.AUTHORITY_PLACED,
        Fact.SUPERVISION_GRANTED,
        Fact.SUPERVISION_ENDED,
        Fact.BATCH_STARTED,
        Fact.BATCH_STOPPED,
        Fact.BATCH_DONE,
        Fact.KEY_DESTROYED,
        Fact.VERSION_DRAFTED,
        Fact.VERSION_PUBLISHED,
        Fact.VERSION_RETIRED,
        Fact.VERSION_ROLLED_BACK,
        Fact.VERSION_DELETION_ASKED,
        Fact.VERSION_DELETION_REFUSED,
        Fact.VERSION_DELETED,
        Fact.DRAFT_BEGUN,
        Fact.DRAFT_SAVED,
        Fact.DRAFT_CHECKED,
        Fact.DRAFT_SUBMITTED,
        Fact.DRAFT_DISCARDED,
        Fact.RETIREMENT_PROPOSED,
        Fact.RETIREMENT_DECIDED,
        Fact.RETIREMENT_DONE,
        Fact.SETTING_CHANGED,
        Fact.SETTING_PROPOSED,
        Fact.SETTING_DECLINED,
        Fact.SETTING_RESTORED,
        Fact.CALENDAR_CHANGED,
        Fact.CLOCK_MOVED,
        Fact.REPORT_RECEIVED,
        Fact.REPORT_ADDED,
        Fact.REPORT_QUESTIONED,
        Fact.REPORT_SETTLED,
        Fact.KEYS_REWRAPPED,
        Fact.SEARCH_REBUILT,
        Fact.KEYS_ROTATED,
        Fact.AUTHORITY_ADDED,
        Fact.UNIT_ADDED,
        Fact.UNIT_CHANGED,
        Fact.PERSON_ADDED,
        Fact.PERSON_CHANGED,
        Fact.POST_GIVEN,
        Fact.POST_ENDED,
        Fact.ACCOUNT_CHANGED,
        Fact.LOGGED_IN,
        Fact.IDENTITY_LINKED,
        Fact.IDENTITY_UNLINKED,
        Fact.LOG_IN_FAILED,
        Fact.LOGGED_OUT,
        Fact.SIGNATURE_REFUSED,
    }
)
"""What is of the platform, the office or its people, and of no case."""

NOT_RECORDED: Mapping[str, str] = {
    "use": "parts are how an author arranges steps; a recording writes each step out",
    "serve": "another name of `do`",
    "issue": "another name of `do`",
}
"""Kinds of steps that a recording never yields, and why."""
