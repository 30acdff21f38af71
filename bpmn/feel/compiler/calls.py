"""Calls, and functions that expressions define."""

from bpmn.feel.compiler.run import Closure, Frame, Handler, Run, Translator
from bpmn.feel.compiler.typed import checker
from bpmn.feel.errors import At, LimitExceeded, Semantic
from bpmn.feel.nodes import Call, ContextLiteral, Lambda, Literal, NamedCall, Node
from bpmn.feel.values.callables import Function, Signature
from bpmn.feel.values.kinds import Value, type_in_chinese, type_of


def _no_function(value: Value) -> Semantic:
    kind = type_of(value)
    return Semantic(
        "no-function",
        f"{type_in_chinese(kind)}不是函数，不能调用。",
        f"A {kind} is no function and cannot be called.",
    )


def _function(frame: Frame, of: Closure, at: At) -> Function | None:
    function = of(frame)
    if type(function) is Function:
        return function
    frame.run.warn(_no_function(function), at)
    return None


def _call(node: Call, translate: Translator) -> Closure:
    of, at = translate(node.of), node.at
    arguments = [translate(argument) for argument in node.arguments]

    def call(frame: Frame) -> Value:
        function = _function(frame, of, at)
        if function is None:
            return None
        run = frame.run
        run.spend(1)
        try:
            return function.call(run, [argument(frame) for argument in arguments])
        except Semantic as reason:
            run.warn(reason, at)
        return None

    return call


def _named_call(node: NamedCall, translate: Translator) -> Closure:
    of, at = translate(node.of), node.at
    arguments = [(name, translate(argument)) for name, argument in node.arguments]

    def call(frame: Frame) -> Value:
        function = _function(frame, of, at)
        if function is None:
            return None
        run = frame.run
        run.spend(1)
        given = {name: argument(frame) for name, argument in arguments}
        try:
            return function.call_named(run, given)
        except Semantic as reason:
            run.warn(reason, at)
        return None

    return call


def _lambda(node: Lambda, translate: Translator) -> Closure:
    names = tuple(name for name, _type in node.parameters)
    checks = [None if kind is None else checker(kind) for _name, kind in node.parameters]
    signature = Signature(names, len(names))
    if node.external:
        return _external(node, signature)
    with translate.inside():
        body = translate(node.body)

    def make(frame: Frame) -> Value:
        def invoke(run: Run, arguments: list[Value]) -> Value:
            given = [
                value if check is None else check(run, value)
                for check, value in zip(checks, arguments, strict=True)
            ]
            run.depth += 1
            if run.depth > run.env.limits.depth:
                raise LimitExceeded("depth", run.env.limits.depth)
            try:
                inner = Frame(run, dict(zip(names, given, strict=True)), frame)
                return body(inner)
            finally:
                run.depth -= 1

        # A function may outlive the evaluation that made it: its frame keeps that one's scope.
        return Function("function", (signature,), invoke)

    return make


def _described(node: Node) -> str:
    """Return what the description of an external function names: its class and method."""
    if isinstance(node, ContextLiteral):
        return " ".join(filter(None, (_described(value) for _key, value in node.entries)))
    return node.value if isinstance(node, Literal) and isinstance(node.value, str) else ""


def _external(node: Lambda, signature: Signature) -> Closure:
    name = _described(node.body)
    reason = Semantic(
        "external-function",
        f"外部函数“{name}”不予执行，结果为空。",
        f"The external function {name!r} is not run; it gives null.",
    )

    def refuse(_run: Run, _arguments: list[Value]) -> Value:
        raise reason

    def make(_frame: Frame) -> Value:
        return Function("external", (signature,), refuse)

    return make


HANDLERS: dict[type[Node], Handler] = {Call: _call, NamedCall: _named_call, Lambda: _lambda}
