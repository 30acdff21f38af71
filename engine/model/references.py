"""The names by which the parts of a procedure refer to each other, and whether they exist."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.deadline_rules import DeadlineRule
from engine.model.identifiers import DeadlineKey, RoleKey
from engine.model.periods import Period
from engine.model.procedure_rules import Kind, ProcedureRules
from engine.model.sanctions import DIRECT
from engine.model.sections import Section

MOST_STAGES = 9


def check_references(rules: ProcedureRules, top: Section) -> None:
    """Note in `top` what the rules name and do not have, and parameters that cannot be used."""
    if len(rules.stages) > MOST_STAGES:
        top.note("stages", f"阶段最多 {MOST_STAGES} 个", f"at most {MOST_STAGES} stages")
    for read in (lambda: rules.collective, lambda: rules.repeat, lambda: rules.most_dunnings):
        try:
            read()
        except ValueError as error:
            top.note("parameters", f"参数值不能使用：{error}", str(error))
    for path, deadline in _deadlines_named(rules):
        if deadline not in rules.deadlines:
            top.note(path, f"没有期限“{deadline}”", f"there is no deadline {deadline}")
    if rules.kind is Kind.SHARED:
        return
    for path, role in _roles_named(rules):
        if role not in rules.roles:
            top.note(path, f"没有角色“{role}”，请在 roles 中登记", f"there is no role {role}")
    _check_switches(rules, top)


def _check_switches(rules: ProcedureRules, top: Section) -> None:
    for name, filing in rules.filings.items():
        if filing.switch and filing.switch not in rules.switches:
            top.note(
                f"filings.{name}.switch",
                f"没有开关“{filing.switch}”，请在 switches 中登记",
                f"there is no switch {filing.switch}",
            )


def _deadlines_named(rules: ProcedureRules) -> Iterator[tuple[str, DeadlineKey]]:
    for code, measure in rules.measures.items():
        for effect in measure.effects:
            if not isinstance(effect.ends, Period):
                yield f"measures.{code}.effect.until", effect.ends
    for name, filing in rules.filings.items():
        if filing.deadline is not None:
            yield f"filings.{name}.deadline", filing.deadline


def _roles_named(rules: ProcedureRules) -> Iterator[tuple[str, RoleKey]]:
    yield from ((f"lanes.{lane}", role) for lane, role in rules.lanes.items())
    if rules.start is not None:
        yield from (("start.roles", role) for role in rules.start.roles)
    for deadline in rules.deadlines.values():
        yield from _roles_of(deadline)
    for code, measure in rules.measures.items():
        for organ in (measure.approval, *measure.by_level.values()):
            if organ not in {"", DIRECT}:
                yield f"measures.{code}.approval", RoleKey(organ)
    for name, filing in rules.filings.items():
        yield from ((f"filings.{name}.by", role) for role in filing.by)
    yield from _urging(rules)
    handing = {"transfer": rules.handing.transfer, "signers": rules.handing.signers}
    for place, by_role in handing.items():
        for of, to in by_role.items():
            yield from ((f"handing.{place}.{of}", role) for role in sorted({of, *to}))


def _urging(rules: ProcedureRules) -> Iterator[tuple[str, RoleKey]]:
    """Yield the roles that urge what is late, or are told of it."""
    if rules.ladder is not None:
        yield from (("ladder.levels", role) for role in rules.ladder.levels)
    if rules.dunning is not None:
        yield from (("dunning.by", RoleKey(role)) for role in rules.dunning.by)


def _roles_of(deadline: DeadlineRule) -> Iterator[tuple[str, RoleKey]]:
    place = f"deadlines.{deadline.key}"
    if deadline.right_of is not None:
        yield f"{place}.right_of", deadline.right_of
    if deadline.extension is not None and deadline.extension.approver is not None:
        yield f"{place}.extension.approver", deadline.extension.approver
    for act in deadline.on_expiry:
        if act.tell is not None:
            yield f"{place}.on_expiry", act.tell
