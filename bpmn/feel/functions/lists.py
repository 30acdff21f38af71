"""List functions (DMN 1.5, 10.3.4.4)."""

from decimal import Decimal, DecimalException

from bpmn.feel.errors import Semantic
from bpmn.feel.functions.family import Family, Running, integer, items, spread
from bpmn.feel.values.callables import Function
from bpmn.feel.values.comparing import before, same
from bpmn.feel.values.decimals import NUMBERS, ONE, ZERO, out_of_range
from bpmn.feel.values.kinds import Value, wrong_type

FUNCTIONS = Family()
_define = FUNCTIONS.define


@_define("list contains", ("list", "element"))
def _list_contains(run: Running, values: Value, element: Value) -> Value:
    found = items(values)
    run.spend(len(found))
    return any(same(item, element, run.spend) for item in found)


@_define("count", ("list",))
def _count(_run: Running, values: Value) -> Value:
    return Decimal(len(items(values)))


def _given(values: tuple[Value, ...]) -> list[Value]:
    if not values:
        raise wrong_type("list", None)
    return spread(values)


def _extreme(run: Running, values: tuple[Value, ...], *, least: bool) -> Value:
    found = _given(values)
    run.spend(len(found))
    if not found:
        return None
    best = found[0]
    for value in found:
        if before(value, best) if least else before(best, value):
            best = value
    return best


@_define("min", ("list...",))
def _min(run: Running, *values: Value) -> Value:
    return _extreme(run, values, least=True)


@_define("max", ("list...",))
def _max(run: Running, *values: Value) -> Value:
    return _extreme(run, values, least=False)


def _numbers(run: Running, values: tuple[Value, ...]) -> list[Decimal]:
    found = _given(values)
    run.spend(len(found))
    odd = next((value for value in found if type(value) is not Decimal), found)
    if odd is not found:
        raise wrong_type("number", odd)
    return found


def _total(numbers: list[Decimal]) -> Decimal:
    total = ZERO
    for one in numbers:
        total = NUMBERS.add(total, one)
    return total


@_define("sum", ("list...",))
def _sum(run: Running, *values: Value) -> Value:
    found = _numbers(run, values)
    return _total(found) if found else None


@_define("mean", ("list...",))
def _mean(run: Running, *values: Value) -> Value:
    found = _numbers(run, values)
    return NUMBERS.divide(_total(found), Decimal(len(found))) if found else None


@_define("product", ("list...",))
def _product(run: Running, *values: Value) -> Value:
    found = _numbers(run, values)
    if not found:
        return None
    product = ONE
    try:
        for one in found:
            product = NUMBERS.multiply(product, one)
    except DecimalException as cause:
        raise out_of_range() from cause
    return product


@_define("median", ("list...",))
def _median(run: Running, *values: Value) -> Value:
    found = sorted(_numbers(run, values))
    if not found:
        return None
    middle = len(found) // 2
    if len(found) % 2:
        return found[middle]
    return NUMBERS.divide(NUMBERS.add(found[middle - 1], found[middle]), Decimal(2))


@_define("stddev", ("list...",))
def _stddev(run: Running, *values: Value) -> Value:
    found = _numbers(run, values)
    if len(found) < 2:  # noqa: PLR2004 - a sample of one has no deviation
        return None
    mean = NUMBERS.divide(_total(found), Decimal(len(found)))
    squares = [NUMBERS.power(NUMBERS.subtract(one, mean), 2) for one in found]
    return NUMBERS.sqrt(NUMBERS.divide(_total(squares), Decimal(len(found) - 1)))


@_define("mode", ("list...",))
def _mode(run: Running, *values: Value) -> Value:
    counted: dict[Decimal, int] = {}
    for one in _numbers(run, values):
        counted[one] = counted.get(one, 0) + 1
    most = max(counted.values(), default=0)
    return sorted(one for one, count in counted.items() if count == most)


