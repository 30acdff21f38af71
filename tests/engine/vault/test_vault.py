from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from engine.errors import NotFound
from engine.store.database import Database
from engine.store.tables import VaultField, VaultKey
from engine.vault import Reference, Vault, VaultFault, is_reference

AT = datetime(2026, 3, 5, tzinfo=UTC)
OLD, NEW = b"o" * 32, b"n" * 32


def put(database: Database, vault: Vault, value: object, case_id: str = "1") -> Reference:
    with database.begin() as session:
        return vault.put(
            session,
            authority_id="a",
            case_id=case_id,
            field="reporter.name",
            kind="reporter",
            value=value,
            at=AT,
        )


def look(database: Database, vault: Vault, reference: Reference, case_id: str = "1") -> object:
    with database.reading() as session:
        return vault.open(session, reference, case_id)


@pytest.fixture
def vault() -> Vault:
    return Vault({"old": OLD}, "old")


class TestKeeping:
    """Confidential fields live only in an encrypted store; the rest holds a reference."""

    def test_a_value_comes_back(self, database: Database, vault: Vault) -> None:
        reference = put(database, vault, {"姓名": "林某", "phone": None})
        assert is_reference(reference)
        assert look(database, vault, reference) == {"姓名": "林某", "phone": None}

    def test_two_values_of_a_case_share_its_data_key(
        self, database: Database, vault: Vault
    ) -> None:
        first, second = put(database, vault, "甲"), put(database, vault, "乙")
        assert (look(database, vault, first), look(database, vault, second)) == ("甲", "乙")
        with database.reading() as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(VaultKey)) == 1

    def test_nothing_of_it_stands_in_the_database(self, database: Database, vault: Vault) -> None:
        put(database, vault, "LIN-SECRET")
        with database.reading() as session:
            assert b"LIN-SECRET" not in session.scalars(sa.select(VaultField.cipher)).one()

    def test_its_kind_says_who_may_look(self, database: Database, vault: Vault) -> None:
        reference = put(database, vault, "甲")
        with database.reading() as session:
            assert vault.kind_of(session, reference, "1") == ("reporter", "reporter.name")

    @pytest.mark.parametrize("value", [None, "x", {}, {"$vault": 1}, {"$vault": "x", "y": 1}])
    def test_other_things_are_no_references(self, value: object) -> None:
        assert not is_reference(value)


class TestMoving:
    """Case, field and id are bound into the cipher text."""

    def test_another_case_does_not_see_it(self, database: Database, vault: Vault) -> None:
        reference = put(database, vault, "甲")
        put(database, vault, "乙", case_id="2")
        with pytest.raises(NotFound):
            look(database, vault, reference, case_id="2")

    def test_a_cipher_text_moved_to_another_field_does_not_open(
        self, database: Database, vault: Vault
    ) -> None:
        reference = put(database, vault, "甲")
        with database.begin() as session:
            session.execute(sa.update(VaultField).values(field="subject.name"))
        with pytest.raises(VaultFault):
            look(database, vault, reference)


class TestKeys:
    """Data keys are wrapped by a master key, which can be changed; destroying one shreds."""

    def test_after_a_change_of_master_key_old_values_open_and_are_rewrapped(
        self, database: Database, vault: Vault
    ) -> None:
        reference = put(database, vault, "甲")
        both = Vault({"old": OLD, "new": NEW}, "new")
        assert look(database, both, reference) == "甲"
        with database.begin() as session:
            assert both.rewrap(session, 10) == 1
        with database.begin() as session:
            assert both.rewrap(session, 10) == 0
        assert look(database, Vault({"new": NEW}, "new"), reference) == "甲"

    def test_without_its_master_key_nothing_opens(self, database: Database, vault: Vault) -> None:
        reference = put(database, vault, "甲")
        with pytest.raises(VaultFault, match="no master key 'old'"):
            look(database, Vault({"new": NEW}, "new"), reference)
        with pytest.raises(VaultFault, match="does not open"):
            look(database, Vault({"old": NEW}, "old"), reference)

    def test_a_shredded_case_is_gone_and_takes_nothing_more(
        self, database: Database, vault: Vault
    ) -> None:
        reference = put(database, vault, "甲")
        with database.begin() as session:
            vault.shred(session, "1", AT)
            vault.shred(session, "no such case", AT)
        with pytest.raises(NotFound):
            look(database, vault, reference)
        with pytest.raises(NotFound):
            put(database, vault, "乙")

    def test_a_vault_needs_its_current_key_and_whole_keys(self) -> None:
        with pytest.raises(ValueError, match="no master key"):
            Vault({"old": OLD}, "new")
        with pytest.raises(ValueError, match="32 bytes"):
            Vault({"old": b"short"}, "old")
