"""Functions of a file, and their invocation (DMN 1.5, 10.2.2.2 and 10.2.2.5)."""

from collections.abc import Callable, Sequence

from bpmn.dmn.compiling.compiler import Compiler
from bpmn.dmn.evaluation import Code, Evaluation, Scope
from bpmn.dmn.item_types import MISMATCH, Check, Value
from bpmn.dmn.nodes import FunctionDefinition, Invocation, Place, Variable
from bpmn.feel import Function, LimitExceeded, Semantic
from bpmn.feel.compiler.run import Run
from bpmn.feel.values.callables import Signature

# Each call of a function of the file takes several frames of Python's stack.
DEEPEST = 60


def compile_function(
    node: FunctionDefinition, body: Code | None, compiler: Compiler, owner: str
) -> Code:
    """Return code that gives the function, closed over the names in scope.

    A function outside FEEL is refused by name; read leniently, calling it gives null.
    """
    if node.external:
        _refuse(node, compiler)
    checks = [
        (parameter, compiler.check(parameter.type_ref, node.place)) for parameter in node.parameters
    ]
    parameters = [parameter.name for parameter in node.parameters]
    if body is not None:
        body = compiler.typed(body, compiler.types.result(node.type_ref), node.place, owner)

    def run_definition(scope: Scope, run: Evaluation) -> Value:
        return function_of(
            owner,
            parameters,
            lambda arguments: _call(node, body, checks, arguments, scope, run),
        )

    return run_definition


def function_of(
    name: str, parameters: Sequence[str], call: Callable[[list[Value]], Value]
) -> Function:
    """Return a function all of whose parameters must be given."""
    signature = Signature(tuple(parameters), len(parameters))
    return Function(name, (signature,), lambda _run, arguments: call(arguments))


def _refuse(node: FunctionDefinition, compiler: Compiler) -> None:
    if compiler.lenient:
        return
    compiler.findings.error(
        "dmn-external-function",
        node.place,
        f"不支持外部函数（{node.external}）。请用 FEEL 改写。",
        f"External functions are not supported ({node.external}). Rewrite it in FEEL.",
    )


def _call(  # noqa: PLR0917 - what a call consists of
    node: FunctionDefinition,
    body: Code | None,
    checks: Sequence[tuple[Variable, Check | None]],
    arguments: Sequence[Value],
    scope: Scope,
    run: Evaluation,
) -> Value:
    if body is None:
        reason = node.external or "no body"
        run.warn(
            "dmn-external-function",
            node.place,
            f"函数没有可执行的内容（{reason}）,结果为空值。",
            f"The function cannot be run ({reason}); it gives null.",
        )
        return None
    inner = dict(scope)
    for (parameter, check), argument in zip(checks, arguments, strict=True):
        if check is None:
            inner[parameter.name] = argument
            continue
        found = check(argument, run.env)
        if found is MISMATCH:
            run.warn(
                "dmn-type",
                node.place,
                f"参数“{parameter.name}”的值不符合类型 {parameter.type_ref},结果为空值。",
                f"The argument {parameter.name!r} does not conform to {parameter.type_ref}; "
                "the result is null.",
            )
            return None
        inner[parameter.name] = found
    run.depth += 1
    if run.depth > DEEPEST:
        raise LimitExceeded("depth", DEEPEST)
    try:
        return body(inner, run)
    finally:
        run.depth -= 1


def compile_invocation(
    node: Invocation,
    called: Code,
    bindings: Sequence[tuple[Variable, Code | None]],
    compiler: Compiler,
) -> Code:
    """Return the code of an invocation: a call with named parameters."""
    handed = [
        (parameter, code, compiler.check(parameter.type_ref, node.place))
        for parameter, code in bindings
    ]

    def run_invocation(scope: Scope, run: Evaluation) -> Value:
        function = called(scope, run)
        given: dict[str, Value] = {}
        for parameter, code, check in handed:
            value = None if code is None else code(scope, run)
            if check is not None:
                wanted = parameter.type_ref or ""
                value = run.conform(check, value, node.place, parameter.name, wanted)
            given[parameter.name] = value
        if not isinstance(function, Function):
            run.warn(
                "dmn-no-function",
                node.place,
                "被调用的不是函数，结果为空值。",
                "What is invoked is no function; the result is null.",
            )
            return None
        return call_function(function, given, node.place, run)

    return run_invocation


def call_function(
    function: Function, given: dict[str, Value], place: Place, run: Evaluation
) -> Value:
    """Return what a function gives for arguments by name; null where it cannot take them."""
    run.spend()
    feel = Run({}, run.env, run.warnings)
    start = feel.steps = run.steps
    try:
        return function.call_named(feel, given)
    except Semantic as reason:
        run.warn(reason.kind, place, reason.zh, reason.en)
        return None
    finally:
        run.steps -= start - feel.steps
