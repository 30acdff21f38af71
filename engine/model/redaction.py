"""What never leaves in a text that is published: numbers of persons, names that are protected."""

from __future__ import annotations

import re
from collections.abc import Iterable

_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx](?![0-9])")
_MOBILE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_LANDLINE = re.compile(r"(?<![0-9])0[0-9]{2,3}-[0-9]{7,8}(?![0-9])")
_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{16,19}(?![0-9])")


def redacted(text: str) -> str:
    """Return a text without numbers of persons: identity cards, telephones, bank cards.

    Of an identity number the first six digits (the place) stay, of a mobile one the first
    three and the last two; of others nothing but asterisks.

    Source: procedures C16 公开前脱敏 (举报人、涉密、隐私); the shape of the masks is proposed.
    """
    text = _IDENTITY.sub(lambda found: f"{found[0][:6]}************", text)
    text = _MOBILE.sub(lambda found: f"{found[0][:3]}******{found[0][-2:]}", text)
    text = _LANDLINE.sub("****", text)
    return _ACCOUNT.sub("****", text)


def names_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return which of the names stand in the text, spaces between characters or not."""
    tight = "".join(text.split())
    return tuple(
        name
        for name in names
        if (bare := "".join(name.split())) and len(bare) > 1 and bare in tight
    )


def masked_name(name: str) -> str:
    """Return a name by which nobody is named: the family name and 某; 陈某 stays 陈某."""
    bare = name.strip()
    return f"{bare[:1]}某" if bare else ""


def without_names(text: str, names: Iterable[str]) -> str:
    """Return a text in which each of the names is masked, the longest first."""
    for name in sorted(set(names), key=len, reverse=True):
        if len(name.strip()) > 1:
            text = text.replace(name.strip(), masked_name(name))
    return text
