"""One person for every role and every relation to one case, and what each of them owns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from engine.commands.organise import add_person, give_post, open_account
from engine.store.tables import (
    Account,
    ApiToken,
    Batch,
    CaseRow,
    CopyRow,
    Export,
    Notice,
    Participant,
    PostRow,
    Recusal,
    SavedFilter,
    ServiceRow,
    Substitution,
    WorkItemRow,
    new_id,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.desk import Desk

EMPLOYEE = "employee"
"""Somebody with a log-in and without a post."""
ADMIN = "platform_admin"
ROLES = (
    EMPLOYEE,
    "intake_clerk",
    "verifier",
    "investigator_pool",
    "supervisory_board",
    "supervisory_chair",
    "appointing_authority",
    "board_of_directors",
    "archivist",
    "supervision_officer",
    "protection_officer",
    "personnel_officer",
    "process_designer",
    ADMIN,
)
RELATIONS = (
    "none",
    "participant",
    "handler",
    "recused",
    "subject",
    "reporter",
    "other",
    "superior",
)
"""`participant` is a member of the investigation; `other` holds the post at another authority,
`superior` at the one above, which has been granted the view of the case."""
PARTS = {"participant": "investigator", "subject": "subject", "reporter": "reporter"}


@dataclass(frozen=True)
class Persona:
    """Somebody who holds a role and stands in a relation to the case."""

    role: str
    relation: str
    account_id: str
    own: dict[str, str] = field(default_factory=dict)


def persona(
    desk: Desk, role: str, relation: str, cases: Sequence[CaseRow], document_id: str
) -> Persona:
    """Put somebody into the authority of `desk`, and into `relation` to the cases."""
    person = add_person(desk, f"{role} {relation}")
    if role != EMPLOYEE:
        give_post(desk, person.id, role, valid_from=date(2020, 1, 1))
    account = open_account(
        desk, person.id, f"{role}-{relation}-{desk.actor.authority_id[-4:]}", is_admin=role == ADMIN
    )
    desk.session.flush()
    for case in cases:
        _relate(desk, relation, case, person.id, document_id)
    return Persona(role, relation, account.id, _belongings(desk, cases[0], person.id, account))


def _relate(desk: Desk, relation: str, case: CaseRow, person_id: str, document_id: str) -> None:
    here: dict[str, Any] = {"authority_id": case.authority_id, "case_id": case.id}
    now = desk.now()
    if relation in PARTS:
        desk.session.add(
            Participant(**here, person_id=person_id, role=PARTS[relation], since_at=now)
        )
    if relation == "handler":
        desk.session.add(
            WorkItemRow(
                **here,
                item=new_id(),
                kind="user",
                process="corporate-accountability",
                element="ut_screen",
                name="查重、分流",
                role="intake_clerk",
                state="done",
                opened_at=now,
                completed_by=person_id,
                completed_at=now,
            )
        )
    if relation == "recused":
        desk.session.add(
            Recusal(
                **here,
                person_id=person_id,
                kind="declared",
                state="granted",
                reasons="亲属",
                requested_by=person_id,
                requested_at=now,
            )
        )
    if relation == "subject":
        desk.session.add(
            Notice(
                **here,
                person_id=person_id,
                key="told",
                text={"zh": "告知", "en": "Told"},
                sent_at=now,
            )
        )
        desk.session.add(
            ServiceRow(
                **here,
                document_id=document_id,
                person_id=person_id,
                addressee="当事人",
                way="direct",
                received_on=desk.today(),
                recorded_by=person_id,
                recorded_at=now,
            )
        )


def _belongings(desk: Desk, case: CaseRow, person_id: str, account: Account) -> dict[str, str]:
    """Return the ids of things that are this person's own, by the names of routes."""
    at: dict[str, Any] = {"authority_id": desk.actor.authority_id}
    now = desk.now()
    batch = Batch(
        **at, kind="remind", ordered_by=person_id, account_id=account.id, ordered_at=now, total=1
    )
    kept = SavedFilter(**at, owner_id=person_id, name="我的", saved_at=now)
    copy = CopyRow(
        authority_id=case.authority_id,
        case_id=case.id,
        person_id=person_id,
        sent_by=person_id,
        sent_at=now,
    )
    deputy = Substitution(
        **at,
        person_id=person_id,
        deputy_id=person_id,
        valid_from=date(2027, 1, 1),
        valid_to=date(2027, 1, 2),
        reasons="出差",
        made_by=person_id,
        made_at=now,
    )
    view = SavedFilter(**at, owner_id=person_id, of="ledger", name="台账", saved_at=now)
    export = Export(
        **at,
        kind="ledger",
        reason="核对",
        ordered_by=person_id,
        account_id=account.id,
        ordered_at=now,
    )
    token = ApiToken(
        **at,
        account_id=account.id,
        name="程序",
        digest=new_id(),
        scopes=[],
        made_by=person_id,
        made_at=now,
        expires_at=now + timedelta(days=9),
    )
    desk.session.add_all([batch, kept, copy, deputy, view, export, token])
    desk.session.flush()
    return {
        "batch_id": batch.id,
        "filter_id": kept.id,
        "copy_id": copy.id,
        "substitution_id": deputy.id,
        "view_id": view.id,
        "export_id": export.id,
        "token_id": token.id,
    }


def post_of(desk: Desk, person_id: str) -> str:
    """Return the id of a post that this person holds."""
    row = PostRow(
        authority_id=desk.actor.authority_id,
        person_id=person_id,
        role="guest",
        valid_from=date(2020, 1, 1),
    )
    desk.session.add(row)
    desk.session.flush()
    return row.id
