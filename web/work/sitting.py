"""A body's sitting as the page draws it: the meeting, the ballot, dissent, signed minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from engine.model.collective import Voting
from web.texts import gettext as _
from web.toolkit import FactView
from web.visiting import civil
from web.wording import weekday_text

if TYPE_CHECKING:
    from datetime import date

    from engine.desk.views.meeting import MeetingView


@dataclass(frozen=True, slots=True)
class SittingView:
    """What surrounds the vote.

    Attributes:
        facts: Of the meeting that was called; empty before.
        may_call: The reader may call it, or call it anew.
        people: Id and name of those who may preside; those who may record are the same and
            the reader.
        recorders: Likewise.
        is_secret: Nobody sees who votes how.
        may_dissent: The reader has voted and may still have a dissent kept.
        dissent: Who wants what kept in the minutes.
        may_close: The ballot can be closed now, by the reader.
        minutes_url: The minutes that are signed; empty before they are drafted.
        signatures: Who signed, as what and when.
        unsigned: Who has still to sign.
        may_sign: The reader may sign now.
        signs: Whether the step wants signed minutes at all.
    """

    facts: tuple[FactView, ...]
    may_call: bool
    people: tuple[tuple[str, str], ...]
    recorders: tuple[tuple[str, str], ...]
    is_secret: bool
    may_dissent: bool
    dissent: tuple[FactView, ...]
    may_close: bool
    minutes_url: str
    signatures: tuple[FactView, ...]
    unsigned: tuple[str, ...]
    may_sign: bool
    signs: bool


def sitting_view(meeting: MeetingView, reader: tuple[str, str], today: date) -> SittingView:
    """Return what surrounds the vote, for a reader (id and name)."""
    assembly, motion = meeting.assembly, meeting.assembly.motion
    sits = meeting.me is not None and not meeting.me.recused
    takes_part = sits or meeting.convenes
    closed = motion is not None and motion.closed_at is not None
    mine = meeting.me.opinion if meeting.me is not None else None
    people = tuple((one.person_id, one.name) for one in assembly.members if not one.recused)
    counted = assembly.tally
    signed = {one.person_id for one in assembly.signatures}
    return SittingView(
        facts=_facts(meeting, today),
        may_call=takes_part and not closed,
        people=people,
        recorders=tuple(dict.fromkeys((reader, *people))),
        is_secret=assembly.voting is Voting.SECRET,
        may_dissent=sits and not closed and mine is not None and mine.present and not mine.dissent,
        dissent=tuple(
            FactView(one.name, one.opinion.dissent)
            for one in assembly.members
            if one.opinion is not None and one.opinion.dissent and not one.recused
        ),
        may_close=takes_part
        and motion is not None
        and not closed
        and bool(assembly.signatures_needed)
        and counted.is_quorate
        and counted.is_complete
        and not counted.is_void,
        minutes_url=url_for("cases.document", document_id=minutes, kind="pdf")
        if (minutes := meeting.minutes_id)
        else "",
        signatures=tuple(
            FactView(
                _part(one.part),
                _(
                    "%(name)s，%(day)s %(time)s",
                    name=meeting.names.get(one.person_id, ""),
                    day=weekday_text(civil(one.signed_at).date(), today),
                    time=f"{civil(one.signed_at):%H:%M}",
                ),
            )
            for one in assembly.signatures
        ),
        unsigned=_unsigned(meeting, signed) if closed else (),
        may_sign=closed
        and takes_part
        and reader[0] not in signed
        and (reader[0] in _signers(meeting) or bool(mine is not None and mine.present)),
        signs=bool(assembly.signatures_needed),
    )


def _facts(meeting: MeetingView, today: date) -> tuple[FactView, ...]:
    called = meeting.assembly.meeting
    if called is None:
        return ()
    at = civil(called.held_at)
    return (
        FactView(_("时间"), f"{weekday_text(at.date(), today)} {at:%H:%M}"),
        FactView(_("地点"), called.place),
        FactView(_("议题"), called.agenda),
        FactView(_("主持人"), meeting.names.get(called.chair, "")),
        FactView(_("记录人"), meeting.names.get(called.recorder, "")),
    )


def _signers(meeting: MeetingView) -> tuple[str, ...]:
    called = meeting.assembly.meeting
    return (called.chair, called.recorder) if called is not None else ()


def _unsigned(meeting: MeetingView, signed: set[str]) -> tuple[str, ...]:
    must = dict.fromkeys(_signers(meeting)[: meeting.assembly.signatures_needed])
    return tuple(meeting.names.get(one, "") for one in must if one not in signed)


def _part(part: str) -> str:
    return {"chair": _("主持人"), "recorder": _("记录人")}.get(part, _("到会成员"))
