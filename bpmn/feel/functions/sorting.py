"""`sort` (DMN 1.5, 10.3.4.6)."""

from functools import cmp_to_key

from bpmn.feel.functions.family import Family, Running, items
from bpmn.feel.values.callables import Function
from bpmn.feel.values.comparing import before
from bpmn.feel.values.kinds import Value, wrong_type

FUNCTIONS = Family()


@FUNCTIONS.define("sort", ("list", "precedes?"))
def _sort(run: Running, values: Value, precedes: Value = None) -> Value:
    found = items(values)
    run.grown(len(found))
    if precedes is not None and type(precedes) is not Function:
        raise wrong_type("function", precedes)

    def goes_first(one: Value, two: Value) -> bool:
        run.spend(1)
        if type(precedes) is not Function:
            return before(one, two)
        met = precedes.call(run, [one, two])
        if type(met) is not bool:
            raise wrong_type("boolean", met)
        return met

    def compare(one: Value, two: Value) -> int:
        if goes_first(one, two):
            return -1
        return 1 if goes_first(two, one) else 0

    return sorted(found, key=cmp_to_key(compare))
