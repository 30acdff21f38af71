"""The token engine: SpiffWorkflow's workflows and tasks, driven in our own order.

SpiffWorkflow keeps the tree of tasks, their states and the enclosed workflows. What it does by
walking the whole tree at each step (look-ahead, finding what is ready, refreshing what waits) is
left out here: nodes put themselves on an agenda, and what waits stands in a table of its own.
See docs/decisions/token-engine.md.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any, NoReturn

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task

from bpmn import feel
from bpmn.running.dormant import awaken
from bpmn.running.journal import Journal
from bpmn.running.scopes import Scopes
from bpmn.running.step import Incident, World
from bpmn.running.tokens import COMPLETED, UNFINISHED, WAITING, Token, splice_out
from bpmn.running.waits import Wait

PROCESS_SCOPE = "0"


class NoScripts:
    """The script engine that SpiffWorkflow asks for; expressions of ours never reach it."""

    def evaluate(self, *_: object, **__: object) -> NoReturn:
        """Refuse: every expression is FEEL and is evaluated by `bpmn.running.formulas`."""
        raise RuntimeError("SpiffWorkflow must not evaluate anything.")

    execute = evaluate
    call_service = evaluate
    validate = evaluate


class Level:
    """What the process and each sub-process or called process in it have in common.

    Attributes:
        scope: The id of its scope of variables.
        callers: The ids of the enclosing call activities, outermost first.
        over: Nothing will happen in it any more.
        interrupted: How often all its tokens were cancelled.
        counts_ends: Its end events are ends of the process.
        dormant: Instances of a multi-instance activity that are kept as text, by their token's id.
        stirred: Some were woken, so that the tokens no longer stand by age.
        log: What is complete in it and can be compensated, in order: the node, and for a
            sub-process its own log and variables.
    """

    tasks: dict[str, Token]
    task_tree: Token
    spec: Any
    scope: str
    callers: tuple[str, ...] = ()
    over: bool = False
    interrupted: int = 0
    counts_ends: bool = False
    log: list[list[Any]]
    dormant: dict[str, str]
    stirred: bool = False

    def plant(self, root: str) -> None:
        """Put the root in place: a completed task under which all tokens hang."""
        self.task_tree = Task(self, self.spec.start, state=COMPLETED, id=root)

    def tokens(self) -> Iterator[Token]:
        """Yield the tokens that have not finished, oldest first; what is dormant wakes."""
        self.wake_all()
        return self.awake()

    def awake(self) -> Iterator[Token]:
        """Yield the tokens that have not finished and are not dormant, oldest first."""
        return (task for task in self.tasks.values() if task.state & UNFINISHED)

    def wake(self, key: str) -> Token:
        """Wake one dormant token."""
        self.stirred = True
        return awaken(self.top_workflow, self, key, self.dormant.pop(key))  # type: ignore[attr-defined]

    def wake_all(self) -> None:
        """Wake every dormant token, each in its place by age."""
        for key in list(self.dormant):
            self.wake(key)
        if self.stirred:
            self.stirred = False
            self.tasks = dict(sorted(self.tasks.items(), key=lambda entry: int(entry[0])))

    def waiting_joins(self) -> list[Token]:
        """Return one waiting token for each inclusive or complex gateway at which some wait."""
        found = {
            task.task_spec.name: task
            for task in self.awake()
            if task.state == WAITING and hasattr(task.task_spec, "try_join")
        }
        return list(found.values())

    def calls(self) -> list[Token]:
        """Return the tasks of the enclosing call activities, outermost first."""
        found: list[Token] = []
        level: Any = self
        while level.parent_workflow is not None:
            if level.owner.task_spec.element.type == "callActivity":
                found.append(level.owner)
            level = level.parent_workflow
        return found[::-1]

    def is_quiet(self) -> bool:
        """Whether no token is left but those of gateways that only take in what still comes."""
        if self.dormant:
            return False
        return next((t for t in self.awake() if "missing" not in t.internal_data), None) is None

    def prune(self) -> None:
        """Drop what has finished, so that neither steps nor states grow with the past.

        No node of ours asks for its predecessors; a live task is hung under the nearest
        ancestor that is alive, or under the root.
        """
        root = self.task_tree
        for task in [task for task in self.tasks.values() if not task.state & UNFINISHED]:
            if task is not root:
                splice_out(self.tasks, task)

    def _predict(self, mask: int = 0) -> None:
        """Predict nothing: SpiffWorkflow's look-ahead walks the tree and our nodes need none."""

    def _task_completed_notify(self, task: Token) -> None:
        """Leave it to the node, which knows whether its level is over."""


class Inner(Level, BpmnSubWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A sub-process, event sub-process or called process that is running."""

    def __init__(self, spec: Any, owner: Token, run: "Run", scope: str) -> None:
        self.parent_level: Level = owner.workflow
        self.owner: Token = owner
        self.log = []
        self.dormant = {}
        super().__init__(spec, owner.id, run, deserializing=True)
        self.scope = scope
        handler = owner.task_spec.is_handler and owner.task_spec.interrupting
        self.counts_ends = self.parent_level.counts_ends and handler

    @property
    def parent_workflow(self) -> Level:
        """The level around this one."""
        return self.parent_level

    def _calculate_depth(self) -> int:
        return int(self.parent_level.depth) + 1  # type: ignore[attr-defined]


class Run(Level, BpmnWorkflow):  # type: ignore[misc]  # SpiffWorkflow has no types
    """A running instance, between its state and its next step."""

    prunes = True

    def __init__(self, spec: Any, levels: dict[str, Any], world: World) -> None:
        super().__init__(spec, levels, script_engine=NoScripts(), deserializing=True)
        self.world = world
        self.scope = PROCESS_SCOPE
        self.counts_ends = True
        self.environment = feel.Environment(
            now=world.now, zone=world.zone, functions=world.functions
        )
        self.scopes = Scopes()
        self.log = []
        self.dormant = {}
        self.waits: dict[str, Wait] = {}
        self.journal = Journal()
        self.agenda: deque[Token] = deque()
        self.ends: list[str] = []
        self.held: dict[str, Incident] = {}
        self.counter = 0

    def plans(self) -> list[Any]:
        """Return the plans of the process and of all that it may enter."""
        return list(self.subprocess_specs.values())

    def next_id(self) -> str:
        """Return an id that was never used in this instance."""
        self.counter += 1
        return str(self.counter)

    def levels(self) -> list[Level]:
        """Return all levels, the process first."""
        return [self, *self.subprocesses.values()]

    def enclose(self, owner: Token, name: str, scope: str) -> Inner:
        """Begin the level called `name` inside the task `owner`."""
        level = Inner(self.subprocess_specs[name], owner, self, scope)
        self.subprocesses[owner.id] = level
        return level

    def prune_all(self) -> None:
        """Prune every level, unless a test wants to see that pruning changes nothing."""
        if self.prunes:
            for level in self.levels():
                level.prune()

    def find(self, key: str) -> Token | None:
        """Return the live token with this id."""
        for level in self.levels():
            task = level.tasks.get(key)
            if task is not None:
                return task
            if key in level.dormant:
                return level.wake(key)
        return None
