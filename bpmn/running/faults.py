"""Why a run cannot do what it was asked."""

from dataclasses import replace

from bpmn.running.step import Held, Incident


class NotWaiting(Exception):
    """Nothing waits for this any more, or nothing ever did.

    Attributes:
        what: The id of the item or timer, or the name of the message.
        zh: The sentence in Chinese.
    """

    def __init__(self, what: str, zh: str, en: str) -> None:
        self.what = what
        self.zh = zh
        self.en = en
        super().__init__(en)


class CannotMove(Exception):
    """A token cannot be put there, or the instance could not come to an end from there.

    Attributes:
        zh: The sentence in Chinese.
    """

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(en)


class StepFailed(Exception):
    """An expression, a rule or a service failed; nothing of the instance may be used afterwards.

    The caller keeps the state from before the step.

    Attributes:
        incident: What failed; its `id` is the token's at which it did, "" where it was none's.
    """

    def __init__(self, incident: Incident) -> None:
        self.incident = incident
        super().__init__(f"{incident.element}: {incident.en}")

    def at(self, token: str, held: Held) -> None:
        """Note the token at which it failed; the innermost is noted first and stays."""
        if not self.incident.id:
            self.incident = replace(self.incident, id=token, held=held)


class StateUnreadable(Exception):
    """The bytes are no state of this definition that this release can read."""
