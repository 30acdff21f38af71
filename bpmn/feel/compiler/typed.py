"""`instance of`, and the types of parameters (DMN 1.5, 10.3.2.9)."""

from collections.abc import Callable

from bpmn.feel.compiler.run import Closure, Frame, Handler, Run, Translator
from bpmn.feel.errors import Semantic
from bpmn.feel.nodes import (
    ContextType,
    FunctionType,
    InstanceOf,
    ListType,
    NamedType,
    Node,
    RangeType,
    Type,
)
from bpmn.feel.values.durations import DaysTime, YearsMonths
from bpmn.feel.values.kinds import Value, type_of, unwrapped

_ALIASES = {"any": "Any", "null": "Null"}


def belongs(run: Run, value: Value, kind: Type) -> bool:
    """Return whether a value is of a type; null is only of type Null, and of no other.

    Raises:
        Semantic: Nobody knows the type.
    """
    if isinstance(kind, NamedType):
        return _named(run, value, _ALIASES.get(kind.name, kind.name))
    if isinstance(kind, ListType):
        return type_of(value) == "list" and all(_fits(run, item, kind.of) for item in value)
    if isinstance(kind, RangeType):
        return type_of(value) == "range" and all(
            end is None or belongs(run, end, kind.of) for end in (value.start, value.end)
        )
    if isinstance(kind, ContextType):
        return type_of(value) == "context" and all(
            key in value and _fits(run, value[key], entry) for key, entry in kind.entries
        )
    if isinstance(kind, FunctionType):
        return type_of(value) == "function" and len(value.parameters) == len(kind.parameters)
    raise TypeError(kind)


def _fits(run: Run, value: Value, kind: Type) -> bool:
    return value is None or belongs(run, value, kind)


def _named(run: Run, value: Value, name: str) -> bool:
    if name == "Any":
        return value is not None
    if name == "duration":
        return type(value) in {YearsMonths, DaysTime}
    if name in _NAMES:
        return type_of(value) == name
    check = run.env.types.get(name)
    if check is None:
        raise Semantic(
            "unknown-type", f"类型“{name}”未定义。", f"The type {name!r} is not defined."
        )
    return check(value)


_NAMES = frozenset(
    {"Null", "boolean", "number", "string", "date", "time", "date and time", "list", "context",
     "range", "function", "years and months duration", "days and time duration"}
)  # fmt: skip


def _instance(node: InstanceOf, translate: Translator) -> Closure:
    value, kind, at = translate(node.value), node.type, node.at

    def decide(frame: Frame) -> Value:
        try:
            return belongs(frame.run, value(frame), kind)
        except Semantic as reason:
            frame.run.warn(reason, at)
            return None

    return decide


def checker(kind: Type) -> Callable[[Run, Value], Value]:
    """Return what makes an argument fit the type of its parameter.

    A list of one and its element are taken for each other; what still does not fit is refused.
    """

    def check(run: Run, value: Value) -> Value:
        if _fits(run, value, kind):
            return value
        single = unwrapped(value)
        if single is not value and _fits(run, single, kind):
            return single
        if isinstance(kind, ListType) and _fits(run, [value], kind):
            return [value]
        raise Semantic(
            "parameter-type",
            "参数的类型与函数声明不符。",
            "An argument is not of the type that the function declares.",
        )

    return check


HANDLERS: dict[type[Node], Handler] = {InstanceOf: _instance}
