"""A process that carries cases on in a loop until it is killed; it prints what was accepted.

Use: python -m tests.engine.working_until_killed FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import sqlalchemy as sa

from engine.clock import SystemClock
from engine.commands.complete_work import complete_work
from engine.commands.decide import decide, give_opinion, put_motion
from engine.commands.open_case import open_case
from engine.commands.prepare_papers import preview
from engine.store.tables import Motion, OpinionRow, WorkItemRow
from scheduler import Clockwork
from tests.engine.boardroom import INQUIRY, MOTION, Boardroom, boardroom_in, office_at

VOTERS = ("主席", "监事甲", "监事乙")


def main(home: Path) -> None:
    """Open cases and carry each of them on, a step at a time, for ever."""
    office = office_at(f"sqlite:///{home}/w.db", home, SystemClock())  # type: ignore[arg-type]
    room = boardroom_in(office, None)  # type: ignore[arg-type]
    clockwork = Clockwork(office, {"preview": preview}, seconds=0.05)
    clockwork.start()
    say("ready", "")
    while True:
        answers = {"channel": "CA1", "facts": "推诿", "subject_id": room.people["陈某"]}
        say("opened", room.give("受理员", open_case, "board", answers).id)
        for item in room.all(sa.select(WorkItemRow).where(WorkItemRow.state != "done")):
            carry_on(room, item)


def carry_on(room: Boardroom, item: WorkItemRow) -> None:
    """Do the step that waits; a body's decision from wherever it stood."""
    if item.element == "ut_inquire":
        room.give("承办甲", complete_work, item.id, dict(INQUIRY))
        say("done", item.id)
    elif item.element == "ut_draft":
        room.give("承办甲", complete_work, item.id, {"letter_reasons": "推诿。"})
        say("done", item.id)
    elif item.element == "ut_decide":
        motions = room.all(sa.select(Motion).where(Motion.work_item_id == item.id))
        motion = motions[0] if motions else room.give("主席", put_motion, item.id, dict(MOTION))
        given = {
            row.person_id
            for row in room.all(sa.select(OpinionRow).where(OpinionRow.motion_id == motion.id))
        }
        for name in VOTERS:
            if room.people[name] not in given:
                room.give(name, give_opinion, motion.id, vote="agree", reasons="据卷。")
        room.give("主席", decide, motion.id)
        say("done", item.id)


def say(what: str, which: str) -> None:
    """Tell the parent that a command was answered."""
    sys.stdout.write(f"{what} {which}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
