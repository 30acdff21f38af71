"""The picture of an authority's seal, which its documents show."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.errors import Refusal
from engine.store.tables import SealImage

LARGEST = 500_000
"""Bytes."""
PNG = b"\x89PNG\r\n\x1a\n"
MEDIA_TYPE = "image/png"


def set_seal(desk: Desk, content: bytes) -> SealImage:
    """Let documents that are prepared from now on show this picture as the seal.

    A picture is no electronic seal: what binds is the issuing on the record. A provider
    of electronic seals is an `engine.ports.Seals`.

    Args:
        desk: Of an administrator.
        content: A PNG of at most 500 KB, known by its bytes.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: It is no such picture.
    """
    desk.require_admin()
    if not content.startswith(PNG) or len(content) > LARGEST:
        raise Refusal("seal.type")
    row = SealImage(
        authority_id=desk.actor.authority_id,
        digest=desk.office.files.put(content),
        media_type=MEDIA_TYPE,
        uploaded_by=desk.actor.person_id,
        uploaded_at=desk.now(),
    )
    desk.session.add(row)
    desk.record(None, Fact.SEAL_UPLOADED, digest=row.digest, size=len(content))
    return row


def seal_of(desk: Desk, authority_id: str) -> bytes | None:
    """Return the picture of an authority's seal; None where there is none."""
    digest = desk.session.scalar(
        sa.select(SealImage.digest)
        .where(SealImage.authority_id == authority_id)
        .order_by(SealImage.uploaded_at.desc(), SealImage.id.desc())
        .limit(1)
    )
    return desk.office.files.get(digest) if digest is not None else None


def own_seal(desk: Desk) -> bytes | None:
    """Return the picture of the seal of the reader's authority.

    Raises:
        NotAllowed: The reader is no administrator.
    """
    desk.require_admin()
    return seal_of(desk, desk.actor.authority_id)
