"""The rules, one a file; each is a function from a diagram to findings.

`not_marked_executable` stands apart: it looks at what the others leave out, the mere drawings.
"""

from bpmn.lint.context import Check
from bpmn.lint.rules import (
    cancel_outside_transaction,
    code_refused,
    compensation,
    condition_ignored,
    dead_end,
    duplicate_id,
    event_gateway,
    expression_syntax,
    extension_ignored,
    flow_crosses_scope,
    gateway_without_default,
    incomplete_task,
    message_without_name,
    missing_start,
    not_executable,
    timer_text,
    unknown_name,
    unreachable,
    unresolved_reference,
    unsound,
)

RULES: tuple[Check, ...] = (
    not_executable.check,
    code_refused.check,
    extension_ignored.check,
    missing_start.check,
    flow_crosses_scope.check,
    unreachable.check,
    dead_end.check,
    unresolved_reference.check,
    duplicate_id.check,
    message_without_name.check,
    incomplete_task.check,
    timer_text.check,
    event_gateway.check,
    compensation.check,
    cancel_outside_transaction.check,
    gateway_without_default.check,
    condition_ignored.check,
    expression_syntax.check,
    unknown_name.check,
    unsound.check,
)
