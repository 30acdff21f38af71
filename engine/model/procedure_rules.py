"""A procedure's rules as its `procedure.yaml` states them, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from engine.model.collective import CollectiveRules, DeputyVotes, fraction_of
from engine.model.deadline_rules import DeadlineRule, Ladder
from engine.model.handing import NO_HANDING, HandingRules
from engine.model.identifiers import DeadlineKey, ElementId, MeasureCode, ProcedureKey, RoleKey
from engine.model.numbering import NumberRule
from engine.model.periods import Period, Unit
from engine.model.proposals import Scale
from engine.model.recurring import DunningRule, Schedule
from engine.model.retention import Retention
from engine.model.roles import Role
from engine.model.sanctions import Measure, RepeatRule
from engine.model.texts import Text


class Kind(StrEnum):
    """Whether a folder is a procedure of its own or called by others."""

    PROCEDURE = "procedure"
    SHARED = "shared"


class MandatoryStep(StrEnum):
    """Steps that cannot be skipped, jumped, signed by one of many or passed by time-out.

    Source: procedures §0.9; proposed, derived from the rights of the person concerned.
    """

    INVESTIGATION = "investigation"
    DEFENCE = "defence"
    COLLECTIVE_DECISION = "collective_decision"
    NOTICE_OF_RIGHTS = "notice_of_rights"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Article:
    """A provision in its own words, under the citation used everywhere.

    Attributes:
        note: What the platform does because of it, in our words.
    """

    citation: str
    title: Text | None
    text: str
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class NumberSeries:
    """A series of numbers and how they are written."""

    series: str
    rule: NumberRule


@dataclass(frozen=True, slots=True)
class StartRule:
    """How a case is opened.

    Attributes:
        message: The name of the start event's message; empty where it has none.
        form: The form shown when registering.
        roles: Who may register.
        fact: The fact stated by registering; empty where none is.
        happened: The answer that names the fact's day.
        timer: When a case opens by itself; None where none does.
    """

    message: str
    form: str
    roles: tuple[RoleKey, ...]
    fact: str
    happened: str = "happened_on"
    timer: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A way on which a clue arrives."""

    code: str
    title: Text
    source: str


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage shown on the case's page."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of the procedure that an administrator may change by a new version.

    Attributes:
        value: A whole number, a decimal, a text or a truth value.
        unit: The unit of a period, or None.
        source: The provision; empty where it is proposed.
    """

    key: str
    value: int | Decimal | str | bool
    unit: Unit | None = None
    source: str = ""

    @property
    def period(self) -> Period:
        """The parameter as a period.

        Raises:
            ValueError: It has no unit, or its value is no whole number.
        """
        if self.unit is None or not isinstance(self.value, int) or isinstance(self.value, bool):
            raise ValueError(f"the parameter {self.key} is no period")
        return Period(self.value, self.unit)

    @property
    def fraction(self) -> Fraction:
        """The parameter as a share, such as 2/3.

        Raises:
            ValueError: It is no share above 0 and up to 1.
        """
        return fraction_of(str(self.value))


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that can be switched on or off for a procedure (reforms, claims)."""

    key: str
    default: bool
    title: Text
    source: str


@dataclass(frozen=True, slots=True)
class FilingRule:
    """What may be filed while the case waits for it.

    Attributes:
        message: The message by which the case learns of it.
        by: The roles that may file it.
        deadline: The deadline within which it is in time, or None.
        fact: The fact it states; empty where none is.
        late_message: The message of a filing after the deadline; empty if it is refused.
        late_form: Its form; that of the filing where empty.
        into: The variable under which the answers are kept; empty for their own names.
        help: What people read before they file.
        confidential: Only the participants who may see the investigation see it.
        switch: The switch without which it is refused; empty where none is needed.
    """

    key: str
    title: Text
    message: str
    form: str
    by: tuple[RoleKey, ...]
    deadline: DeadlineKey | None
    fact: str
    late_message: str
    late_form: str
    into: str
    help: Text | None
    confidential: bool
    source: str
    switch: str = ""


@dataclass(frozen=True, slots=True)
class DocumentRule:
    """A document that the procedure makes.

    Attributes:
        template: The path of its template in the folder.
        docx: The path of the editable template; empty where there is none.
        number: Its series, allotted at issue; None if it has no number.
        required: Names that its data must have; it is not issued without them.
        data: By name: FEEL expressions, each beginning with ``=``, or plain values.
        served_to: Roles on which it is served, and ``subject_unit``.
        right_notice: It tells a person their rights.
    """

    key: str
    title: Text
    template: str
    docx: str
    number: NumberSeries | None
    required: tuple[str, ...]
    data: Mapping[str, object]
    served_to: tuple[str, ...]
    right_notice: bool


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """A short notice shown to participants; it holds nothing confidential."""

    key: str
    title: Text | None
    text: Text


@dataclass(frozen=True, slots=True)
class Exemption:
    """A check that this procedure is exempt from, with the reason.

    Attributes:
        rule: The check's name.
        element: The element concerned; empty for the whole procedure.
    """

    rule: str
    element: str
    reason: Text | None
    source: str


