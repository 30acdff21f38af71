"""How a step went otherwise than written, told to who wrote it."""

from __future__ import annotations

from engine.errors import AnswersRefused, Refusal
from engine.publishing.scenarios.results import Failure
from engine.publishing.scenarios.steps import Step


def failed(step: Step, zh: str, en: str) -> Failure:
    """Return that a step failed, in both languages."""
    return Failure(step.file, step.place, step.words, zh, en)


def refused(step: Step, refusal: Refusal) -> Failure:
    """Return that a step was refused; a form's errors name their fields."""
    told = str(refusal)
    if isinstance(refusal, AnswersRefused):
        told = "; ".join(
            f"{path}: {', '.join(message for message, _ in errors)}"
            for path, errors in refusal.errors.items()
        )
    wanted = f"（应为 {step.refused}）" if step.refused else ""
    instead = f" (expected {step.refused})" if step.refused else ""
    return Failure(
        step.file,
        step.place,
        step.words,
        f"{step.by} 被拒绝{wanted}：{told}",
        f"{step.by} was refused{instead}: {told}",
        refusal.message_id,
        refusal.params,
    )
