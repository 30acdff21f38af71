"""更换主密钥：可中断续做，旧钥此后打不开，留痕。"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.rotate_keys import note_rotation, rewrap_keys
from engine.desk import Actor, Office, system_actor
from engine.errors import NotAllowed
from engine.store.nodes import hold_alone
from engine.store.record import verify
from engine.store.tables import AuditEntry, VaultKey
from engine.vault import Reference, Vault, VaultFault
from tests.web.cli.conftest import Wenze
from web.keys import Keys, begin_rotation, keys_in
from web.office import open_installation
from web.settings import Settings

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
CASES = ("1", "2", "3")
PLATFORM = system_actor("")


def opened(home: Path, keys: Keys | None = None) -> Office:
    return open_installation(Settings(home=home), keys)


def keep(home: Path) -> dict[str, Reference]:
    """Put one confidential value into each of three cases; return their references."""
    office = opened(home)
    with office.database.begin() as session:
        kept = {
            case_id: office.vault.put(
                session,
                authority_id="a",
                case_id=case_id,
                field="reporter_name",
                kind="reporter_name",
                value=f"举报人{case_id}",
                at=AT,
            )
            for case_id in CASES
        }
    office.database.close()
    return kept


def read(office: Office, kept: dict[str, Reference]) -> list[object]:
    with office.database.reading() as session:
        return [office.vault.open(session, one, case_id) for case_id, one in kept.items()]


def masters(office: Office) -> list[str]:
    with office.database.reading() as session:
        return sorted(session.scalars(sa.select(VaultKey.master_id)))


def recorded(office: Office) -> list[tuple[str, dict[str, object]]]:
    with office.database.reading() as session:
        rows = session.scalars(
            sa.select(AuditEntry)
            .where(AuditEntry.fact.like("keys_%"))
            .order_by(AuditEntry.sequence)
        )
        assert list(verify(session)) == []
        return [(row.fact, row.details) for row in rows]


class TestRotation:
    """Every data key is wrapped anew; what the old master key wrapped opens no more."""

    def test_values_stay_and_the_old_key_is_refused(self, staffed: Wenze, home: Path) -> None:
        kept, old = keep(home), keys_in(home)

        result = staffed("rotate-keys")

        assert result.exit_code == 0, result.output
        assert "3 data keys are wrapped by k2; k1 is gone" in result.output
        assert sorted(keys_in(home).masters) == ["k2"]
        assert (home / "keys.toml").stat().st_mode & 0o777 == 0o600
        office = opened(home)
        assert read(office, kept) == ["举报人1", "举报人2", "举报人3"]
        with pytest.raises(VaultFault, match="no master key 'k2'"), office.database.reading() as s:
            Vault(old.masters, old.current).open(s, kept["1"], "1")
        assert keys_in(home).cookies == old.cookies
        assert keys_in(home).record == old.record
        office.database.close()

    def test_it_is_on_the_record(self, staffed: Wenze, home: Path) -> None:
        keep(home)

        staffed("rotate-keys")

        office = opened(home)
        assert recorded(office) == [
            ("keys_rewrapped", {"count": 3, "master": "k2"}),
            ("keys_rotated", {"master": "k2", "dropped": ["k1"]}),
        ]
        office.database.close()

    def test_one_that_was_interrupted_goes_on(self, staffed: Wenze, home: Path) -> None:
        kept = keep(home)
        office = opened(home, begin_rotation(home))
        assert office.give(PLATFORM, rewrap_keys, most=1) == 1
        assert masters(office) == ["k1", "k1", "k2"]
        assert read(office, kept) == ["举报人1", "举报人2", "举报人3"]
        office.database.close()

        result = staffed("rotate-keys")

        assert "2 data keys are wrapped by k2" in result.output
        office = opened(home)
        assert masters(office) == ["k2", "k2", "k2"]
        assert read(office, kept) == ["举报人1", "举报人2", "举报人3"]
        office.database.close()

    def test_it_waits_until_the_platform_stands_still(self, staffed: Wenze, home: Path) -> None:
        office = opened(home)
        hold = hold_alone(office.database)

        result = staffed("rotate-keys")

        assert (result.exit_code, "Stop every node first" in result.output) == (2, True)
        assert "k1" in keys_in(home).masters
        hold.release()
        office.database.close()


class TestWhoRotates:
    """The machine's owner, from the command line: no log-in reaches it."""

    def test_no_person_does(self, staffed: Wenze, home: Path) -> None:
        assert staffed("users", "list").exit_code == 0
        office = opened(home)
        somebody = Actor("p", "", "l", is_admin=True)
        with pytest.raises(NotAllowed):
            office.give(somebody, rewrap_keys)
        with pytest.raises(NotAllowed):
            office.give(somebody, note_rotation, dropped=[])
        office.database.close()

    def test_a_key_that_is_needed_is_not_dropped(self, staffed: Wenze, home: Path) -> None:
        assert staffed("users", "list").exit_code == 0
        keep(home)
        office = opened(home, begin_rotation(home))
        with pytest.raises(ValueError, match="still needed"):
            office.give(PLATFORM, note_rotation, dropped=["k1"])
        office.database.close()
