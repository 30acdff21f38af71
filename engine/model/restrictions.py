"""What sanctions bar for a time, asked for one award or one appointment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from engine.model.sanctions import EffectKind

BARRING_SOURCE = "S3 L59§10"


@dataclass(frozen=True, slots=True)
class Restriction:
    """One effect of one sanction on a person.

    Attributes:
        kind: An `EffectKind`, or a word of the procedure's own.
        begins_on: Its first day.
        last_day: Its last day, counted in.
        measure: The measure's code.
        title: The measure's name, by language.
        source: The provision; empty where it is proposed.
        case_number: Of the case that imposed it; empty for one of before the platform.
    """

    kind: str
    begins_on: date
    last_day: date
    measure: str = ""
    title: tuple[str, str] = ("", "")
    source: str = ""
    case_number: str = ""

    def holds_on(self, day: date) -> bool:
        """Return whether it holds on `day`; the day after its last it is gone by itself."""
        return self.begins_on <= day <= self.last_day


def bars_award(restrictions: Iterable[Restriction], year: int) -> tuple[Restriction, ...]:
    """Return what bars an award of `year`: the years in which it holds on some day.

    Source: S3 L59§10 取消当年年度考核评优和评选各类先进的资格; S0篇1§4-2; SUP-023.
    """
    return tuple(
        one
        for one in restrictions
        if one.kind == EffectKind.BARS_AWARDS and one.begins_on.year <= year <= one.last_day.year
    )


def bars_appointment(
    restrictions: Iterable[Restriction], on: date, *, equal: bool
) -> tuple[Restriction, ...]:
    """Return what bars an appointment that takes effect `on`; other posts are not barred.

    Args:
        restrictions: The person's.
        on: The day from which the post would be held.
        equal: Whether it is equal to the post that was lost.

    Source: S3 L59§10 一年内不得重新担任与其原任职务相当的领导职务; SUP-023 (其他任命不拦).
    """
    if not equal:
        return ()
    return tuple(
        one for one in restrictions if one.kind == EffectKind.BARS_EQUAL_POST and one.holds_on(on)
    )


def free_on(grounds: Iterable[Restriction]) -> date | None:
    """Return the first day on which none of the grounds holds any more; None without any."""
    last = max((one.last_day for one in grounds), default=None)
    return last + timedelta(days=1) if last is not None else None


def warnings_in_force(restrictions: Iterable[Restriction], day: date) -> int:
    """Return how many yellow cards (黄牌警告) count on `day`: they add up while they hold.

    Source: SUP-044; S4范文2. How long one holds is the procedure's (12 months, proposed).
    """
    return sum(one.kind == EffectKind.WARNING_RECORD and one.holds_on(day) for one in restrictions)
