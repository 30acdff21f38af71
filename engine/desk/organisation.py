"""Accounts, units and persons as the changes of settings keep them (更改历史)."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk.desk import Desk
from engine.desk.settings import SOURCE, note_change, optional_reasons
from engine.errors import NotAllowed, Refusal
from engine.model.settings import Area
from engine.store.tables import Account, PersonRow, Session, UnitRow

LONGEST_NAME = 100
HOW = "how"
"""In a change of an account: what was done that no earlier state can tell."""


def account_state(account: Account) -> dict[str, object]:
    """Return what a log-in may, as its changes keep it: never its password, nor a digest of it."""
    return {
        "person": account.person_id,
        "name": account.name,
        "active": account.is_active,
        "admin": account.is_admin,
    }


def unit_state(desk: Desk, unit: UnitRow) -> dict[str, object]:
    """Return a unit as its changes keep it: its name, the unit above, the day of closing."""
    above = desk.session.get(UnitRow, unit.parent_id) if unit.parent_id is not None else None
    return {
        "name": unit.name,
        "parent": unit.parent_id,
        "above": above.name if above is not None else "",
        "closed": unit.closed_on.isoformat() if unit.closed_on is not None else None,
    }


def person_state(desk: Desk, person: PersonRow) -> dict[str, object]:
    """Return a person as the changes keep one: the unit with its name of today, the title."""
    unit = desk.session.get(UnitRow, person.unit_id) if person.unit_id is not None else None
    return {
        "person": person.id,
        "title": person.title,
        "unit": person.unit_id,
        "belongs": unit.name if unit is not None else "",
    }


def put_account(
    desk: Desk, account: Account, *, is_active: bool, is_admin: bool, reasons: str = ""
) -> bool:
    """Let a log-in stand open or closed, with or without the rights of an administrator.

    Closing it ends its open sessions. The caller puts it on the record.

    Args:
        desk: Of an administrator.
        account: A log-in of the authority, locked.
        is_active: Whether it lets anybody in.
        is_admin: Whether it administers the platform of the authority.
        reasons: Why, in up to 500 characters; may be empty.

    Returns:
        Whether this changed anything.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: It is the actor's own and would lose something, by which the last
            administrator could lock everybody out; or the reasons are too long.
    """
    desk.require_admin()
    loses = (account.is_active and not is_active) or (account.is_admin and not is_admin)
    if loses and account.id == desk.actor.account_id:
        raise Refusal("account.own", rule=SOURCE, name=account.name)
    old = account_state(account)
    account.is_active, account.is_admin = is_active, is_admin
    if not is_active:
        end_sessions(desk, account)
    new = account_state(account)
    if new == old:
        return False
    note_account(desk, account, old=old, new=new, reasons=reasons)
    return True


def note_account(
    desk: Desk,
    account: Account,
    *,
    old: dict[str, object],
    new: dict[str, object],
    reasons: str = "",
) -> None:
    """Keep a change of a log-in among the changes of settings.

    Raises:
        NotAllowed: The platform acts for no authority, so nobody's history could show it.
        Refusal: The reasons are too long.
    """
    if not desk.actor.authority_id:
        raise NotAllowed("platform.not_admin")
    note_change(desk, Area.ACCOUNT, account.id, old=old, new=new, reasons=optional_reasons(reasons))


def end_sessions(desk: Desk, account: Account) -> None:
    """End every open session of a log-in."""
    desk.session.execute(sa.delete(Session).where(Session.account_id == account.id))


def unit_name(name: str) -> str:
    """Return what a unit is to be called, without white space around it.

    Raises:
        Refusal: It is empty, or longer than 100 characters.
    """
    return _called(name, Refusal("unit.name", rule=SOURCE, most=LONGEST_NAME))


def person_name(name: str) -> str:
    """Return what a person is to be called, without white space around it.

    Raises:
        Refusal: It is empty, or longer than 100 characters.
    """
    return _called(name, Refusal("person.name", rule=SOURCE, most=LONGEST_NAME))


def person_title(title: str) -> str:
    """Return what a person's post is to be called, without white space around it.

    Raises:
        Refusal: It is longer than 100 characters.
    """
    return _called(title, Refusal("person.title", rule=SOURCE, most=LONGEST_NAME), least=0)


def _called(text: str, refusal: Refusal, *, least: int = 1) -> str:
    """Return a name without white space around it, or raise what refuses its length."""
    called = text.strip()
    if not least <= len(called) <= LONGEST_NAME:
        raise refusal
    return called


def must_be_open(unit: UnitRow) -> UnitRow:
    """Return a unit that takes in people, posts and units.

    Raises:
        Refusal: It is closed.
    """
    if unit.closed_on is not None:
        raise Refusal("unit.closed", rule=SOURCE, name=unit.name, day=unit.closed_on.isoformat())
    return unit