@dataclass(frozen=True, slots=True)
class TableGap:
    """A gap that a decision table has on purpose."""

    table: str
    reason: Text
    source: str


@dataclass(frozen=True, slots=True)
class ProcedureRules:
    """Everything that `procedure.yaml` states. Mappings keep the file's order.

    Attributes:
        process: The id of the BPMN process that a case runs.
        uses: The shared procedures that it calls.
        law: The texts relied on: id to title.
        lanes: The role of each lane, by the lane's name.
        calls: The policy handed to each call activity, by its element's id.
        policy: The defaults of what a shared procedure expects.
        variables: What the case's variables are before anything has set them.
        opens: The procedures whose cases it opens.
        dunning: Who may send reminder notices; None where nobody may.
        ladder: Before whom lateness is put, level by level; None where before nobody.
        deputy_votes: Whether a deputy may vote for a member of its bodies.
        retention: How long its closed cases are kept, at least; None where it says nothing.
    """

    key: ProcedureKey
    kind: Kind
    title: Text
    summary: Text | None
    process: str
    uses: tuple[str, ...]
    law: Mapping[str, Text]
    articles: Mapping[str, Article]
    number: NumberSeries | None
    start: StartRule | None
    channels: Mapping[str, Channel]
    lanes: Mapping[str, RoleKey]
    roles: Mapping[RoleKey, Role]
    stages: tuple[Stage, ...]
    deadlines: Mapping[DeadlineKey, DeadlineRule]
    parameters: Mapping[str, Parameter]
    switches: Mapping[str, Switch]
    mandatory: frozenset[MandatoryStep]
    tiers: tuple[str, ...]
    measures: Mapping[MeasureCode, Measure]
    filings: Mapping[str, FilingRule]
    calls: Mapping[ElementId, Mapping[str, object]]
    policy: Mapping[str, object]
    variables: Mapping[str, object]
    documents: Mapping[str, DocumentRule]
    notices: Mapping[str, NoticeRule]
    outcomes: Mapping[str, Text]
    exempt: tuple[Exemption, ...]
    gaps: tuple[TableGap, ...]
    opens: tuple[str, ...] = ()
    dunning: DunningRule | None = None
    ladder: Ladder | None = None
    handing: HandingRules = NO_HANDING
    deputy_votes: DeputyVotes = DeputyVotes.REFUSED
    retention: Retention | None = None

    @property
    def scale(self) -> Scale:
        """The order of tiers and measures, light to heavy."""
        return Scale(self.tiers, self.measures)

    @property
    def collective(self) -> CollectiveRules:
        """What a collective decision needs: `collective.*`, or the defaults.

        Raises:
            ValueError: A parameter has no such value; reading a procedure looks at it.
        """
        standard = CollectiveRules()
        return CollectiveRules(
            quorum=self.share("collective.quorum", standard.quorum),
            majority=self.share("collective.majority", standard.majority),
            least=self.whole("collective.least", standard.least),
            recused_are_entitled=self.truth(
                "collective.recused_are_entitled", default=standard.recused_are_entitled
            ),
        )

    @property
    def repeat(self) -> RepeatRule | None:
        """When somebody counts as a repeated offender, or None where it has no meaning.

        Raises:
            ValueError: A parameter has no such value; reading a procedure looks at it.
        """
        window = self.parameters.get("repeat.window")
        if window is None:
            return None
        return RepeatRule(
            window.period,
            self.whole("repeat.threshold", 2),
            self.truth("repeat.include_current", default=True),
        )

    @property
    def most_dunnings(self) -> int:
        """How many reminder notices one piece of work gets at most: `dunning.max`, else 2.

        Raises:
            ValueError: The parameter is no whole number.

        Source: S2 L80; SUP-011.
        """
        return self.whole("dunning.max", 2)

    def whole(self, key: str, default: int) -> int:
        """Return a parameter that is a whole number, or `default` where it is not set.

        Raises:
            ValueError: It is something else.
        """
        value = self.parameters[key].value if key in self.parameters else default
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError(f"the parameter {key} is no whole number")  # noqa: TRY004 -- a value is wrong
        return value

    def truth(self, key: str, *, default: bool) -> bool:
        """Return a parameter that is true or false, or `default` where it is not set.

        Raises:
            ValueError: It is something else.
        """
        value = self.parameters[key].value if key in self.parameters else default
        if not isinstance(value, bool):
            raise ValueError(f"the parameter {key} is neither true nor false")  # noqa: TRY004 -- as above
        return value

    def share(self, key: str, default: Fraction) -> Fraction:
        """Return a parameter that is a share, such as 2/3, or `default` where it is not set.

        Raises:
            ValueError: It is something else.
        """
        return self.parameters[key].fraction if key in self.parameters else default

    def starting_on(self, fact: str) -> tuple[DeadlineRule, ...]:
        """Return the deadlines that the fact starts."""
        return tuple(rule for rule in self.deadlines.values() if rule.starts == fact)

    def ending_on(self, fact: str) -> tuple[DeadlineRule, ...]:
        """Return the deadlines that the fact meets."""
        return tuple(rule for rule in self.deadlines.values() if rule.ends == fact)
