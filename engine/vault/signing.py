"""What signs the anchors of the record: Ed25519 (RFC 8032)."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES = 32


class RecordKey:
    """The key that anchors are signed with; whoever keeps its public half can check them.

    Attributes:
        public: 64 hex digits.
    """

    def __init__(self, seed: bytes) -> None:
        """Use a secret of 32 bytes.

        Raises:
            ValueError: It has another length.
        """
        if len(seed) != SEED_BYTES:
            raise ValueError(f"the key of the record must have {SEED_BYTES} bytes")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw().hex()

    def sign(self, content: bytes) -> bytes:
        """Return the signature of `content`, 64 bytes."""
        return self._key.sign(content)


def has_signed(public: str, signature: bytes, content: bytes) -> bool:
    """Return whether `signature` is that of `content` by the key `public` (64 hex digits)."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True
