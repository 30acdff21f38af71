"""`for`, `some` and `every`."""

from collections.abc import Iterator
from decimal import Decimal

from bpmn.feel.compiler.free import mentions
from bpmn.feel.compiler.run import Closure, Frame, Handler, Translator
from bpmn.feel.errors import At, LimitExceeded, Semantic
from bpmn.feel.nodes import For, Node, Quantified, Steps
from bpmn.feel.values.dates import Date
from bpmn.feel.values.decimals import NUMBERS
from bpmn.feel.values.kinds import Value, wrong_type
from bpmn.feel.values.ranges import Form, Range

_Domain = tuple[str, Closure, At]


def _domains(iterations: tuple[tuple[str, Node], ...], translate: Translator) -> list[_Domain]:
    # Only the first domain is outside the variables; the others may use those before them.
    with translate.inside():
        return [(name, translate(domain), domain.at) for name, domain in iterations]


def _each(frame: Frame, domains: list[_Domain], place: int) -> Iterator[Frame]:
    """Give a frame for every combination, the last variable running fastest."""
    name, domain, at = domains[place]
    for value in _values(frame, domain(frame), at):
        frame.run.spend(1)
        inner = Frame(frame.run, {name: value}, frame)
        if place + 1 < len(domains):
            yield from _each(inner, domains, place + 1)
        else:
            yield inner


class NoDomain(Semantic):
    """What should be iterated over is neither list nor range."""


def _values(frame: Frame, domain: Value, at: At) -> Iterator[Value]:
    if type(domain) is list:
        return iter(domain)
    if type(domain) is Range:
        try:
            return _inside(frame, domain)
        except Semantic as reason:
            raise _no_domain(frame, reason, at) from reason
    if domain is None:
        raise _no_domain(frame, wrong_type("list", domain), at)
    return iter([domain])


def _no_domain(frame: Frame, reason: Semantic, at: At) -> NoDomain:
    frame.run.warn(reason, at)
    return NoDomain(reason.kind, reason.zh, reason.en)


def _inside(frame: Frame, limits: Range) -> Iterator[Value]:
    if limits.form is not Form.INTERVAL or limits.start is None or limits.end is None:
        raise wrong_type("list", limits)
    values = list(_stepped(frame, limits.start, limits.end, down=False))
    if values and not limits.start_included:
        values = values[1:]
    if values and not limits.end_included and values[-1] == limits.end:
        values = values[:-1]
    return iter(values)


def _stepped(frame: Frame, start: Value, end: Value, *, down: bool) -> Iterator[Value]:
    if type(start) is Decimal and type(end) is Decimal:
        _check_length(frame, _distance(start, end) if down or end >= start else Decimal(0))
        low, high = int(start), int(end)
        if low != start or high != end:
            raise wrong_type("integer", start)
        return iter([Decimal(number) for number in _counted(low, high, down=down)])
    if type(start) is Date and type(end) is Date:
        first, last = start.ordinal, end.ordinal
        _check_length(frame, Decimal(abs(last - first)))
        return iter([Date.from_ordinal(day) for day in _counted(first, last, down=down)])
    raise wrong_type("number", start if type(start) is not Decimal else end)


def _distance(start: Decimal, end: Decimal) -> Decimal:
    return NUMBERS.abs(NUMBERS.subtract(end, start))


def _check_length(frame: Frame, length: Decimal) -> None:
    bound = frame.run.env.limits.list_length
    if length >= bound:
        raise LimitExceeded("list_length", bound)
    frame.run.spend(1 + int(length) // 4)


def _counted(first: int, last: int, *, down: bool) -> range:
    if down and last < first:
        return range(first, last - 1, -1)
    return range(first, last + 1)


def _steps(node: Steps, translate: Translator) -> Closure:
    start, end, at = translate(node.start), translate(node.end), node.at

    def make(frame: Frame) -> Value:
        try:
            return list(_stepped(frame, start(frame), end(frame), down=True))
        except Semantic as reason:
            frame.run.warn(reason, at)
            return None

    return make


def _for(node: For, translate: Translator) -> Closure:
    domains = _domains(node.iterations, translate)
    with translate.inside():
        body = translate(node.body)
    uses_partial = mentions(node.body, "partial")

    def iterate(frame: Frame) -> Value:
        found: list[Value] = []
        try:
            for inner in _each(frame, domains, 0):
                if uses_partial:
                    frame.run.spend(len(found))
                    inner = Frame(frame.run, {"partial": list(found)}, inner)  # noqa: PLW2901
                found.append(body(inner))
                if len(found) > frame.run.env.limits.list_length:
                    raise LimitExceeded("list_length", frame.run.env.limits.list_length)
        except NoDomain:
            return None
        return found

    return iterate


def _quantified(node: Quantified, translate: Translator) -> Closure:
    domains = _domains(node.iterations, translate)
    with translate.inside():
        condition = translate(node.condition)
    at = node.at
    decisive = node.quantifier == "some"

    def decide(frame: Frame) -> Value:
        result: bool | None = not decisive
        try:
            for inner in _each(frame, domains, 0):
                met = condition(inner)
                if met is decisive:
                    return decisive
                if met is not True and met is not False:
                    result = None
                    if met is not None:
                        frame.run.warn(wrong_type("boolean", met), at)
        except NoDomain:
            return None
        return result

    return decide


HANDLERS: dict[type[Node], Handler] = {For: _for, Quantified: _quantified, Steps: _steps}
