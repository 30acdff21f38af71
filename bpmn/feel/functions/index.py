"""All built-in functions by name."""

from collections.abc import Mapping
from types import MappingProxyType

from bpmn.feel.functions import (
    contexts,
    conversion,
    intervals,
    lists,
    logic,
    numeric,
    sorting,
    strings,
    temporal,
)
from bpmn.feel.values.callables import Function

BUILT_IN: Mapping[str, Function] = MappingProxyType(
    {
        **conversion.FUNCTIONS,
        **logic.FUNCTIONS,
        **strings.FUNCTIONS,
        **lists.FUNCTIONS,
        **numeric.FUNCTIONS,
        **temporal.FUNCTIONS,
        **intervals.FUNCTIONS,
        **contexts.FUNCTIONS,
        **sorting.FUNCTIONS,
    }
)
NAMES = frozenset(BUILT_IN)
