"""What can go wrong, seen from the caller.

Three families, and a caller needs to know only the family:

* `Refusal`: the rules do not permit it. Nothing changed, except that the
  refusal itself is on the record.
* `NotFound`: there is no such thing, or it is not visible to this participant.
* `Fault`: the platform is at fault. Never shown to a participant in detail.
"""

from __future__ import annotations


class EngineError(Exception):
    """Base of every error that the engine raises on purpose."""


class Refusal(EngineError):
    """The rules do not permit this command now.

    The text is a message id, such as ``item.taken``; `web` turns it and the
    parameters into a sentence, the record keeps both.

    Attributes:
        message_id: Which sentence is said.
        params: What the sentence names; JSON values only, nothing confidential.
        rule: The provision relied on, as it is cited to the participant.
    """

    def __init__(self, message_id: str, *, rule: str = "", **params: object) -> None:
        """Refuse with a message id, its parameters and the legal ground."""
        super().__init__(message_id)
        self.message_id = message_id
        self.params = params
        self.rule = rule

    def __str__(self) -> str:
        """Return the message id and parameters, for logs and tests."""
        named = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.message_id}({named})"


class NotAllowed(Refusal):
    """The actor's posts and part in the case do not give this right."""


class Recused(NotAllowed):
    """A conflict of interest bars the actor from this case or step."""


class PeriodExpired(Refusal):
    """The period in which this could be done is over."""


class AlreadyTaken(Refusal):
    """Somebody else was first; the parameters say who and when."""


class ConcurrentChange(Refusal):
    """The thing was changed since the reader last saw it."""


class AnswersRefused(Refusal):
    """A form's answers do not satisfy its schema.

    Attributes:
        errors: Field path to message ids with parameters, in the form's order.
    """

    def __init__(self, errors: dict[str, list[tuple[str, dict[str, object]]]]) -> None:
        """Refuse with the errors of each field."""
        super().__init__("answers.refused", fields=sorted(errors))
        self.errors = errors


class NotFound(EngineError):
    """There is no such thing, or it is not visible to this participant."""


class Fault(EngineError):
    """The platform is at fault: a defect, a broken diagram, a lost state."""


class DiagramFault(Fault):
    """A diagram cannot be executed as it is drawn."""


class StepFault(DiagramFault):
    """A step of a case failed: an expression, a rule or a service. Nothing of it is kept.

    Attributes:
        case_id: The case that waits where it stood before.
        element: The element that failed; empty where it is none in particular.
        zh: What, where and why, in Chinese.
        en: The same in English.
    """

    def __init__(self, case_id: str, element: str, zh: str, en: str) -> None:
        """Name the case, the element and the reason."""
        super().__init__(f"{element}: {en}")
        self.case_id = case_id
        self.element = element
        self.zh = zh
        self.en = en
