"""A decision file as it is written: what was read, before anything is compiled.

The names are those of DMN 1.5 (chapters 6 to 8 and 10.2); nothing here knows XML.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

DecisionId = NewType("DecisionId", str)
RuleId = NewType("RuleId", str)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: the id of the element (or of the nearest with one) and its line."""

    element: str = ""
    line: int = 0


class HitPolicy(StrEnum):
    """How many rules may match, and what becomes of their outputs (DMN 1.5, 8.2.8)."""

    UNIQUE = "UNIQUE"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    FIRST = "FIRST"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"
    COLLECT = "COLLECT"


class Aggregation(StrEnum):
    """What COLLECT makes of the outputs: C+, C<, C>, C#."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


class Orientation(StrEnum):
    """How a table is drawn; it says nothing about what the table means."""

    ROWS = "Rule-as-Row"
    COLUMNS = "Rule-as-Column"
    CROSSTAB = "CrossTable"


@dataclass(frozen=True, slots=True)
class Variable:
    """An information item: a name and, where declared, its type."""

    name: str
    type_ref: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of FEEL and where it stands."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal expression."""

    place: Place
    type_ref: str | None
    source: Source


@dataclass(frozen=True, slots=True)
class InputClause:
    """One input of a table: its expression and the values that may come.

    `variable` is the name by which its cells may call the input besides `?` (Camunda's
    `inputVariable`), or "".
    """

    id: str
    label: str
    source: Source
    type_ref: str | None
    allowed: Source | None
    variable: str = ""


@dataclass(frozen=True, slots=True)
class OutputClause:
    """One output of a table: its name, the values that may leave (best first), its default."""

    id: str
    name: str
    label: str
    type_ref: str | None
    allowed: Source | None
    default: Source | None
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a table; `inputs` and `outputs` stand in the order of the clauses."""

    id: RuleId
    inputs: tuple[Source, ...]
    outputs: tuple[Source, ...]
    annotations: tuple[str, ...]
    description: str
    place: Place


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table."""

    place: Place
    type_ref: str | None
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    orientation: Orientation
    label: str
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    annotations: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a context; without a variable it is the context's result."""

    variable: Variable | None
    value: "Boxed"


@dataclass(frozen=True, slots=True)
class Context:
    """A boxed context."""

    place: Place
    type_ref: str | None
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Binding:
    """A parameter of an invocation and what is handed over; nothing means null."""

    parameter: Variable
    value: "Boxed | None"


@dataclass(frozen=True, slots=True)
class Invocation:
    """A boxed invocation."""

    place: Place
    type_ref: str | None
    called: "Boxed"
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A boxed function; `external` names what it would call outside FEEL, which is never called."""

    place: Place
    type_ref: str | None
    parameters: tuple[Variable, ...]
    body: "Boxed | None"
    external: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A boxed relation: a list of contexts with the same names."""

    place: Place
    type_ref: str | None
    columns: tuple[Variable, ...]
    rows: tuple[tuple["Boxed", ...], ...]


@dataclass(frozen=True, slots=True)
class BoxedList:
    """A boxed list."""

    place: Place
    type_ref: str | None
    items: tuple["Boxed", ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """A boxed conditional."""

    place: Place
    type_ref: str | None
    condition: "Boxed"
    then: "Boxed"
    otherwise: "Boxed"


@dataclass(frozen=True, slots=True)
class Filter:
    """A boxed filter."""

    place: Place
    type_ref: str | None
    within: "Boxed"
    match: "Boxed"


class Iteration(StrEnum):
    """What a boxed iterator does with its elements."""

    FOR = "for"
    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True)
class Iterator:
    """A boxed `for`, `some` or `every`."""

    place: Place
    type_ref: str | None
    kind: Iteration
    variable: str
    within: "Boxed"
    within_type: str | None
    body: "Boxed"


Boxed = (
    Literal
    | Table
    | Context
    | Invocation
    | FunctionDefinition
    | Relation
    | BoxedList
    | Conditional
    | Filter
    | Iterator
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to an element of this file or of an imported one."""

    namespace: str
    id: str
    place: Place

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells elements apart across imported files."""
        return (self.namespace, self.id)


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A declared type (DMN 1.5, 7.3.2); `output_type` is what a function gives."""

    name: str
    place: Place
    type_ref: str | None = None
    is_collection: bool = False
    is_function: bool = False
    components: tuple["ItemDefinition", ...] = ()
    allowed: Source | None = None
    constraint: Source | None = None
    output_type: str | None = None


@dataclass(frozen=True, slots=True)
class InputData:
    """Something that is given from outside."""

    id: str
    name: str
    variable: Variable
    place: Place


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: what it requires and its logic, if it has any.

    Attributes:
        id: Its id, or its name where the file gives none.
        requires: Decisions and input data whose values it reads.
        knowledge: Business knowledge models and decision services that it may call.
    """

    id: DecisionId
    name: str
    variable: Variable
    question: str
    allowed_answers: str
    description: str
    requires: tuple[Reference, ...]
    knowledge: tuple[Reference, ...]
    logic: Boxed | None
    place: Place


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A business knowledge model: logic with parameters, called by decisions."""

    id: str
    name: str
    variable: Variable
    knowledge: tuple[Reference, ...]
    logic: FunctionDefinition | None
    place: Place


@dataclass(frozen=True, slots=True)
class DecisionService:
    """A set of decisions behind one call."""

    id: str
    name: str
    variable: Variable
    outputs: tuple[Reference, ...]
    encapsulated: tuple[Reference, ...]
    input_decisions: tuple[Reference, ...]
    input_data: tuple[Reference, ...]
    place: Place


Element = InputData | Decision | KnowledgeModel | DecisionService


@dataclass(frozen=True, slots=True)
class Import:
    """Another file whose elements may be named with `name` in front; "" brings them in bare."""

    name: str
    namespace: str
    location: str
    place: Place


@dataclass(frozen=True, slots=True)
class Definitions:
    """One decision file."""

    file: str
    name: str
    namespace: str
    imports: tuple[Import, ...]
    types: tuple[ItemDefinition, ...]
    elements: tuple[Element, ...] = field(default=())
