"""String functions (DMN 1.5, 10.3.4.3)."""

from decimal import Decimal
from functools import lru_cache

from bpmn.feel.errors import Semantic
from bpmn.feel.functions.family import Family, Running, integer, items, string
from bpmn.feel.regex import Pattern, PatternError, compile_pattern, parse_replacement
from bpmn.feel.values.kinds import Value, wrong_type

FUNCTIONS = Family()
_define = FUNCTIONS.define


def _read(run: Running, value: Value) -> str:
    """Return a string, counting its length: even to look through it takes its time."""
    found = string(value)
    run.spend(len(found) // 100)
    return found


@_define("substring", ("string", "start position", "length?"))
def _substring(run: Running, text: Value, start: Value, length: Value = None) -> Value:
    source = _read(run, text)
    first = integer(start)
    if not first or abs(first) > len(source):
        raise Semantic(
            "index",
            f"起始位置 {first} 超出文本（共 {len(source)} 个字符）。",
            f"The position {first} is outside the string of {len(source)} characters.",
        )
    begin = first - 1 if first > 0 else len(source) + first
    if length is None:
        return source[begin:]
    count = integer(length)
    if count < 1:
        raise Semantic("index", "长度须大于零。", "The length must be above zero.")
    return source[begin : begin + count]


@_define("string length", ("string",))
def _length(run: Running, text: Value) -> Value:
    return Decimal(len(_read(run, text)))


@_define("upper case", ("string",))
def _upper(run: Running, text: Value) -> Value:
    return run.built(_read(run, text).upper())


@_define("lower case", ("string",))
def _lower(run: Running, text: Value) -> Value:
    return run.built(_read(run, text).lower())


@_define("trim", ("string",))
def _trim(run: Running, text: Value) -> Value:
    return run.built(_read(run, text).strip())


@_define("substring before", ("string", "match"))
def _substring_before(run: Running, text: Value, match: Value) -> Value:
    source, wanted = _read(run, text), _read(run, match)
    return source.partition(wanted)[0] if wanted and wanted in source else ""


@_define("substring after", ("string", "match"))
def _substring_after(run: Running, text: Value, match: Value) -> Value:
    source, wanted = _read(run, text), _read(run, match)
    return source.partition(wanted)[2] if wanted else source


@_define("contains", ("string", "match"))
def _contains(run: Running, text: Value, match: Value) -> Value:
    return _read(run, match) in _read(run, text)


@_define("starts with", ("string", "match"))
def _starts_with(run: Running, text: Value, match: Value) -> Value:
    return _read(run, text).startswith(_read(run, match))


@_define("ends with", ("string", "match"))
def _ends_with(run: Running, text: Value, match: Value) -> Value:
    return _read(run, text).endswith(_read(run, match))


@lru_cache(maxsize=256)
def _compiled(pattern: str, flags: str) -> Pattern:
    return compile_pattern(pattern, flags)


def _pattern(run: Running, pattern: Value, flags: Value) -> Pattern:
    source = string(pattern)
    marks = "" if flags is None else string(flags)
    if len(source) > run.env.limits.pattern_length:
        raise Semantic("pattern", "正则表达式过长。", "The regular expression is too long.")
    try:
        return _compiled(source, marks)
    except PatternError as cause:
        raise Semantic(
            "pattern",
            f"正则表达式无效：第 {cause.place + 1} 个字符处。",
            f"That is no regular expression: {cause}.",
        ) from cause


@_define("matches", ("input", "pattern", "flags?"))
def _matches(run: Running, text: Value, pattern: Value, flags: Value = None) -> Value:
    return _pattern(run, pattern, flags).search(_read(run, text), 0, run.spend) is not None


@_define("replace", ("input", "pattern", "replacement", "flags?"))
def _replace(
    run: Running, text: Value, pattern: Value, replacement: Value, flags: Value = None
) -> Value:
    source = _read(run, text)
    found = _pattern(run, pattern, flags)
    marks = flags if type(flags) is str else ""
    try:
        expand = parse_replacement(string(replacement), found.groups, plain="q" in marks)
    except PatternError as cause:
        raise Semantic(
            "pattern",
            "替换文本无效：$ 后应为组号，\\ 后应为 \\ 或 $。",
            f"The replacement is not valid: {cause}.",
        ) from cause
    made: list[str] = []
    length = 0
    end = 0
    for match in found.every(source, run.spend):
        part = expand(source, match)
        made.append(source[end : match[0]])
        made.append(part)
        length += len(part)
        if length > run.env.limits.string_length:
            run.built("".join(made))
        end = match[1]
    made.append(source[end:])
    return run.built("".join(made))


@_define("split", ("string", "delimiter"))
def _split(run: Running, text: Value, delimiter: Value) -> Value:
    source = _read(run, text)
    found = _pattern(run, delimiter, None)
    if found.search("", 0, run.spend) is not None:
        raise Semantic("pattern", "分隔符不能为空。", "A delimiter cannot be empty.")
    parts: list[Value] = []
    end = 0
    for match in found.every(source, run.spend):
        parts.append(source[end : match[0]])
        end = match[1]
    parts.append(source[end:])
    run.grown(len(parts))
    return parts


@_define("string join", ("list", "delimiter?", "prefix?", "suffix?"))
def _join(
    run: Running, values: Value, delimiter: Value = None, prefix: Value = None, suffix: Value = None
) -> Value:
    parts = [part for part in items(values) if part is not None]
    odd = next((part for part in parts if type(part) is not str), None)
    if odd is not None:
        raise wrong_type("string", odd)
    run.spend(len(parts))
    between = "" if delimiter is None else string(delimiter)
    if len(between) * len(parts) + sum(map(len, parts)) > run.env.limits.string_length:
        run.built(" " * (run.env.limits.string_length + 1))
    before = "" if prefix is None else string(prefix)
    after = "" if suffix is None else string(suffix)
    return run.built(before + between.join(parts) + after)


@_define("encode for URI", ("value",))
def _encode(run: Running, value: Value) -> Value:
    source = _read(run, value)
    kept = frozenset("-._~")
    return run.built(
        "".join(
            character
            if (character.isascii() and character.isalnum()) or character in kept
            else "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))
            for character in source
        )
    )
