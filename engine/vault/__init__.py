"""Confidential fields, encrypted; everything else holds only a reference."""

from __future__ import annotations

from engine.vault.signing import RecordKey, has_signed
from engine.vault.vault import Reference, Vault, VaultFault, is_reference

__all__ = ["RecordKey", "Reference", "Vault", "VaultFault", "has_signed", "is_reference"]
