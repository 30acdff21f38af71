"""邮箱确认：改了地址，先发确认码；填对之前，旧地址照用，新地址一封也不发。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from engine.commands.notice_preferences import (
    drop_notice_address,
    prove_notice_address,
    set_notice_address,
    try_notice_address,
)
from engine.desk.views.notifying import own_wishes
from engine.errors import NotFound
from engine.model.notifying import Channel
from engine.store.tables import (
    Account,
    AuditEntry,
    NoticeAddress,
    NoticeAddressProof,
    OutboxJob,
    VaultField,
)
from scheduler.channels import MailServer, Outgoing
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom, refused
from tests.engine.commands.outward import WORKERS
from tests.listening import HOST
from tests.scheduler.channels import receivers
from tests.scheduler.channels.receivers import Kept, code_in

WHO = "承办乙"


@pytest.fixture
def post(room: Boardroom) -> Iterator[Kept]:
    """A mail server that the boardroom sends by."""
    with receivers.mail() as kept:
        server = MailServer(HOST, kept.port, "none", sender="w@a.gov.cn", domains=("a.gov.cn",))
        room.office.channels = Outgoing(mail=server)
        yield kept


def asked(room: Boardroom, post: Kept, where: str = "new@a.gov.cn") -> str:
    """Set an address; return the code that was sent to it."""
    assert room.give(WHO, set_notice_address, "mail", "mail", where) is None
    assert drain(room.office, WORKERS) == 1
    return code_in(post)


def to(post: Kept) -> list[str]:
    return [line.split("<")[1].rstrip(">") for line in post.said if line.lower().startswith("rcpt")]


class TestProving:
    """填对确认码才启用。"""

    def test_until_it_is_proved_the_old_one_stands(self, room: Boardroom, post: Kept) -> None:
        room.give(WHO, prove_notice_address, "mail", asked(room, post, "old@a.gov.cn"))
        room.clock.move_to(room.clock.now() + timedelta(minutes=2))
        code = asked(room, post)

        room.give(WHO, try_notice_address, "mail")
        drain(room.office, WORKERS)
        assert to(post) == ["old@a.gov.cn", "new@a.gov.cn", "old@a.gov.cn"]

        row = room.give(WHO, prove_notice_address, "mail", f" {code[:4]} {code[4:]} ")
        assert row.shown == "n***@a.gov.cn"
        room.clock.move_to(room.clock.now() + timedelta(minutes=2))
        room.give(WHO, try_notice_address, "mail")
        drain(room.office, WORKERS)
        assert to(post)[-1] == "new@a.gov.cn"
        assert room.all(sa.select(NoticeAddressProof)) == []
        assert len(room.all(sa.select(VaultField))) == 1

    def test_without_an_old_one_nothing_goes_out(self, room: Boardroom, post: Kept) -> None:
        asked(room, post)
        assert room.all(sa.select(NoticeAddress)) == []
        with pytest.raises(NotFound):
            room.give(WHO, try_notice_address, "mail")
        wishes = room.office.ask(room.actor(WHO), own_wishes)
        assert wishes.addresses == {}
        assert wishes.unproved == {Channel.MAIL: "n***@a.gov.cn"}

    def test_a_wrong_code_changes_nothing_and_five_end_it(
        self, room: Boardroom, post: Kept
    ) -> None:
        code = asked(room, post)
        wrong = "00000000" if code != "00000000" else "11111111"
        for _each in range(5):
            assert room.give(WHO, prove_notice_address, "mail", wrong) is None
        refused(partial(room.give, WHO, prove_notice_address, "mail", code), "notify.proof_over")
        assert room.all(sa.select(NoticeAddress)) == []

    def test_after_a_day_the_code_is_over(self, room: Boardroom, post: Kept) -> None:
        code = asked(room, post)
        room.clock.move_to(room.clock.now() + timedelta(hours=24))
        refused(partial(room.give, WHO, prove_notice_address, "mail", code), "notify.proof_over")
        assert room.office.ask(room.actor(WHO), own_wishes).unproved == {}

    def test_a_later_address_takes_the_place_of_an_earlier_one(
        self, room: Boardroom, post: Kept
    ) -> None:
        first = asked(room, post)
        again = partial(room.give, WHO, set_notice_address, "mail", "mail", "b@a.gov.cn")
        refused(again, "notify.proof_soon")
        room.clock.move_to(room.clock.now() + timedelta(minutes=1))
        code = asked(room, post, "b@a.gov.cn")
        if first != code:
            assert room.give(WHO, prove_notice_address, "mail", first) is None
        assert room.give(WHO, prove_notice_address, "mail", code).shown == "b***@a.gov.cn"
        with pytest.raises(NotFound):
            room.give(WHO, prove_notice_address, "mail", code)

    def test_nobody_proves_another_s(self, room: Boardroom, post: Kept) -> None:
        code = asked(room, post)
        with pytest.raises(NotFound):
            room.give("承办甲", prove_notice_address, "mail", code)

    def test_dropped_it_waits_no_more(self, room: Boardroom, post: Kept) -> None:
        code = asked(room, post)
        room.give(WHO, drop_notice_address, "mail")
        with pytest.raises(NotFound):
            room.give(WHO, prove_notice_address, "mail", code)
        assert room.all(sa.select(VaultField)) == []

    def test_the_code_is_in_the_mail_and_nowhere_else(self, room: Boardroom, post: Kept) -> None:
        code = asked(room, post)
        rows = [*room.all(sa.select(AuditEntry)), *room.all(sa.select(OutboxJob))]
        kept = repr(
            [(getattr(one, "details", None), getattr(one, "payload", None)) for one in rows]
        )
        assert code not in kept
        assert "new@a.gov.cn" not in kept
        assert room.last(None, "notice_address_changed")["change"] == "asked"


class TestTheMail:
    """确认码只发给仍在等的地址。"""

    def test_one_that_was_replaced_or_ended_or_has_no_reader_is_not_sent(
        self, room: Boardroom, post: Kept
    ) -> None:
        give = partial(room.give, WHO, set_notice_address, "mail", "mail")
        give("a@a.gov.cn")
        room.clock.move_to(room.clock.now() + timedelta(minutes=1))
        give("b@a.gov.cn")
        drain(room.office, WORKERS)
        assert to(post) == ["b@a.gov.cn"]

        room.clock.move_to(room.clock.now() + timedelta(minutes=1))
        give("c@a.gov.cn")
        room.clock.move_to(room.clock.now() + timedelta(hours=25))
        drain(room.office, WORKERS)
        give("d@a.gov.cn")
        with room.office.database.begin() as session:
            session.execute(sa.update(Account).values(is_active=False))
        drain(room.office, WORKERS)
        assert to(post) == ["b@a.gov.cn"]

    def test_in_english_for_who_reads_english(self, room: Boardroom, post: Kept) -> None:
        with room.office.database.begin() as session:
            session.execute(sa.update(Account).values(language="en"))
        assert len(asked(room, post)) == 8
