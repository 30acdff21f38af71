"""The picture of an authority's seal, which its documents show."""

from __future__ import annotations

import sqlalchemy as sa

from engine.desk import Desk, Fact
from engine.desk.settings import SOURCE, note_change, optional_reasons
from engine.errors import NotFound, Refusal
from engine.model.settings import Area
from engine.store.tables import SealImage

LARGEST = 500_000
"""Bytes."""
PNG = b"\x89PNG\r\n\x1a\n"
MEDIA_TYPE = "image/png"
KEY = "seal"
NO_PICTURE = ""


def set_seal(desk: Desk, content: bytes, *, reasons: str = "") -> SealImage:
    """Let documents that are prepared from now on show this picture as the seal.

    A picture is no electronic seal: what binds is the issuing on the record. A provider
    of electronic seals is an `engine.ports.Seals`.

    Args:
        desk: Of an administrator.
        content: A PNG of at most 500 KB, known by its bytes.
        reasons: Why, in up to 500 characters; may be empty.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: It is no such picture, or the reasons are too long.
    """
    desk.require_admin()
    if not content.startswith(PNG) or len(content) > LARGEST:
        raise Refusal("seal.type")
    row = _put(desk, desk.office.files.put(content), before=_in_use(desk), reasons=reasons)
    desk.record(None, Fact.SEAL_UPLOADED, digest=row.digest, size=len(content))
    return row


def remove_seal(desk: Desk, *, reasons: str = "") -> None:
    """Let documents that are prepared from now on show no seal; the picture itself is kept.

    Raises:
        NotAllowed: The actor is no administrator.
        Refusal: There is none, or the reasons are too long.
    """
    desk.require_admin()
    digest = _in_use(desk)
    if not digest:
        raise Refusal("seal.none", rule=SOURCE)
    _put(desk, NO_PICTURE, before=digest, reasons=reasons)
    desk.record(None, Fact.SEAL_REMOVED, digest=digest)


def put_seal_back(desk: Desk, digest: str, *, reasons: str) -> None:
    """Let documents show a picture again that was the seal before.

    Args:
        desk: Of an administrator.
        digest: Of the picture, from the history of settings.
        reasons: Why, in up to 500 characters.

    Raises:
        NotAllowed: The actor is no administrator.
        NotFound: It was never the seal of this authority.
        Refusal: It is the seal already, or the reasons are too long.
    """
    desk.require_admin()
    was = sa.select(SealImage.id).where(
        SealImage.authority_id == desk.actor.authority_id, SealImage.digest == digest
    )
    before = _in_use(desk)
    if before == digest:
        raise Refusal("setting.same", rule=SOURCE)
    if desk.session.scalar(was.limit(1)) is None:
        raise NotFound(KEY)
    _put(desk, digest, before=before, reasons=reasons)
    desk.record(None, Fact.SEAL_PUT_BACK, digest=digest)


def seal_of(desk: Desk, authority_id: str) -> bytes | None:
    """Return the picture of an authority's seal; None where there is none."""
    digest = _digest_of(desk, authority_id)
    return desk.office.files.get(digest) if digest else None


def own_seal(desk: Desk) -> bytes | None:
    """Return the picture of the seal of the reader's authority.

    Raises:
        NotAllowed: The reader is no administrator.
    """
    desk.require_admin()
    return seal_of(desk, desk.actor.authority_id)


def _digest_of(desk: Desk, authority_id: str) -> str:
    """Return the digest of the picture in use; empty where there is none."""
    newest = (
        sa.select(SealImage.digest)
        .where(SealImage.authority_id == authority_id)
        .order_by(SealImage.uploaded_at.desc(), SealImage.id.desc())
        .limit(1)
    )
    return desk.session.scalar(newest) or NO_PICTURE


def _in_use(desk: Desk) -> str:
    """Return the digest of the picture in use, which nobody else changes before this command."""
    desk.hold_record()
    return _digest_of(desk, desk.actor.authority_id)


def _put(desk: Desk, digest: str, *, before: str, reasons: str) -> SealImage:
    """Let a picture, or none, be the seal from now on, and keep the change."""
    row = SealImage(
        authority_id=desk.actor.authority_id,
        digest=digest,
        media_type=MEDIA_TYPE,
        uploaded_by=desk.actor.person_id,
        uploaded_at=desk.now(),
    )
    desk.session.add(row)
    note_change(
        desk,
        Area.SEAL,
        KEY,
        old={"digest": before},
        new={"digest": digest},
        reasons=optional_reasons(reasons),
    )
    return row
