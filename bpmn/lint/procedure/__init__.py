"""Rules for the diagrams of procedures, which hold beside those for every diagram."""

from bpmn.findings import Finding
from bpmn.lint.procedure import (
    deadline_unknown,
    document_unknown,
    lane_without_role,
    mandatory_signed_by_one,
    mandatory_step,
    sanction_path,
    task_without_article,
    task_without_form,
    timer_without_deadline,
)
from bpmn.lint.procedure.facts import Facts, ProcedureCheck
from bpmn.reading import Diagram

PROCEDURE_RULES: tuple[ProcedureCheck, ...] = (
    lane_without_role.check,
    task_without_form.check,
    task_without_article.check,
    deadline_unknown.check,
    timer_without_deadline.check,
    document_unknown.check,
    sanction_path.check,
    mandatory_step.check,
    mandatory_signed_by_one.check,
)


def lint_procedure(diagram: Diagram, facts: Facts) -> list[Finding]:
    """Return where the diagram does not agree with its procedure, by line.

    Args:
        diagram: A diagram of the procedure.
        facts: What the procedure declares; a rule that it lists as exempt is not told.
    """
    found = [
        finding
        for check in PROCEDURE_RULES
        for finding in check(diagram, facts)
        if not {finding.rule, f"{finding.rule}:{finding.element}"} & facts.exempt
    ]
    return sorted(found, key=lambda finding: finding.line)


__all__ = ["PROCEDURE_RULES", "Facts", "lint_procedure"]
