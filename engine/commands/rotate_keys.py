"""Change the master key of the vault: wrap every data key anew, a batch at a time."""

from __future__ import annotations

from engine.desk import Desk, Fact
from engine.errors import NotAllowed

BATCH = 500
SOURCE = "SUP-014"


def rewrap_keys(desk: Desk, *, most: int = BATCH) -> int:
    """Wrap up to `most` data keys with the present master key; return how many there were.

    Given again until it returns 0. A rotation that was interrupted goes on where it stood:
    a key that bears the present master's name is not touched.

    Args:
        desk: Of the platform itself; the machine's owner gives this, from the command line.
        most: How many in one transaction, 1 or more.

    Raises:
        NotAllowed: A person asks for it.
        VaultFault: A key is wrapped by a master key that is not there any more.

    Source: SUP-014 (单独加密存储); the rotation is proposed.
    """
    _must_be_the_platform(desk)
    changed = desk.office.vault.rewrap(desk.session, most)
    if changed:
        desk.record(None, Fact.KEYS_REWRAPPED, count=changed, master=desk.office.vault.current)
    return changed


def note_rotation(desk: Desk, *, dropped: list[str]) -> None:
    """Record that no data key needs the master keys `dropped` any more, before they go.

    Raises:
        NotAllowed: A person asks for it.
        ValueError: One of them is still needed, or is the present one.
    """
    _must_be_the_platform(desk)
    needed = desk.office.vault.masters_needed(desk.session) | {desk.office.vault.current}
    if needed & set(dropped):
        raise ValueError(f"still needed: {sorted(needed & set(dropped))}")
    desk.record(None, Fact.KEYS_ROTATED, master=desk.office.vault.current, dropped=sorted(dropped))


def _must_be_the_platform(desk: Desk) -> None:
    if not desk.actor.is_system:
        raise NotAllowed("platform.not_admin", rule=SOURCE)
