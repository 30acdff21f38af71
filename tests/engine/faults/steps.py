"""Faults in acts on a step: taken, completed, given back, moved, handed out."""

from __future__ import annotations

from functools import partial

from engine.commands.assign_work import assign_work
from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.jump_work import jump_work
from engine.commands.look_at_work import look_at_work
from engine.commands.release_work import release_work
from engine.commands.remind_work import remind_work
from engine.commands.return_work import return_work
from engine.commands.save_draft import save_draft
from engine.commands.take_back_work import take_back_work
from tests.engine.boardroom import Boardroom, published
from tests.engine.faults.once import Given, Once


def _claim(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", claim_work, room.item(room.open(), "ut_inquire").id)


def _release(room: Boardroom) -> Given:
    item = room.claim("承办甲", room.open(), "ut_inquire")
    return partial(room.give, "承办甲", release_work, item.id)


def _complete(room: Boardroom) -> Given:
    item = room.item(room.open(), "ut_inquire").id
    return partial(room.give, "承办甲", complete_work, item, {"facts_found": "停产。"})


def _save(room: Boardroom) -> Given:
    item = room.claim("承办甲", room.open(), "ut_inquire").id
    return partial(room.give, "承办甲", save_draft, item, {"facts_found": "停"})


def governed(room: Boardroom) -> Boardroom:
    """Put a version in force whose clock may stop, and whose draft follows upon the inquiry."""

    def edit(path: str, text: str) -> str:
        if path.endswith(".yaml"):
            stops = "    ends: inquired\n    stops: {source: S0篇1§8}\n"
            return text.replace("    ends: inquired\n", stops, 1)
        flow = 'sourceRef="ut_inquire" targetRef="'
        return text.replace(f'{flow}st_count"', f'{flow}ut_draft"')

    published(room, edit)
    return room


def _send_back(room: Boardroom) -> Given:
    case = governed(room).inquired()
    item = room.item(case, "ut_draft").id
    return partial(room.give, "承办乙", return_work, item, "previous", reasons="不清。")


def _take_back(room: Boardroom) -> Given:
    item = room.item(governed(room).inquired(), "ut_inquire").id
    return partial(room.give, "承办甲", take_back_work, item)


def _jump(room: Boardroom) -> Given:
    item = room.item(governed(room).open(), "ut_inquire").id
    return partial(room.give, "主席", jump_work, item, "ut_draft", reasons="急。")


def assigning(room: Boardroom) -> Given:
    item = room.item(room.open(), "ut_inquire").id
    return partial(room.give, "承办甲", assign_work, item, room.people["承办乙"])


def _remind(room: Boardroom) -> Given:
    return partial(room.give, "主席", remind_work, room.item(room.open(), "ut_inquire").id)


def _look_at(room: Boardroom) -> Given:
    return partial(room.give, "承办甲", look_at_work, room.item(room.open(), "ut_inquire").id)


ACTS = {
    "claim_work": Once(_claim, "claim_work", "same"),
    "release_work": Once(_release, "release_work"),
    "complete_work": Once(_complete, "complete_work"),
    "save_draft": Once(_save, "save_draft", "same"),
    "return_work": Once(_send_back, "return_work"),
    "take_back_work": Once(_take_back, "take_back_work"),
    "jump_work": Once(_jump, "jump_work"),
    "assign_work": Once(assigning, "assign_work"),
    "remind_work": Once(_remind, "remind_work"),
    "look_at_work": Once(_look_at, "look_at_work", "same"),
}
