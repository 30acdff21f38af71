"""One process of the kill test; a client prints what was accepted.

Use: python -m tests.killing.node client|worker|scheduler ADDRESS FOLDER SEED
"""

from __future__ import annotations

import random
import sys
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from engine.commands.complete_work import complete_work
from engine.commands.decide import decide, give_opinion, put_motion
from engine.commands.deliver_message import route_message
from engine.commands.open_case import open_case
from engine.commands.prepare_papers import preview
from engine.desk.furnishing import open_office
from engine.desk.papers import PREVIEW
from engine.desk.sending import ROUTE
from engine.errors import EngineError
from engine.store.outbox import effect_done
from engine.store.tables import Motion, OpinionRow, WorkItemRow
from engine.vault import Vault
from scheduler import Clockwork
from scheduler.queue_worker import QueueWorker
from scheduler.queueing import QueuedJobs, rouse
from tests.engine.boardroom import INQUIRY, KEY, MOTION, Boardroom, boardroom_in

if TYPE_CHECKING:
    from engine.desk import Office
    from engine.store.outbox import Job

VOTERS = ("主席", "监事甲", "监事乙")
FEW = 12
"""With so many steps waiting, no further case is opened."""
EVERY_FIVE_SECONDS = "* * * * * */5"
STALLED_SECONDS = 6.0


def main(role: str, address: str, home: Path, seed: str) -> None:
    """Play the role until killed."""
    vault = Vault({"k1": KEY}, "k1")
    office = open_office(address, home, vault, jobs=QueuedJobs)
    workers = {ROUTE: tell, PREVIEW: preview}
    if role == "worker":
        QueueWorker(
            office, workers, threads=2, sweep=EVERY_FIVE_SECONDS, stalled_seconds=STALLED_SECONDS
        ).run()
    elif role == "scheduler":
        Clockwork(office, workers, seconds=0.2, rouse=rouse).start()
        threading.Event().wait()
    else:
        work(boardroom_in(office, None), random.Random(seed))  # type: ignore[arg-type]  # noqa: S311


def tell(office: Office, job: Job) -> None:
    """Do a side effect that could be seen twice, guarded by its key; then deliver."""
    with office.database.begin() as session:
        if not effect_done(session, f"told:{job.key}", "told", office.clock.now()):
            session.execute(sa.text("INSERT INTO told (key) VALUES (:key)"), {"key": job.key})
    route_message(office, job)


def work(room: Boardroom, chance: random.Random) -> None:
    """Open cases and carry steps on, in competition with other clients."""
    pause = threading.Event()
    while True:
        try:
            waiting = room.all(sa.select(WorkItemRow).where(WorkItemRow.state != "done"))
            if len(waiting) < FEW or chance.random() < 1 / FEW:
                answers = {"channel": "CA1", "facts": "推诿", "subject_id": room.people["陈某"]}
                say("opened", room.give("受理员", open_case, "board", answers).id)
            if waiting:
                carry_on(room, chance.choice(waiting), chance)
        except EngineError:
            continue  # the other client was first, and we were told so
        except SQLAlchemyError:
            pause.wait(0.2)  # the database is away; what we asked for may or may not be there


def carry_on(room: Boardroom, item: WorkItemRow, chance: random.Random) -> None:
    """Do the step that waits; a body's decision from wherever it stood."""
    name = chance.choice(("承办甲", "承办乙"))
    complete = partial(room.give, name, complete_work, item.id)
    if item.element == "ut_inquire":
        complete(dict(INQUIRY))
    elif item.element == "ut_draft":
        complete({"letter_reasons": "推诿。"})
    elif item.element == "ut_decide":
        motions = room.all(sa.select(Motion).where(Motion.work_item_id == item.id))
        motion = motions[0] if motions else room.give("主席", put_motion, item.id, dict(MOTION))
        opinions = sa.select(OpinionRow.person_id).where(OpinionRow.motion_id == motion.id)
        given = set(room.all(opinions))
        for voter in VOTERS:
            if room.people[voter] not in given:
                room.give(voter, give_opinion, motion.id, vote="agree", reasons="据卷。")
        room.give("主席", decide, motion.id)
    else:
        return
    say("done", item.id)


def say(what: str, which: str) -> None:
    """Tell the parent that a command was answered."""
    sys.stdout.write(f"{what} {which}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4])
