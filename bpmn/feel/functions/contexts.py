"""Context functions (DMN 1.5, 10.3.4.10)."""

from bpmn.feel.errors import Semantic
from bpmn.feel.functions.family import Family, Running, context, items, string
from bpmn.feel.values.kinds import Value, wrong_type

FUNCTIONS = Family()
_define = FUNCTIONS.define


@_define("get value", ("m", "key"), ("context", "keys"))
def _get_value(_run: Running, values: Value, key: Value) -> Value:
    found = context(values)
    if type(key) is not list:
        return found.get(string(key))
    if not key:
        raise wrong_type("string", None)
    value: Value = found
    for name in key:
        value = context(value).get(string(name))
    return value


@_define("get entries", ("m",))
def _get_entries(run: Running, values: Value) -> Value:
    found = context(values)
    run.grown(len(found))
    return [{"key": key, "value": value} for key, value in found.items()]


@_define("context", ("entries",))
def _context(run: Running, entries: Value) -> Value:
    made: dict[str, Value] = {}
    found = items(entries)
    run.grown(len(found))
    for entry in found:
        pair = context(entry)
        if "key" not in pair or "value" not in pair:
            raise Semantic(
                "entry", "每项须有 key 与 value。", "Every entry needs a key and a value."
            )
        key = string(pair["key"])
        if key in made:
            raise Semantic("duplicate-key", f"键“{key}”重复。", f"The key {key!r} stands twice.")
        made[key] = pair["value"]
    return made


@_define("context put", ("context", "key", "value"), ("context", "keys", "value"))
def _context_put(run: Running, values: Value, key: Value, value: Value) -> Value:
    found = context(values)
    run.grown(len(found) + 1)
    if type(key) is not list:
        return {**found, string(key): value}
    if not key:
        raise wrong_type("string", None)
    name = string(key[0])
    if len(key) == 1:
        return {**found, name: value}
    inner = found.get(name)
    if inner is None:
        inner = {}
    return {**found, name: _context_put(run, inner, key[1:], value)}


@_define("context merge", ("contexts",))
def _context_merge(run: Running, contexts: Value) -> Value:
    made: dict[str, Value] = {}
    for one in items(contexts):
        found = context(one)
        run.grown(len(made) + len(found))
        made.update(found)
    return made
