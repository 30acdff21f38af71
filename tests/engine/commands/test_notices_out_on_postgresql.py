"""对外告知在 PostgreSQL 上：安排、发送、列出没有发出去的，与内嵌数据库一样。"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.assign_work import assign_work
from engine.commands.deliver_notices import deliver_notices, send_again
from engine.commands.notice_preferences import set_notice_address
from engine.desk.outgoing import DELIVER
from engine.desk.views.notices import unread_notices
from engine.desk.views.notifying import sending
from engine.store.tables import OutboxJob
from scheduler.channels import Outgoing, Reach
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom
from tests.engine.on_postgresql import boardroom_on_postgresql
from tests.listening import HOST
from tests.scheduler.channels import receivers

pytestmark = pytest.mark.postgres


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Boardroom]:
    """The boardroom on PostgreSQL."""
    with boardroom_on_postgresql(tmp_path) as found:
        yield found


def test_what_could_not_be_sent_is_listed_and_sent_again(town: Boardroom) -> None:
    with receivers.web() as kept:
        town.office.channels = Outgoing(reach=Reach((HOST,), private=True))
        where = ("webhook", "generic", kept.address)
        town.give("承办乙", set_notice_address, *where, secret="s" * 8)
        item = town.item(town.open(), "ut_inquire").id
        town.give("承办甲", assign_work, item, town.people["承办乙"])
        with town.office.database.begin() as session:
            job = session.scalars(sa.select(OutboxJob).where(OutboxJob.kind == DELIVER)).one()
            job.state, job.attempts = "dead", 8

        (stuck,) = town.office.ask(town.actor("管理员"), sending).stuck
        assert (stuck.person, stuck.count) == ("承办乙", 1)
        assert town.office.ask(town.actor("承办乙"), unread_notices)[0] == 1

        town.give("管理员", send_again, stuck.job_id)
        drain(town.office, {DELIVER: deliver_notices})
        assert len(kept.bodies) == 1
        assert town.office.ask(town.actor("管理员"), sending).counts == {"sent": 1}
