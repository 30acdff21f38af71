"""对每一张图都成立的规律。"""

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bpmn.compare import compare
from bpmn.findings import DiagramRefused
from bpmn.lint import Facts, lint, lint_procedure
from bpmn.lint.soundness import Space, play
from bpmn.reading import BPMN, read_diagram
from tests.bpmn.lint.drawing import END, START, drawn

TESTS = Path(__file__).parent
FILES = [*sorted(TESTS.glob("*/*/*.bpmn")), TESTS.parent / "reading" / "case.bpmn"]

Block = tuple[str, list["Block"]]
TASK: Block = ("task", [])
BLOCKS: st.SearchStrategy[Block] = st.recursive(
    st.just(TASK),
    lambda inner: st.one_of(
        st.tuples(st.just("sequence"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(
            st.sampled_from(["exclusive", "parallel", "inclusive"]),
            st.lists(inner, min_size=2, max_size=3),
        ),
        st.tuples(st.just("loop"), st.lists(inner, min_size=1, max_size=1)),
    ),
    max_leaves=7,
)


@dataclass(slots=True)
class Drawing:
    """Draws blocks one after the other; `splits` maps each join to the kind of its split."""

    parts: list[str] = field(default_factory=list)
    joins: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def node(self, tag: str) -> str:
        self.count += 1
        self.parts.append(f'<{tag} id="n{self.count}"/>')
        return f"n{self.count}"

    def flow(self, source: str, target: str) -> None:
        self.count += 1
        self.parts.append(
            f'<sequenceFlow id="f{self.count}" sourceRef="{source}" targetRef="{target}"/>'
        )

    def after(self, source: str, block: Block) -> str:
        """Draw `block` behind `source` and return the node that it ends with."""
        kind, inner = block
        if kind == "task":
            last = self.node("manualTask")
            self.flow(source, last)
            return last
        if kind == "sequence":
            for each in inner:
                source = self.after(source, each)
            return source
        if kind == "loop":
            again, enough = self.node("exclusiveGateway"), self.node("exclusiveGateway")
            self.flow(source, again)
            self.flow(self.after(again, inner[0]), enough)
            self.flow(enough, again)
            return enough
        split, join = self.node(f"{kind}Gateway"), self.node(f"{kind}Gateway")
        self.joins[join] = kind
        self.flow(source, split)
        for each in inner:
            self.flow(self.after(split, each), join)
        return join

    def played(self, block: Block, swap: dict[str, str] | None = None) -> Space:
        """Draw the block between a start and an end and play it; joins may be swapped."""
        last = self.after("s", ("sequence", [block, TASK]))
        self.flow(last, "e")
        text = "".join(self.parts)
        for join, kind in (swap or {}).items():
            text = text.replace(
                f'<{self.joins[join]}Gateway id="{join}"', f'<{kind}Gateway id="{join}"'
            )
        return play(drawn(START, END, text).processes["p"], "p", limit=3000)


class TestBlocks:
    """What is built of blocks is sound; a join of the wrong kind is not."""

    @settings(max_examples=60, deadline=None)
    @given(BLOCKS)
    def test_blocks_never_stop_turn_for_ever_or_double(self, block: Block) -> None:
        space = Drawing().played(block)

        assert (space.deadlocks, space.doubled, space.endless) == ({}, set(), set())

    @settings(max_examples=40, deadline=None)
    @given(BLOCKS, BLOCKS)
    def test_a_parallel_join_of_a_choice_stops(self, block: Block, other: Block) -> None:
        drawing = Drawing()
        choice: Block = ("exclusive", [block, other])
        join = "n2"

        assert join in drawing.played(choice, {join: "parallel"}).deadlocks

    @settings(max_examples=40, deadline=None)
    @given(BLOCKS, BLOCKS)
    def test_an_exclusive_join_of_parallel_branches_doubles(
        self, block: Block, other: Block
    ) -> None:
        space = Drawing().played(("parallel", [block, other]), {"n2": "exclusive"})

        assert space.doubled or not space.is_whole


def damaged(file: Path, chance: Random) -> bytes:
    """Return the file with one to four things taken out, moved, renamed or emptied."""
    root = etree.fromstring(file.read_bytes())
    for _ in range(chance.randint(1, 4)):
        nodes = [node for node in root.iter("*") if node is not root]
        if not nodes:
            break
        node, other = chance.choice(nodes), chance.choice(nodes)
        parent = node.getparent()
        assert parent is not None
        match chance.randrange(5):
            case 0:
                parent.remove(node)
            case 1 if node.attrib:
                del node.attrib[chance.choice(sorted(map(str, node.attrib)))]
            case 2 if node.attrib:
                name = chance.choice(sorted(map(str, node.attrib)))
                node.set(name, chance.choice([*(str(each.get("id", "")) for each in nodes), ""]))
            case 3 if node not in {other, *other.iterancestors()}:
                other.append(node)
            case _:
                node.tag = f"{{{BPMN}}}{chance.choice(['endEvent', 'subProcess', 'userTask'])}"
                node.text = chance.choice(["", "1 +", "${a", "=", "P1", "R/"])
    return etree.tostring(root)


class TestDamage:
    """A damaged file is refused or checked; nothing crashes."""

    @pytest.mark.parametrize("seed", range(8))
    def test_a_damaged_file_is_refused_or_checked_to_the_end(self, seed: int) -> None:
        chance = Random(seed)  # noqa: S311 - it damages test files
        checked = 0
        for _ in range(40):
            content = damaged(chance.choice(FILES), chance)
            try:
                diagram = read_diagram(content, name="damaged.bpmn")
            except DiagramRefused:
                continue
            found = [*lint(diagram), *lint_procedure(diagram, Facts())]
            assert all(finding.zh and finding.en for finding in found)
            assert compare(diagram, diagram) == []
            checked += 1
        assert checked
