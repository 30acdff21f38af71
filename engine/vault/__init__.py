"""Confidential fields, encrypted; everything else holds only a reference."""

from __future__ import annotations

from engine.vault.vault import Reference, Vault, VaultFault, is_reference

__all__ = ["Reference", "Vault", "VaultFault", "is_reference"]
