"""What the host hands to an evaluation: clock, zone, functions, types and bounds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bpmn.feel.errors import LimitExceeded, Semantic
from bpmn.feel.limits import Limits
from bpmn.feel.values.callables import Function, signature_of
from bpmn.feel.values.conversion import normalise
from bpmn.feel.values.kinds import Value

_NOTHING: Mapping[str, Function] = MappingProxyType({})
_NO_TYPES: Mapping[str, Callable[[Value], bool]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything an expression can see besides its scope.

    Attributes:
        now: The clock; gives an aware instant. Without one `now()` and `today()` are null.
        zone: The civil time of `now()` and `today()`.
        functions: The host's functions by name; they hide the standard's.
        limits: Bounds of one evaluation.
        types: Item definitions by name, for `instance of` and parameters; each says whether a
            value belongs to the type.
    """

    now: Callable[[], datetime] | None = None
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    functions: Mapping[str, Function] = field(default_factory=lambda: _NOTHING)
    limits: Limits = field(default_factory=Limits)
    types: Mapping[str, Callable[[Value], bool]] = field(default_factory=lambda: _NO_TYPES)


PLAIN = Environment()
"""No clock, no functions of a host, the default bounds."""


def host_function(
    name: str, parameters: Sequence[str], fn: Callable[..., object], *others: Sequence[str]
) -> Function:
    """Return a function of the host as a value that expressions call by position or by name.

    Args:
        name: What expressions call it.
        parameters: Names of the parameters; `name?` may be left out, a last `name...` repeats.
        fn: Takes FEEL values by position, and gives anything that `normalise` takes. It may
            raise `Semantic`, or `ValueError` with a sentence, for a null with a warning.
        others: Further ways to call it, by their parameters; `fn` gets what was given.
    """

    def invoke(_run: object, arguments: list[Value]) -> Value:
        try:
            return normalise(fn(*arguments))
        except LimitExceeded:
            raise
        except ValueError as cause:
            raise Semantic(
                "host-function", f"函数“{name}”：{cause}", f"The function {name!r}: {cause}"
            ) from cause

    return Function(name, tuple(map(signature_of, (parameters, *others))), invoke)
