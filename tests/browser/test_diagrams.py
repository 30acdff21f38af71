"""每一张随平台交付的流程图，按浏览器画出来的样子量：宽度、标签与线、标签与图形。"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


ROOT = Path(__file__).parents[2]
PROCESSES = ROOT / "processes"
VIEWER = ROOT / "web/assets/node_modules/bpmn-js/dist/bpmn-viewer.production.min.js"
DIAGRAMS = sorted(str(path.relative_to(PROCESSES)) for path in PROCESSES.rglob("*.bpmn"))

WIDEST = 2600
"""Units of a diagram: at 1,300 px, the page's width, its 12-unit texts are still 6 px and can be
zoomed; what is wider is split into call activities."""

MEASURE = """async xml => {
  const viewer = new BpmnJS({container: '#c'});
  const {warnings} = await viewer.importXML(xml);
  const registry = viewer.get('elementRegistry'), canvas = viewer.get('canvas');
  const all = registry.getAll();
  const name = one => (one.businessObject.name || one.businessObject.id).replace(/\\s/g, '');
  const inkOf = one => {
    const text = registry.getGraphics(one).querySelector('text');
    if (!text || !text.textContent.trim()) return null;
    const box = text.getBBox();
    return {x: one.x + box.x, y: one.y + box.y, w: box.width, h: box.height};
  };
  const lines = all.filter(one => one.waypoints);
  const solid = all.filter(one => !one.waypoints && !one.labelTarget &&
    /Task|Event$|Gateway|CallActivity/.test(one.type));
  const cuts = (a, b, box) => {  // does the straight line a-b run through the box?
    const [x1, x2] = [Math.min(a.x, b.x), Math.max(a.x, b.x)];
    const [y1, y2] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
    return x1 < box.x + box.w && x2 > box.x && y1 < box.y + box.h && y2 > box.y;
  };
  const found = [];
  const labels = all.filter(one => one.labelTarget);
  for (const label of labels) {
    const ink = inkOf(label);
    if (!ink) continue;
    const box = {x: ink.x + 2, y: ink.y + 2, w: ink.w - 4, h: ink.h - 4};
    for (const line of lines)
      for (let i = 1; i < line.waypoints.length; i++)
        if (cuts(line.waypoints[i - 1], line.waypoints[i], box))
          found.push(`${name(label)} is crossed by ${line.id}`);
    for (const shape of solid)
      if (box.x < shape.x + shape.width && box.x + box.w > shape.x &&
          box.y < shape.y + shape.height && box.y + box.h > shape.y &&
          !/Gateway|Event/.test(shape.type))
        found.push(`${name(label)} lies on ${name(shape)}`);
  }
  for (const task of solid.filter(one => /Task|CallActivity/.test(one.type))) {
    const ink = inkOf(task);
    if (ink && (ink.w > task.width || ink.h > task.height))
      found.push(`the name of ${name(task)} is larger than its box`);
  }
  const box = canvas.viewbox().inner;
  return {width: box.width, found: [...new Set(found)], warnings: warnings.map(String)};
}"""


@pytest.fixture(scope="module")
def measured(chromium: Browser) -> dict[str, Any]:
    if not VIEWER.exists():
        pytest.skip("The viewer is not installed; run `python tools/node.py`.")
    page = chromium.new_page(viewport={"width": 1700, "height": 1000})
    found = {}
    for name in DIAGRAMS:
        page.set_content('<div id=c style="width:1690px;height:990px"></div>')
        page.add_script_tag(content=VIEWER.read_text("utf-8"))
        found[name] = page.evaluate(MEASURE, (PROCESSES / name).read_text("utf-8"))
    page.close()
    return found


@pytest.mark.browser
@pytest.mark.slow
class TestEveryDiagram:
    """一屏能看完，标签不压线，名称写得下。"""

    @pytest.mark.parametrize("name", DIAGRAMS)
    def test_is_read_without_a_warning(self, measured: dict[str, Any], name: str) -> None:
        assert measured[name]["warnings"] == []

    @pytest.mark.parametrize("name", DIAGRAMS)
    def test_is_no_wider_than_a_screen_shows(self, measured: dict[str, Any], name: str) -> None:
        assert measured[name]["width"] <= WIDEST

    @pytest.mark.parametrize("name", DIAGRAMS)
    def test_has_labels_free_of_lines_and_names_in_their_boxes(
        self, measured: dict[str, Any], name: str
    ) -> None:
        assert measured[name]["found"] == []
