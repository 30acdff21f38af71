"""What a step is done with: conditions, meters, actions, forms."""

from dataclasses import dataclass
from enum import StrEnum


class CheckState(StrEnum):
    """Whether a condition is met."""

    YES = "yes"
    NO = "no"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class CheckView:
    """One condition with its evidence."""

    text: str
    state: CheckState
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class MeterView:
    """A bar with a tick at the threshold; `label` says the same as a sentence."""

    value: float
    threshold: float
    whole: float
    threshold_label: str
    label: str

    def __post_init__(self) -> None:
        if self.whole <= 0:
            raise ValueError("a meter needs a whole above 0")

    @property
    def value_percent(self) -> float:
        """Return the filled part, 0 to 100."""
        return self._percent(self.value)

    @property
    def threshold_percent(self) -> float:
        """Return where the tick stands, 0 to 100."""
        return self._percent(self.threshold)

    def _percent(self, part: float) -> float:
        return round(min(max(part / self.whole, 0.0), 1.0) * 100, 1)


@dataclass(frozen=True, slots=True)
class ActionView:
    """A button of the action bar.

    Attributes:
        label: A verb.
        name: Sent as `action` with the form; empty for a link.
        url: For a link.
        icon: A name of the icon sheet.
        why_not: Why it cannot be done now and what to do; then it stays focusable and does nothing.
        title: One line on what it does.
        validate: Whether the form is checked in the browser before it is sent.
    """

    label: str
    name: str = ""
    url: str = ""
    icon: str = ""
    why_not: str = ""
    title: str = ""
    validate: bool = False


@dataclass(frozen=True, slots=True)
class ActionBar:
    """The actions of a step in their order; `back` stands alone at the far right."""

    primary: ActionView | None = None
    save: ActionView | None = None
    hands: tuple[ActionView, ...] = ()
    procedure: tuple[ActionView, ...] = ()
    back: ActionView | None = None


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field.

    `path` is the field's key; inside groups and lists the way to it, with dots and zero-based
    positions: `defences.2.reason`. Empty when it belongs to no single field.
    """

    path: str
    message: str


@dataclass(frozen=True, slots=True)
class FormView:
    """A form-js form that posts to the server.

    Attributes:
        key: Unique on the page; letters, digits and hyphens. The HTML form's id.
        schema: The form-js schema.
        data: Values to begin from: the draft, the refused submission, or the case's own.
        action_url: Takes the POST: `csrf_token`, `answers` (JSON text), `action`, and files as
            `file:KEY`.
        draft_url: Takes the draft as JSON `{"answers": …}` and answers `{"saved": "14:32"}`;
            on refusal any 4xx with `{"message": …}`. Empty: no drafts.
        errors: What the server found wrong.
        saved: When the draft shown was saved, as words; empty if there is none.
        readonly: Show only.
    """

    key: str
    schema: dict[str, object]
    data: dict[str, object]
    action_url: str
    draft_url: str = ""
    errors: tuple[FieldError, ...] = ()
    saved: str = ""
    readonly: bool = False
