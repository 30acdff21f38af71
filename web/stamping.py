"""Asks a time-stamping authority (RFC 3161) to witness the anchors of the record."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    decode_timestamp_response,
)

from engine.commands.keep_stamp import keep_stamp
from engine.desk import system_actor
from engine.errors import NotFound
from engine.store.anchors import canonical_of
from engine.store.tables import RecordAnchor

if TYPE_CHECKING:
    from engine.desk import Office
    from engine.store.outbox import Job
    from scheduler import Worker

SECONDS = 20
LARGEST = 64 * 1024
GRANTED = frozenset({PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS})


class NotStamped(Exception):
    """The authority's answer is no stamp of what it was asked for; the job is tried again."""


def stamper(server: str) -> Worker:
    """Return the worker that has anchors stamped by the authority at `server`.

    The address is the operator's own setting, never a user's text. The answer must be
    granted and bear the digest and the nonce that were sent; whether the authority's
    certificate is to be trusted is for whoever verifies the stamp, years later.
    """

    def stamp(office: Office, job: Job) -> None:
        number = int(job.payload["number"])
        with office.database.reading() as session:
            anchor = session.get(RecordAnchor, number)
            if anchor is None:
                raise NotFound(str(number))
            canonical = canonical_of(anchor)
        token = _ask(server, canonical)
        office.give(system_actor(""), keep_stamp, number, server=server, token=token)

    return stamp


def _ask(server: str, content: bytes) -> bytes:
    """Return the authority's answer for `content`, DER.

    Raises:
        OSError: It cannot be reached.
        NotStamped: It refused, or answered for something else.
    """
    asked = TimestampRequestBuilder().data(content).hash_algorithm(HashAlgorithm.SHA256).build()
    request = urllib.request.Request(  # noqa: S310 -- http(s) only, by the settings
        server, asked.as_bytes(), {"Content-Type": "application/timestamp-query"}
    )
    with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
        answer: bytes = response.read(LARGEST)
    try:
        stamp = decode_timestamp_response(answer)
        granted = PKIStatus(stamp.status) in GRANTED
        told = stamp.tst_info if granted else None
    except ValueError as broken:
        raise NotStamped(f"{server} did not answer with a stamp: {broken}") from broken
    if told is None:
        raise NotStamped(f"{server} refused: {', '.join(stamp.status_string)}")
    imprint, wanted = told.message_imprint, asked.message_imprint
    if (imprint.message, told.nonce) != (wanted.message, asked.nonce):
        raise NotStamped(f"{server} stamped something else")
    return answer
