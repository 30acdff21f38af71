"""Cases of the boardroom that were closed, and the rounds by which they leave after ten years."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from engine.commands.retire import KIND, decide_retirement, propose_retirement, run_retirement
from engine.commands.withdraw_case import decide_withdrawal, propose_withdrawal
from engine.desk import Desk
from engine.desk.retiring import Obstacle, obstacle_to
from engine.store.tables import CaseRow, Retirement
from scheduler.jobs import drain
from tests.engine.boardroom import Boardroom

WORKERS = {KIND: run_retirement}
REASONS = "保存期满。"


def give_other(room: Boardroom, command: Any, *args: Any, **given: Any) -> Any:
    """Give a command as a second administrator."""
    other = replace(room.actor("设计员"), is_admin=True)
    return room.office.give(other, command, *args, **given)


def keeping(years: int) -> Callable[[str, str], str]:
    """The board's procedure as one that keeps its cases for some years."""

    def edited(path: str, text: str) -> str:
        said = f"{text}\nretention: {{years: {years}, proposed: true}}\n"
        return said if path == "board/procedure.yaml" else text

    return edited


def closed(room: Boardroom) -> CaseRow:
    """A case that was withdrawn on Monday 9 February 2026: nobody was held accountable."""
    case = room.open()
    room.give("承办甲", propose_withdrawal, case.id, reasons="重复登记。")
    room.give("主席", decide_withdrawal, case.id, granted=True, reasons="同意。")
    return room.case(case)


def proposed(room: Boardroom) -> Retirement:
    row: Retirement = room.give("管理员", propose_retirement, reasons=REASONS)
    return row


def approved(room: Boardroom) -> Retirement:
    row = proposed(room)
    give_other(room, decide_retirement, row.id, approved=True, reasons="同意。")
    return row


def retired(room: Boardroom) -> Retirement:
    row = approved(room)
    drain(room.office, WORKERS)
    found: Retirement = room.one(sa.select(Retirement).where(Retirement.id == row.id))
    return found


def obstacle(room: Boardroom, case: CaseRow) -> Obstacle | None:
    def asked(desk: Desk, /) -> Obstacle | None:
        return obstacle_to(desk, desk.session.get_one(CaseRow, case.id))

    return room.office.ask(room.actor("管理员"), asked)
