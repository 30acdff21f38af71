// Shows a diagram and where its case stands. Reads the block beside it; see kit/diagram.html.
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import camunda from 'camunda-bpmn-moddle/resources/camunda.json';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';

const ROOM = 40;
const LARGEST = 1.1;

// Elements that are gone (a case on an older version) are passed over.
function mark(viewer, ids, marker) {
  const registry = viewer.get('elementRegistry');
  const canvas = viewer.get('canvas');
  for (const id of ids) if (registry.get(id)) canvas.addMarker(id, marker);
}

function markLanes(viewer) {
  const canvas = viewer.get('canvas');
  for (const element of viewer.get('elementRegistry').getAll()) {
    if (element.type === 'bpmn:Participant' || element.type === 'bpmn:Lane') canvas.addMarker(element, 'is-lane');
  }
}

// The present elements with their neighbours, as one rectangle in the diagram's own measure.
function surroundings(viewer, ids) {
  const registry = viewer.get('elementRegistry');
  const shapes = new Set();
  for (const id of ids) {
    const element = registry.get(id);
    if (!element || element.waypoints) continue;
    shapes.add(element);
    for (const flow of [ ...element.incoming, ...element.outgoing ]) {
      shapes.add(flow.source);
      shapes.add(flow.target);
    }
  }
  if (!shapes.size) return null;
  const all = [ ...shapes ];
  const left = Math.min(...all.map(s => s.x)) - ROOM;
  const top = Math.min(...all.map(s => s.y)) - ROOM;
  const right = Math.max(...all.map(s => s.x + s.width)) + ROOM;
  const bottom = Math.max(...all.map(s => s.y + s.height)) + ROOM;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function centred(box, outer, scale) {
  const width = outer.width / scale;
  const height = outer.height / scale;
  return { x: box.x + box.width / 2 - width / 2, y: box.y + box.height / 2 - height / 2, width, height };
}

function showNow(viewer, ids) {
  const canvas = viewer.get('canvas');
  const box = surroundings(viewer, ids);
  if (!box) return canvas.zoom('fit-viewport', 'auto');
  const { outer } = canvas.viewbox();
  const scale = Math.min(outer.width / box.width, outer.height / box.height, LARGEST);
  if (scale >= 0.6) return canvas.viewbox(centred(box, outer, scale));
  // neighbours far apart would make it too small to read: the present element alone, then
  const element = viewer.get('elementRegistry').get(ids.find(id => viewer.get('elementRegistry').get(id)));
  return canvas.viewbox(centred(element, outer, 0.8));
}

function showAll(viewer) {
  viewer.get('canvas').zoom('fit-viewport', 'auto');
}

// The wheel scrolls the page until one has clicked into the diagram.
function tameWheel(viewer, container) {
  const zoomScroll = viewer.get('zoomScroll');
  zoomScroll.toggle(false);
  container.addEventListener('pointerdown', () => zoomScroll.toggle(true));
  container.addEventListener('mouseleave', () => zoomScroll.toggle(false));
}

// Notes on elements: how many wait there, how late they are.
function note(viewer, badges) {
  const registry = viewer.get('elementRegistry');
  for (const [ id, text, kind ] of badges || []) {
    if (!registry.get(id)) continue;
    const html = document.createElement('span');
    html.className = `wz-tag wz-tag-${kind}`;
    html.textContent = text;
    viewer.get('overlays').add(id, { position: { top: -14, left: 0 }, html });
  }
}

async function open(container) {
  const key = container.dataset.wzDiagram;
  const at = JSON.parse(document.getElementById(`diagram-${key}-data`).textContent);
  const stored = [ ...container.childNodes ];
  const canvas = document.createElement('div');
  canvas.className = 'wz-canvas';
  let viewer;
  try {
    const answer = await fetch(container.dataset.source, { credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const xml = await answer.text();
    container.append(canvas);
    viewer = new NavigatedViewer({
      container: canvas, moddleExtensions: { camunda },
      bpmnRenderer: { defaultStrokeColor: '#5b6875', defaultLabelColor: '#1c2733' }
    });
    await viewer.importXML(xml);
  } catch (error) {
    canvas.remove();
    if (!container.querySelector('svg')) container.textContent = container.dataset.failed;
    container.dataset.state = 'failed';
    return;
  }
  for (const node of stored) node.remove();
  markLanes(viewer);
  mark(viewer, at.done, 'is-done');
  mark(viewer, at.possible, 'is-possible');
  mark(viewer, at.now, 'is-now');
  note(viewer, at.badges);
  tameWheel(viewer, canvas);
  const tools = document.querySelector(`[data-wz-diagram-tools="${key}"]`);
  const show = what => {
    // a canvas that is not laid out has no measure to scale by; it is observed, so its turn comes
    if (canvas.clientWidth && canvas.clientHeight) what === 'all' ? showAll(viewer) : showNow(viewer, at.now);
    container.dataset.zoom = what;
    for (const button of tools.querySelectorAll('button')) {
      button.setAttribute('aria-pressed', String(button.dataset.wzZoom === what));
    }
  };
  tools.hidden = false;
  tools.addEventListener('click', event => {
    const button = event.target.closest('button');
    if (button) show(button.dataset.wzZoom);
  });
  show('now');
  new ResizeObserver(() => {
    viewer.get('canvas').resized();
    show(container.dataset.zoom);
  }).observe(canvas);
  container.dataset.state = 'ready';
}

for (const container of document.querySelectorAll('[data-wz-diagram]')) open(container);
