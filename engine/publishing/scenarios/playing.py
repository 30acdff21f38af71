"""Plays a scenario: its steps become commands, and its clock lets fall due what is due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.commands.acts.papers import ISSUES
from engine.commands.claim_work import claim_work
from engine.commands.complete_work import complete_work
from engine.commands.decide import decide, give_opinion, note_absence, put_motion
from engine.commands.extend_deadline import decide_extension, request_extension
from engine.commands.prepare_papers import prepare_papers
from engine.commands.recuse import decide_recusal, declare_interest, request_recusal
from engine.commands.release_work import release_work
from engine.commands.send_dunning import prepare_dunning, send_dunning
from engine.commands.submit_filing import submit_filing
from engine.commands.submit_work import submit_work
from engine.errors import Fault, NotFound, Refusal, StepFault
from engine.publishing.scenarios.answering import sent
from engine.publishing.scenarios.attaching import open_with_files, with_files
from engine.publishing.scenarios.doubts import recorded_doubts
from engine.publishing.scenarios.expectations import unmet
from engine.publishing.scenarios.expecting.looking import Look
from engine.publishing.scenarios.finding import (
    case_named,
    filing_form,
    find_item,
    start_form,
    waiting_in,
)
from engine.publishing.scenarios.gathering import (
    ask_register,
    dissent,
    form_decision,
    meet,
    minutes,
)
from engine.publishing.scenarios.operating import operate
from engine.publishing.scenarios.passing import advance, carry
from engine.publishing.scenarios.results import Failure, ScenarioResult, StepFailed
from engine.publishing.scenarios.steps import (
    AnyStep,
    Ask,
    Ballot,
    Claim,
    Decide,
    Dissent,
    Do,
    Dun,
    Extend,
    Filing,
    Meet,
    Minutes,
    Move,
    Open,
    Operate,
    Recuse,
    Release,
    Step,
    Then,
)
from engine.publishing.scenarios.telling import failed, refused
from engine.store.tables import CaseRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from engine.desk import Desk
    from engine.publishing.scenarios.reading import Scenario
    from engine.publishing.scenarios.stage import Stage
    from engine.store.tables import WorkItemRow
    from engine.workflow import Form


def play(scenario: Scenario, stage: Stage) -> ScenarioResult:
    """Play a scenario on its stage, which is closed after it."""
    try:
        failures = perform(scenario.steps, stage)
        doubts = stage.office.ask(stage.platform, recorded_doubts)
    finally:
        stage.office.database.close()
    return ScenarioResult(scenario.id, scenario.title, scenario.file, failures, doubts)


def perform(
    steps: Iterable[AnyStep],
    stage: Stage,
    *,
    carries: bool = True,
    cases: dict[str, str] | None = None,
) -> tuple[Failure, ...]:
    """Take steps on a stage; the first that goes otherwise than written ends it.

    Args:
        steps: In order.
        stage: Where they are taken.
        carries: Whether jobs are carried after each step; otherwise they stay in the
            outbox for whoever opens the office next.
        cases: Ids of cases by their labels, where steps go on with what others began;
            those that are opened are added.

    Returns:
        What went otherwise; empty if nothing did.
    """
    run = Run(stage, carries, {} if cases is None else cases)
    try:
        for step in steps:
            run.take(step)
    except StepFailed as failed:
        return failed.failures
    return ()


@dataclass(slots=True)
class Run:
    """Takes the steps of a scenario on a stage.

    Attributes:
        stage: Where it is played.
        carries: Whether jobs are carried after each step.
        cases: Case ids by the label that the scenario gives them.
    """

    stage: Stage
    carries: bool
    cases: dict[str, str]

    def take(self, step: AnyStep) -> None:
        """Take one step.

        Raises:
            StepFailed: It went otherwise than written.
        """
        if isinstance(step, Then):
            self._expect(step)
        elif isinstance(step, Move):
            self._told(step, lambda: self._move(step))
        else:
            self._told(step, lambda: ACTS[type(step)](self, step))
            self._carry()

    def _told(self, step: AnyStep, act: Callable[[], None]) -> None:
        """Do a step and compare how it went with how it should go."""
        try:
            act()
        except Refusal as refusal:
            if step.refused and step.refused in refusal.message_id:
                return
            raise StepFailed(refused(step, refusal)) from refusal
        except NotFound as missing:
            if step.refused == "not_found":
                return
            raise StepFailed(
                failed(
                    step,
                    f"没有找到，或{step.by}无权知悉：{missing}",
                    f"there is none, or {step.by} may not know of it: {missing}",
                )
            ) from missing
        except StepFault as fault:
            raise StepFailed(
                failed(
                    step,
                    f"流程图元素 {fault.element} 执行失败：{fault.zh}",
                    f"the element {fault.element} failed: {fault.en}",
                )
            ) from fault
        except Fault as fault:
            raise StepFailed(failed(step, f"平台故障：{fault}", f"a fault: {fault}")) from fault
        if step.refused:
            raise StepFailed(
                failed(
                    step,
                    f"应被拒绝（{step.refused}），却办成了",
                    f"it should be refused ({step.refused}) and was not",
                )
            )

    def _move(self, step: Move) -> None:
        """Move the clock; what falls due on the way happens at its instant, in order."""
        stage = self.stage
        target = stage.instant(step.to)
        if target < stage.clock.now():
            raise StepFailed(
                failed(
                    step,
                    f"时间不能倒退：现在已是 {_local(stage)}",
                    f"the clock does not go back: it is {_local(stage)}",
                )
            )
        advance(stage, target, after_each=self._carry)

    def _carry(self) -> None:
        if self.carries:
            carry(self.stage.office)

    def open(self, step: Open) -> None:
        """Register a case."""
        stage = self.stage
        procedure = step.procedure or stage.procedure
        form = stage.office.ask(stage.platform, start_form, procedure)
        people = stage.people
        answers = sent(step.answers, form, people, stage.today)
        case = stage.office.give(
            stage.actor(step.by),
            open_with_files,
            procedure,
            *with_files(answers, form),
            channel=step.channel,
            title=step.title,
            subject_id=people.get(step.subject, ""),
            reporter_id=people.get(step.reporter, ""),
            secrecy=step.secrecy,
        )
        self.cases[step.case] = case.id

    def do(self, step: Do) -> None:
        """Complete the open work item of an element."""
        stage = self.stage
        item, form = self.item(step, step.element)
        actor = stage.actor(step.by, signed=step.signed)
        if item.properties.get("act") == ISSUES:
            prepare_papers(stage.office, actor, item.id)
        answers, files = with_files(sent(step.answers, form, stage.people, stage.today), form)
        if files:
            stage.office.give(actor, submit_work, item.id, answers, files, proof=step.proof)
        else:
            stage.office.give(actor, complete_work, item.id, answers, proof=step.proof)

    def vote(self, step: Ballot) -> None:
        """Put a motion, hear the members, decide."""
        stage = self.stage
        give = stage.office.give
        item, form = self.item(step, step.element)
        mover = stage.actor(step.by)
        motion = give(
            mover, put_motion, item.id, sent(step.answers, form, stage.people, stage.today)
        )
        for voice in step.opinions:
            give(
                stage.actor(voice.person),
                give_opinion,
                motion.id,
                vote=voice.vote,
                reasons=voice.reasons,
            )
        for name, reasons in step.absent.items():
            give(mover, note_absence, motion.id, stage.people[name], reasons=reasons)
        if step.decides:
            give(mover, decide, motion.id)

    def file(self, step: Filing) -> None:
        """File something."""
        stage = self.stage
        case_id = self.case_id(step)
        form = stage.office.ask(stage.platform, filing_form, case_id, step.key)
        stage.office.give(
            stage.actor(step.by),
            submit_filing,
            case_id,
            step.key,
            *with_files(sent(step.answers, form, stage.people, stage.today), form),
            happened_on=step.on,
            proof=step.proof,
            filed_for=stage.people.get(step.filed_for, ""),
        )

    def extend(self, step: Extend) -> None:
        """Ask for an extension, and rule on it."""
        give = self.stage.office.give
        request = give(
            self.stage.actor(step.by),
            request_extension,
            self.case_id(step),
            step.key,
            reasons=step.reasons,
        )
        if step.ruling.by:
            give(
                self.stage.actor(step.ruling.by),
                decide_extension,
                request.id,
                granted=step.ruling.granted,
                reasons=step.ruling.reasons,
            )

    def recuse(self, step: Recuse) -> None:
        """Ask for a recusal, and rule on it."""
        stage, case_id = self.stage, self.case_id(step)
        asker = stage.actor(step.by)
        if step.by == step.person:
            recusal = stage.office.give(asker, declare_interest, case_id, reasons=step.reasons)
        else:
            recusal = stage.office.give(
                asker, request_recusal, case_id, stage.people[step.person], reasons=step.reasons
            )
        if step.ruling.by:
            stage.office.give(
                stage.actor(step.ruling.by),
                decide_recusal,
                recusal.id,
                granted=step.ruling.granted,
                reasons=step.ruling.reasons,
            )

    def claim(self, step: Claim) -> None:
        """Claim a work item."""
        item, _ = self.item(step, step.element)
        self.stage.office.give(self.stage.actor(step.by), claim_work, item.id)

    def release(self, step: Release) -> None:
        """Give a work item back."""
        item, _ = self.item(step, step.element)
        self.stage.office.give(self.stage.actor(step.by), release_work, item.id)

    def dun(self, step: Dun) -> None:
        """Send a reminder notice; its paper is prepared before, where there is one."""
        item, _ = self.item(step, step.element)
        actor = self.stage.actor(step.by, signed=step.signed)
        prepare_dunning(self.stage.office, actor, item.id, reasons=step.reasons)
        self.stage.office.give(actor, send_dunning, item.id, reasons=step.reasons)

    def case_id(self, step: Step) -> str:
        """Return the case in which a step acts."""
        if step.case in self.cases:
            return self.cases[step.case]
        base = self.cases.get("case", "")
        found = self.stage.office.ask(
            self.stage.platform, case_named, step.case, base, self.stage.procedure
        )
        if not found:
            raise StepFailed(
                failed(
                    step,
                    f"案件“{step.case}”尚未登记，请先写 open 步骤",
                    f"the case {step.case!r} is not open yet; begin with a step `open`",
                )
            )
        return found

    def item(self, step: Step, element: str) -> tuple[WorkItemRow, Form | None]:
        """Return the work item of an element: the actor's own first, then the newest open one."""
        stage = self.stage
        found = stage.office.ask(
            stage.platform, find_item, self.case_id(step), element, stage.people[step.by]
        )
        if found is None:
            waiting = "、".join(stage.office.ask(stage.platform, waiting_in, self.case_id(step)))
            raise StepFailed(
                failed(
                    step,
                    f"{element} 没有待办；现有待办：{waiting or '无'}",
                    f"{element} is not open; open are: {waiting or 'none'}",
                )
            )
        return found

    def _expect(self, step: Then) -> None:
        stage = self.stage
        found = stage.office.ask(stage.platform, _look, self.case_id(step), stage.people, step)
        if found:
            raise StepFailed(*found)


ACTS: dict[type[Step], Callable[[Run, Any], None]] = {
    Open: Run.open,
    Do: Run.do,
    Ballot: Run.vote,
    Meet: meet,
    Dissent: dissent,
    Minutes: minutes,
    Decide: form_decision,
    Ask: ask_register,
    Filing: Run.file,
    Extend: Run.extend,
    Recuse: Run.recuse,
    Claim: Run.claim,
    Release: Run.release,
    Dun: Run.dun,
    Operate: operate,
}


def _look(desk: Desk, case_id: str, people: Mapping[str, str], step: Then) -> list[Failure]:
    look = Look(desk, desk.session.get_one(CaseRow, case_id), people)
    return [failed(step, one.zh, one.en) for one in unmet(look, dict(step.expected))]


def _local(stage: Stage) -> str:
    return stage.clock.now().astimezone(stage.cast.zone).strftime("%Y-%m-%d %H:%M")
