"""Passwords: argon2id, hashed and checked outside of any transaction."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from engine.errors import Refusal

SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)


class PasswordTooWeak(Refusal):
    """A password is too short or too long to be kept."""


def hash_password(password: str) -> str:
    """Return the argon2id hash (RFC 9106, low memory: 64 MiB, about 0.15 s).

    Raises:
        PasswordTooWeak: It has fewer than 10 or more than 200 characters.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordTooWeak("password.length", shortest=SHORTEST, longest=LONGEST)
    return _hasher.hash(password)


def password_fits(hashed: str, password: str) -> bool:
    """Return whether `password` is the one that was hashed; never for an empty hash.

    An empty or broken hash costs the same time, so that nobody learns from the clock
    which accounts there are.
    """
    try:
        _hasher.verify(hashed or _nobodys(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return bool(hashed)


@cache
def _nobodys() -> str:
    """Return the hash of a password that nobody has."""
    return _hasher.hash(secrets.token_hex())
