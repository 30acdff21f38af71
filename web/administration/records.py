"""The audit record by day and by case, and its heads for safe keeping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from flask import Response, request, url_for

from engine.desk import Fact
from engine.desk.views.records import heads, record_of_case, record_of_day, search_record
from web.administration.area import page, pages
from web.administration.facts import fact_text
from web.forms import day_of
from web.moments import instant_text
from web.texts import gettext as _
from web.toolkit import PagerView
from web.visiting import ask, today

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from engine.desk.views.records import RecordLine


@pages.get("/records")
def records() -> str:
    """Show the platform acts of a day, or the entries of a case by its number."""
    number = request.args.get("case", "").strip()
    day = day_of(request.args.get("day")) or today()
    after = request.args.get("after", "")
    start = int(after) if after.isdigit() else 0
    if number:
        found = ask(record_of_case, number, after=start)
    else:
        found = ask(record_of_day, day, after=start)
    following = ""
    if found.after:
        following = url_for(
            "administration.records",
            case=number or None,
            day=None if number else day.isoformat(),
            after=found.after,
        )
    return page(
        "records",
        "records",
        number=number,
        day=day,
        found=found,
        lines=_rows(found.lines),
        pager=PagerView(_("共 %(count)s 条", count=found.count), next_url=following),
    )


@pages.get("/records/search")
def records_search() -> str:
    """Search the platform acts by kind, person and days."""
    fact, person = request.args.get("fact", ""), request.args.get("person", "").strip()
    since, until = day_of(request.args.get("since")), day_of(request.args.get("until"))
    found = ask(
        search_record,
        fact=fact,
        person=person,
        since=since,
        until=until,
        after=request.args.get("after", ""),
    )
    following = ""
    if found.after:
        following = url_for(
            "administration.records_search",
            fact=fact or None,
            person=person or None,
            since=since.isoformat() if since else None,
            until=until.isoformat() if until else None,
            after=found.after,
        )
    return page(
        "record_search",
        "records",
        facts=[("", _("全部")), *((one.value, fact_text(one.value)) for one in Fact)],
        fact=fact,
        person=person,
        since=since.isoformat() if since else "",
        until=until.isoformat() if until else "",
        lines=_rows(found.lines),
        pager=PagerView(_("最近的在前"), next_url=following),
    )


@pages.get("/records/heads.json")
def heads_export() -> Response:
    """Give every chain's head, to be kept where the platform cannot write."""
    exported = {stream: [count, digest] for stream, (count, digest) in ask(heads).items()}
    content = orjson.dumps(exported, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    answer = Response(content, mimetype="application/json")
    name = f"heads-{today().isoformat()}.json"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _rows(lines: Iterable[RecordLine]) -> list[dict[str, Any]]:
    return [
        {
            "sequence": one.sequence,
            "at": instant_text(one.recorded_at),
            "by": one.by or _("系统"),
            "fact": fact_text(one.fact),
            "details": details_text(one.details),
            "digest": one.digest.removeprefix("sha256:"),
        }
        for one in lines
    ]


def details_text(details: Mapping[str, object]) -> str:
    """Return what a platform act notes besides, one after the other."""
    return _("；").join(
        f"{key}={value}" for key, value in details.items() if value not in (None, "", [], {})
    )
