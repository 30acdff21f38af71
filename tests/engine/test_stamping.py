"""A time-stamping authority witnesses the daily anchor (RFC 3161)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from rfc3161_client import decode_timestamp_response

from engine.commands.anchor_record import STAMP, anchor_record
from engine.commands.keep_stamp import keep_stamp
from engine.desk import system_actor
from engine.errors import NotFound
from engine.store.anchors import imprint_of
from engine.store.tables import AnchorStamp, OutboxJob, RecordAnchor
from engine.vault import RecordKey
from scheduler.clockwork import Clockwork
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom
from tests.listening import HOST, Answer, Asked, answering
from web.server import WORKERS, workers_of
from web.settings import Settings
from web.stamping import stamper

OPENSSL = shutil.which("openssl")
TSA = """
[tsa]
default_tsa = one
[one]
serial = {home}/serial
signer_cert = {home}/tsa.pem
signer_key = {home}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """A time-stamping authority on this machine; `answer` may answer in its place."""

    home: Path
    address: str = ""
    asked: list[bytes] = field(default_factory=list)
    answer: bytes | None = None

    def stamp(self, query: bytes) -> bytes:
        self.asked.append(query)
        if self.answer is not None:
            return self.answer
        (self.home / "q.tsq").write_bytes(query)
        _openssl(
            self.home, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "q.tsq", "-out", "a.tsr"
        )
        return (self.home / "a.tsr").read_bytes()


def _openssl(home: Path, *arguments: str) -> None:
    assert OPENSSL is not None
    subprocess.run([OPENSSL, *arguments], cwd=home, check=True, capture_output=True)  # noqa: S603


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    """An authority with a certificate of its own, answering over HTTP."""
    if OPENSSL is None:
        pytest.skip("there is no openssl on this machine to play the time-stamping authority")
    home = tmp_path / "tsa"
    home.mkdir()
    (home / "serial").write_text("01")
    (home / "tsa.cnf").write_text(TSA.format(home=home))
    _openssl(
        home, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem",
        "-out", "tsa.pem", "-days", "2", "-subj", "/CN=TSA",
        "-addext", "extendedKeyUsage=critical,timeStamping",
    )  # fmt: skip
    made = Authority(home)

    def stamped(asked: Asked) -> Answer:
        assert asked.headers["Content-Type"] == "application/timestamp-query"
        return Answer(made.stamp(asked.content))

    with answering(stamped) as port:
        made.address = f"http://{HOST}:{port}/tsa"
        yield made


@pytest.fixture
def anchored(room: Boardroom) -> Boardroom:
    room.office.record_key = RecordKey(b"r" * 32)
    return room


def stamps(room: Boardroom) -> list[AnchorStamp]:
    with room.office.database.reading() as session:
        return list(session.scalars(sa.select(AnchorStamp)))


class TestStamping:
    """The stamp is over the anchor and lies beside it; nothing else waits for it."""

    def test_an_anchor_is_stamped_once(self, anchored: Boardroom, authority: Authority) -> None:
        office = anchored.office
        office.give(system_actor(""), anchor_record, stamped=True)
        workers = {STAMP: stamper(authority.address)}
        assert drain(office, workers) == 1
        assert drain(office, workers) == 0

        (stamp,) = stamps(anchored)
        with office.database.reading() as session:
            anchor = session.scalars(sa.select(RecordAnchor)).one()
        told = decode_timestamp_response(stamp.token).tst_info
        assert told.message_imprint.message == imprint_of(anchor)
        assert (stamp.number, stamp.server) == (1, authority.address)

    @pytest.mark.parametrize("answer", [b"no stamp", b""])
    def test_an_answer_that_is_no_stamp_is_tried_again(
        self, anchored: Boardroom, authority: Authority, answer: bytes
    ) -> None:
        authority.answer = answer
        anchored.office.give(system_actor(""), anchor_record, stamped=True)
        assert drain(anchored.office, {STAMP: stamper(authority.address)}) == 0
        with anchored.office.database.reading() as session:
            job = session.scalars(sa.select(OutboxJob).where(OutboxJob.kind == STAMP)).one()
        assert (job.state, job.attempts) == ("todo", 1)
        assert "NotStamped" in job.last_error
        assert stamps(anchored) == []

    def test_a_refusal_is_no_stamp(self, anchored: Boardroom, authority: Authority) -> None:
        # TimeStampResp { status rejection (2) }, as RFC 3161 §2.4.2 encodes it.
        authority.answer = bytes.fromhex("30053003020102")
        anchored.office.give(system_actor(""), anchor_record, stamped=True)
        assert drain(anchored.office, {STAMP: stamper(authority.address)}) == 0
        assert stamps(anchored) == []

    def test_the_stamp_of_another_day_is_refused(
        self, anchored: Boardroom, authority: Authority
    ) -> None:
        office = anchored.office
        office.give(system_actor(""), anchor_record, stamped=True)
        drain(office, {STAMP: stamper(authority.address)})
        authority.answer = stamps(anchored)[0].token
        anchored.clock.move_to(anchored.clock.now() + timedelta(days=1))
        office.give(system_actor(""), anchor_record, stamped=True)
        assert drain(office, {STAMP: stamper(authority.address)}) == 0
        assert len(stamps(anchored)) == 1

    def test_a_stamp_of_no_anchor_is_refused(self, anchored: Boardroom) -> None:
        with pytest.raises(NotFound):
            anchored.office.give(system_actor(""), keep_stamp, 7, server="tsa", token=b"t")


class TestByTheClock:
    """Each civil day gets one anchor, and a stamp is asked for only where there is an authority."""

    def test_a_day_is_anchored_once(self, anchored: Boardroom) -> None:
        clockwork = Clockwork(anchored.office, WORKERS)
        clockwork.keep()
        clockwork.keep()
        anchored.clock.move_to(anchored.clock.now() + timedelta(days=1))
        clockwork.keep()
        with anchored.office.database.reading() as session:
            made = list(session.scalars(sa.select(RecordAnchor).order_by(RecordAnchor.number)))
            asked = list(session.scalars(sa.select(OutboxJob).where(OutboxJob.kind == STAMP)))
        assert [(one.number, one.day.isoformat()) for one in made] == [
            (1, "2026-02-09"),
            (2, "2026-02-10"),
        ]
        assert asked == []

    def test_an_office_without_a_key_anchors_nothing(self, room: Boardroom) -> None:
        Clockwork(room.office, WORKERS).keep()
        assert room.office.give(system_actor(""), anchor_record) == 0

    def test_workers_stamp_where_an_authority_is_set(self) -> None:
        assert STAMP not in workers_of(Settings())
        assert STAMP in workers_of(Settings(timestamp_server="https://tsa.example"))
