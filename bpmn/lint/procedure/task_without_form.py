"""A person's task shows a form of the procedure."""

from collections.abc import Iterator

from bpmn.findings import Finding
from bpmn.lint.context import error, title
from bpmn.lint.procedure.facts import Facts
from bpmn.reading import Diagram

RULE = "task-without-form"


def check(diagram: Diagram, facts: Facts) -> Iterator[Finding]:
    """Yield a finding for each user task without `camunda:formRef`, or with an unknown one."""
    for node in diagram.nodes():
        if node.type != "userTask":
            continue
        form = node.camunda.get("formRef") or node.camunda.get("formKey", "")
        if not form:
            yield error(
                diagram,
                RULE,
                node,
                f"用户任务 {title(node)} 没有表单。请填写 camunda:formRef。",
                f"User task {title(node)} has no form. Set camunda:formRef.",
            )
        elif form not in facts.forms and not form.startswith(("=", "${")):
            yield error(
                diagram,
                RULE,
                node,
                f"用户任务 {title(node)} 的表单 {form} 不存在。请在 forms/ 中加上，或改正名称。",
                f"The form {form} of user task {title(node)} does not exist. Add it to forms/ or "
                "correct its name.",
            )
