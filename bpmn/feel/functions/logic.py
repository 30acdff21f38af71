"""Boolean functions (DMN 1.5, 10.3.4.2), and `is`."""

from bpmn.feel.functions.family import Family, Running, spread
from bpmn.feel.values.comparing import same
from bpmn.feel.values.kinds import Value, unwrapped, wrong_type
from bpmn.feel.values.times import DateTime, Time

FUNCTIONS = Family()
_define = FUNCTIONS.define


@_define("not", ("negand",))
def _not(_run: Running, value: Value) -> Value:
    value = unwrapped(value)
    if value is None:
        return None
    if type(value) is not bool:
        raise wrong_type("boolean", value)
    return not value


def _decide(run: Running, values: list[Value], *, decisive: bool) -> Value:
    run.spend(len(values))
    if any(value is decisive for value in values):
        return decisive
    if any(value is not (not decisive) for value in values):
        odd = next(value for value in values if value is not (not decisive))
        if odd is None:
            return None
        raise wrong_type("boolean", odd)
    return not decisive


@_define("all", ("list...",))
def _all(run: Running, *values: Value) -> Value:
    if not values:
        raise wrong_type("list", None)
    return _decide(run, spread(values), decisive=False)


@_define("any", ("list...",))
def _any(run: Running, *values: Value) -> Value:
    if not values:
        raise wrong_type("list", None)
    return _decide(run, spread(values), decisive=True)


FUNCTIONS["and"] = FUNCTIONS["all"]
FUNCTIONS["or"] = FUNCTIONS["any"]


@_define("is", ("value1", "value2"))
def _is(run: Running, one: Value, two: Value) -> Value:
    if type(one) is not type(two):
        return False
    if isinstance(one, Time | DateTime) and isinstance(two, Time | DateTime):
        # Stricter than `=`: the same instant in two zones is not the same value.
        return one == two
    return same(one, two, run.spend)