def _place(values: list[Value], position: Value) -> int:
    place = integer(position)
    if not place or abs(place) > len(values):
        raise Semantic(
            "index",
            f"位置 {place} 超出列表（共 {len(values)} 项）。",
            f"The position {place} is outside the list of {len(values)} items.",
        )
    return place - 1 if place > 0 else len(values) + place


@_define("sublist", ("list", "start position", "length?"))
def _sublist(run: Running, values: Value, start: Value, length: Value = None) -> Value:
    found = items(values)
    begin = _place(found, start)
    end = len(found)
    if length is not None:
        count = integer(length)
        if count < 1 or begin + count > end:
            raise Semantic("index", "长度超出列表。", "The length passes the end of the list.")
        end = begin + count
    run.grown(end - begin)
    return found[begin:end]


@_define("append", ("list", "item..."))
def _append(run: Running, values: Value, *further: Value) -> Value:
    found = items(values)
    run.grown(len(found) + len(further))
    return [*found, *further]


@_define("concatenate", ("list...",))
def _concatenate(run: Running, *values: Value) -> Value:
    if not values:
        raise wrong_type("list", None)
    joined: list[Value] = []
    for value in values:
        found = items(value)
        run.grown(len(joined) + len(found))
        joined.extend(found)
    return joined


@_define("insert before", ("list", "position", "newItem"))
def _insert_before(run: Running, values: Value, position: Value, new: Value) -> Value:
    found = items(values)
    place = _place(found, position)
    run.grown(len(found) + 1)
    return [*found[:place], new, *found[place:]]


@_define("remove", ("list", "position"))
def _remove(run: Running, values: Value, position: Value) -> Value:
    found = items(values)
    place = _place(found, position)
    run.grown(len(found))
    return [*found[:place], *found[place + 1 :]]


@_define("list replace", ("list", "position", "newItem"), ("list", "match", "newItem"))
def _list_replace(run: Running, values: Value, where: Value, new: Value) -> Value:
    found = items(values)
    run.grown(len(found))
    if type(where) is not Function:
        place = _place(found, where)
        return [*found[:place], new, *found[place + 1 :]]
    made: list[Value] = []
    for item in found:
        met = where.call(run, [item, new])
        if type(met) is not bool:
            raise wrong_type("boolean", met)
        made.append(new if met else item)
    return made


@_define("reverse", ("list",))
def _reverse(run: Running, values: Value) -> Value:
    found = items(values)
    run.grown(len(found))
    return found[::-1]


@_define("index of", ("list", "match"))
def _index_of(run: Running, values: Value, match: Value) -> Value:
    found = items(values)
    run.grown(len(found))
    return [Decimal(place) for place, item in enumerate(found, 1) if same(item, match, run.spend)]


def _distinct(run: Running, values: list[Value]) -> list[Value]:
    made: list[Value] = []
    seen: set[tuple[type, Value]] = set()
    for value in values:
        if type(value) in _HASHABLE:
            key = (type(value), value)
            if key not in seen:
                seen.add(key)
                made.append(value)
            continue
        run.spend(len(made))
        if not any(same(value, other, run.spend) for other in made):
            made.append(value)
    return made


# Values whose equality in FEEL is that of Python, and which can be looked up at once.
_HASHABLE = frozenset({type(None), bool, str, Decimal})


@_define("union", ("list...",))
def _union(run: Running, *values: Value) -> Value:
    return _distinct(run, _concatenate(run, *values))


@_define("distinct values", ("list",))
def _distinct_values(run: Running, values: Value) -> Value:
    found = items(values)
    run.grown(len(found))
    return _distinct(run, found)


@_define("flatten", ("list",))
def _flatten(run: Running, values: Value) -> Value:
    made: list[Value] = []
    left = [iter(items(values))]
    while left:
        for value in left[-1]:
            run.spend(1)
            if type(value) is list:
                left.append(iter(value))
                break
            made.append(value)
        else:
            left.pop()
    run.grown(len(made))
    return made
