"""What playing a scenario gave."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from engine.model.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a scenario did not pass.

    Attributes:
        file: Where the step is written.
        place: Its number there.
        step: The step in its author's words.
        zh: What happened instead, in Chinese.
        en: The same in English.
        message_id: Of the refusal, where it was one, so that a page can say its sentence.
        params: Of the refusal.
    """

    file: str
    place: str
    step: str
    zh: str
    en: str
    message_id: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that gave null by a semantic error while a scenario was played.

    Attributes:
        element: The element of the diagram.
        source: The expression, or the decision and its file.
        id: The kind of error, a stable name.
        line: In the expression, or in the decision file; from 1.
        zh: What happened, in Chinese.
        en: The same in English.
    """

    element: str
    source: str
    id: str
    line: int
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """One scenario and how it went.

    Attributes:
        failures: Empty if it passed. A step that fails ends the scenario; expectations
            of one `then` that are not met are all listed.
        doubts: What gave null on the way, each once, in the order in which it happened.
    """

    id: str
    title: Text
    file: str
    failures: tuple[Failure, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether everything happened as the scenario says."""
        return not self.failures

    def as_json(self) -> dict[str, object]:
        """Return the result as JSON values, for the version's report."""
        return {
            "id": self.id,
            "title": {"zh": self.title.zh, "en": self.title.say("en")},
            "file": self.file,
            "passed": self.passed,
            "failures": [
                {
                    "file": one.file,
                    "place": one.place,
                    "step": one.step,
                    "zh": one.zh,
                    "en": one.en,
                    "message": one.message_id,
                }
                for one in self.failures
            ],
            "doubts": [asdict(one) for one in self.doubts],
        }


class StepFailed(Exception):
    """A step did not go as written; carries the failures."""

    def __init__(self, *failures: Failure) -> None:
        """Stop with at least one failure."""
        super().__init__("; ".join(one.en for one in failures))
        self.failures = failures
