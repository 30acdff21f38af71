"""What each form of the matrix is sent with: enough to be understood, so that the answer is
about who asks and not about what is lacking."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import orjson

from tests.office import CLUE

if TYPE_CHECKING:
    from collections.abc import Mapping

MEETING = frozenset(
    f"/work/<item_id>/{one}"
    for one in ("opinion", "absence", "decision", "dissent", "close", "motion", "meeting")
)
"""Routes about a motion: they are asked about the case that the board has to decide."""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
USUAL: dict[str, Any] = {
    "reasons": "按职责办理此事。",
    "reason": "核对举报人陈述",
    "decision": "grant",
    "answers": "{}",
    "happened_on": "2026-03-02",
    "day": "2026-03-05",
    "password": "rehearse-12345",
}
OF_ITS_OWN: dict[str, dict[str, Any]] = {
    "POST /admin/above": {
        "procedure": "corporate-accountability",
        "valid_from": "2026-06-01",
        "valid_to": "2026-06-30",
    },
    "POST /admin/below/<case_id>/notices": {"text": "请说明进展。", "answer_by": "2026-06-01"},
    "POST /cases/<case_id>/above/<notice_id>": {"answer": "正在办理。"},
    "POST /admin/clock": {"to": "2026-03-01T09:00"},
    "POST /admin/deviations/<deviation_id>": {"action": "acknowledge"},
    "POST /admin/calendar/day": {"title": "调休"},
    "POST /admin/people": {"name": "新人"},
    "POST /admin/people/<person_id>/accounts": {"name": "new-account"},
    "POST /admin/people/<person_id>/accounts/<name>": {"action": "lock"},
    "POST /admin/people/<person_id>/posts": {"role": "archivist", "valid_from": "2026-03-05"},
    "POST /admin/people/<person_id>/unit": {"title": "干事"},
    "POST /admin/people/<person_id>/posts/<post_id>": {"last_day": "2026-03-31"},
    "POST /admin/units": {"name": "三车间"},
    "POST /admin/units/<unit_id>": {"name": "四车间"},
    "POST /admin/procedures/<version_id>/approve": {"effective_on": "2026-04-01"},
    "POST /admin/retirement": {"reasons": "期满"},
    "POST /admin/retirement/<retirement_id>": {"action": "refuse", "reasons": "缓办"},
    "POST /admin/settings/platform/<setting_key>": {"value": "8"},
    "POST /batches": {"kind": "remind"},
    "POST /batches/order": {"action": "remind"},
    "POST /cases/<case_id>/export": {"kind": "file_pdf"},
    "POST /cases/<case_id>/comments": {"text": "请注意时限。"},
    "POST /cases/<case_id>/follow-up": {"on": "2026-03-09", "what": "再看"},
    "POST /cases/<case_id>/tags": {"tags": "重点"},
    "POST /cases/<case_id>/watch": {"watched": "yes"},
    "POST /cases/<case_id>/recusal": {"who": "me"},
    "POST /filters": {"name": "我的", "lamp": "red"},
    "POST /interference": {"who": "甲", "whom": "乙", "what": "说情"},
    "POST /designer/<draft_id>/rules": {"section": "roles", "key": "clerk"},
    "POST /designer/begin": {"way": "empty", "procedure": "another-one", "title": "另一流程"},
    "POST /ledger/export": {"reason": "核对台账"},
    "POST /ledger/views": {"name": "我的"},
    "POST /login": {"name": "nobody", "password": "wrong"},
    "POST /standing/people/<person_id>/appointment": {"on": "2026-03-05", "post": "副主任"},
    "POST /standing/people/<person_id>/award": {"year": "2026"},
    "POST /work/<item_id>/absence": {"reasons": "出差。"},
    "POST /work/<item_id>/hands": {"action": "return"},
    "POST /work/<item_id>/meeting": {"held_at": "2026-03-03T09:00", "place": "会议室"},
    "POST /work/<item_id>/opinion": {"vote": "agree"},
    "POST /work/<item_id>/signatures/<request_id>": {"action": "drop", "reasons_drop": "不需要。"},
}


def body_of(route: str, ids: Mapping[str, str]) -> dict[str, Any]:
    """Return what a route of the method POST is sent with, as the browser's client takes it."""
    if route.endswith("/draft"):
        return {"json": {"answers": {}}}
    if route == "POST /designer/<draft_id>/save/<path:path>":
        return {"json": {"content": "<x/>", "revision": 1}}
    form = {**USUAL, "motion": ids["motion"], "code": ids["code"], **OF_ITS_OWN.get(route, {})}
    return {"data": {**form, **_with_ids(ids).get(route, {})}}


def _with_ids(ids: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return what the forms name besides: people, items, files."""
    person, colleague = ids["person_id"], ids["colleague"]
    clue = {"answers": orjson.dumps({**CLUE, "subject_id": person}).decode()}
    days = {"valid_from": "2026-03-05", "valid_to": "2026-03-06"}
    hands = {"person": person, "to": colleague, "deputy": colleague, **days}
    return {
        "POST /register/<procedure>": clue,
        "POST /admin/departures": hands,
        "POST /admin/deputies": hands,
        "POST /deputies": hands,
        "POST /admin/people/<person_id>/relations": {"other": colleague, "kind": "relative"},
        "POST /batches": {"pick": ids["item_id"]},
        "POST /batches/order": {"pick": ids["item_id"]},
        "POST /cases/<case_id>/file/<key>": {"filed_for": person, "proof": "收件章"},
        "POST /login/as": {"account": ids["account"]},
        "POST /admin/seal": {"image": (io.BytesIO(PNG), "seal.png")},
        "POST /admin/deviations": {"item": ids["done"]},
        "POST /report": {"authority": "nowhere", "text": "反映。", "truthful": "yes"},
        "POST /report/add": {"text": "补充。"},
        "POST /work/<item_id>/assign": {"assign_to": colleague},
        "POST /work/<item_id>/absence": {"person": colleague, "reasons": "出差。"},
    }
