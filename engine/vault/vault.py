"""The vault: one data key a case, wrapped by a master key; AES-256-GCM throughout."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, TypedDict, TypeGuard

import orjson
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.errors import Fault, NotFound
from engine.store.tables import VaultField, VaultKey, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

NONCE = 12
KEY_BYTES = 32
ALGORITHM = "aes256gcm"

Reference = TypedDict("Reference", {"$vault": str})
"""What stands in state, answers, audit, logs and messages in place of the value."""


class VaultFault(Fault):
    """A confidential value cannot be read: wrong key, moved or altered cipher text."""


def is_reference(value: object) -> TypeGuard[Reference]:
    """Return whether `value` stands for a confidential one."""
    return isinstance(value, dict) and set(value) == {"$vault"} and isinstance(value["$vault"], str)


class Vault:
    """Keeps confidential values of cases.

    Case, field and id are bound into each cipher text as associated data, so that
    one that is moved to another case or field no longer opens.
    """

    def __init__(self, masters: Mapping[str, bytes], current: str) -> None:
        """Use the master keys `masters` and wrap new data keys with `current`.

        Raises:
            ValueError: `current` is not among them, or a key has not 32 bytes.
        """
        if current not in masters:
            raise ValueError(f"there is no master key {current!r}")
        for name, key in masters.items():
            if len(key) != KEY_BYTES:
                raise ValueError(f"master key {name!r} must have {KEY_BYTES} bytes")
        self._masters = {name: AESGCM(key) for name, key in masters.items()}
        self._current = current

    def put(
        self,
        session: Session,
        *,
        authority_id: str,
        case_id: str,
        field: str,
        kind: str,
        value: object,
        at: datetime,
    ) -> Reference:
        """Encrypt `value` (JSON) and return its reference.

        Args:
            session: The command's session; the row is written in its transaction.
            authority_id: Who owns the case.
            case_id: The case it belongs to.
            field: The form's field, such as ``reporter.name``.
            kind: Who may look: ``reporter`` or another name that a form gives.
            value: What to keep.
            at: The present instant.
        """
        data_key = self._data_key(session, authority_id, case_id, at)
        field_id = new_id()
        nonce = secrets.token_bytes(NONCE)
        cipher = data_key.encrypt(nonce, orjson.dumps(value), _bound(case_id, field, field_id))
        session.add(
            VaultField(
                id=field_id,
                authority_id=authority_id,
                case_id=case_id,
                field=field,
                kind=kind,
                cipher=nonce + cipher,
                made_at=at,
            )
        )
        return {"$vault": field_id}

    def kind_of(self, session: Session, reference: Reference, case_id: str) -> tuple[str, str]:
        """Return the kind and the field of what `reference` stands for.

        Raises:
            NotFound: The case holds no such value.
        """
        row = self._field(session, reference, case_id)
        return row.kind, row.field

    def open(self, session: Session, reference: Reference, case_id: str) -> object:
        """Return the value. The caller has authorised and recorded the look.

        Raises:
            NotFound: The case holds no such value, or its key was destroyed.
            VaultFault: The cipher text does not belong here or was altered.
        """
        row = self._field(session, reference, case_id)
        key = session.scalar(sa.select(VaultKey).where(VaultKey.case_id == case_id))
        if key is None or key.wrapped is None:
            raise NotFound(row.id)
        data_key = self._unwrap(key)
        try:
            plain = data_key.decrypt(
                row.cipher[:NONCE], row.cipher[NONCE:], _bound(case_id, row.field, row.id)
            )
        except InvalidTag as tag:
            raise VaultFault(f"the value {row.id} was moved or altered") from tag
        return orjson.loads(plain)

    def shred(self, session: Session, case_id: str, at: datetime) -> None:
        """Destroy the data key of a case; its confidential values are gone for good."""
        key = session.scalar(sa.select(VaultKey).where(VaultKey.case_id == case_id))
        if key is not None:
            key.wrapped = None
            key.destroyed_at = at

    @property
    def current(self) -> str:
        """Return the name of the master key that new data keys are wrapped with."""
        return self._current

    def masters_needed(self, session: Session) -> set[str]:
        """Return the names of the master keys by which data keys are wrapped now."""
        named = sa.select(VaultKey.master_id).where(VaultKey.wrapped.is_not(None)).distinct()
        return set(session.scalars(named))

    def rewrap(self, session: Session, most: int) -> int:
        """Wrap up to `most` data keys with the current master key; return how many changed.

        Raises:
            VaultFault: One is wrapped by a master key that is not there, or that does not fit.
        """
        changed = 0
        stale = (
            sa.select(VaultKey)
            .where(VaultKey.master_id != self._current, VaultKey.wrapped.is_not(None))
            .order_by(VaultKey.id)
            .limit(most)
            .with_for_update()
        )
        for key in session.scalars(stale):
            plain = self._unwrapped(key)
            key.wrapped = self._wrapped(plain, key.case_id)
            key.master_id = self._current
            changed += 1
        return changed

    def _field(self, session: Session, reference: Reference, case_id: str) -> VaultField:
        row = session.get(VaultField, reference["$vault"])
        if row is None or row.case_id != case_id:
            raise NotFound(reference["$vault"])
        return row

    def _data_key(self, session: Session, authority_id: str, case_id: str, at: datetime) -> AESGCM:
        key = session.scalar(sa.select(VaultKey).where(VaultKey.case_id == case_id))
        if key is not None:
            return self._unwrap(key)
        plain = AESGCM.generate_key(bit_length=KEY_BYTES * 8)
        session.add(
            VaultKey(
                authority_id=authority_id,
                case_id=case_id,
                master_id=self._current,
                algorithm=ALGORITHM,
                wrapped=self._wrapped(plain, case_id),
                made_at=at,
            )
        )
        session.flush()
        return AESGCM(plain)

    def _wrapped(self, plain: bytes, case_id: str) -> bytes:
        nonce = secrets.token_bytes(NONCE)
        return nonce + self._masters[self._current].encrypt(nonce, plain, case_id.encode())

    def _unwrapped(self, key: VaultKey) -> bytes:
        if key.wrapped is None:
            raise NotFound(key.id)
        master = self._masters.get(key.master_id)
        if master is None:
            raise VaultFault(f"there is no master key {key.master_id!r}")
        try:
            return master.decrypt(key.wrapped[:NONCE], key.wrapped[NONCE:], key.case_id.encode())
        except InvalidTag as tag:
            raise VaultFault(f"the master key {key.master_id!r} does not open this case") from tag

    def _unwrap(self, key: VaultKey) -> AESGCM:
        return AESGCM(self._unwrapped(key))


def _bound(case_id: str, field: str, field_id: str) -> bytes:
    return f"{case_id}\0{field}\0{field_id}".encode()
