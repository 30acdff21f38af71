// The modeller of a draft's diagrams: Camunda 7's properties, the platform's own templates and findings.
import Modeler from 'camunda-bpmn-js/lib/camunda-platform/Modeler';
import templateChooser from '@bpmn-io/element-template-chooser';
import tokenSimulation from 'bpmn-js-token-simulation';
import { Draft } from './drafting.js';
import { translate, translation } from './words.js';

import 'camunda-bpmn-js/dist/assets/camunda-platform-modeler.css';
import '@bpmn-io/element-template-chooser/dist/element-template-chooser.css';
import 'bpmn-js-token-simulation/assets/css/bpmn-js-token-simulation.css';

const FROM_PALETTE = 60;
const MARK = 'wenze-finding';

// Findings of the platform's own linter, on their elements and in a list beside.
function showFindings(modeler, findings, list) {
  const overlays = modeler.get('overlays');
  const registry = modeler.get('elementRegistry');
  const canvas = modeler.get('canvas');
  overlays.remove({ type: MARK });
  for (const element of registry.getAll()) canvas.removeMarker(element, 'has-finding');
  const byElement = new Map();
  for (const one of findings) {
    if (registry.get(one.element)) byElement.set(one.element, [ ...(byElement.get(one.element) || []), one ]);
  }
  for (const [ id, all ] of byElement) {
    const isError = all.some(one => one.severity === 'error');
    const badge = document.createElement('button');
    badge.type = 'button';
    badge.className = `wz-finding ${isError ? 'is-error' : 'is-warning'}`;
    badge.textContent = String(all.length);
    badge.title = all.map(one => one.text).join('\n');
    badge.setAttribute('aria-label', badge.title);
    badge.addEventListener('click', () => modeler.get('selection').select(registry.get(id)));
    overlays.add(id, MARK, { position: { top: -10, right: 10 }, html: badge });
    canvas.addMarker(id, 'has-finding');
  }
  if (!list) return;
  list.replaceChildren(...findings.map(one => {
    const row = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `wz-finding-row is-${one.severity}`;
    button.textContent = one.remedy ? `${one.text} ${one.remedy}` : one.text;
    button.addEventListener('click', () => goTo(modeler, one.element));
    row.append(button);
    return row;
  }));
  list.dataset.count = String(findings.length);
}

function goTo(modeler, id) {
  const element = modeler.get('elementRegistry').get(id);
  if (!element) return;
  modeler.get('canvas').scrollToElement(element, 120);
  modeler.get('selection').select(element);
}

async function open(container) {
  const draft = new Draft(container);
  const key = container.dataset.wzEditor;
  const list = document.querySelector(`[data-wz-findings="${key}"]`);
  const modeler = new Modeler({
    container: container.querySelector('[data-wz-canvas]'),
    propertiesPanel: { parent: container.querySelector('[data-wz-panel]') },
    additionalModules: [ templateChooser, tokenSimulation, translation ]
  });
  const wrong = [];
  modeler.on('elementTemplates.errors', ({ errors }) => wrong.push(...errors.map(error => error.message)));
  modeler.get('elementTemplatesLoader').setTemplates(draft.at.templates || []);
  container.dataset.templateErrors = String(wrong.length);
  if (wrong.length) console.error(wrong.join('\n'));
  await modeler.importXML(await draft.read());
  const canvas = modeler.get('canvas');
  canvas.zoom('fit-viewport', 'auto');
  canvas.scroll({ dx: FROM_PALETTE, dy: 0 }); // the palette covers what lies at the left
  draft.bind(async () => ({
    content: (await modeler.saveXML({ format: true })).xml,
    svg: (await modeler.saveSVG()).svg
  }));
  draft.onFindings(findings => showFindings(modeler, findings, list));
  draft.tell(draft.at.findings || []);
  modeler.on('commandStack.changed', () => draft.changed());
  window.WenzeModeler = modeler;
  container.dataset.state = 'ready';
}

for (const container of document.querySelectorAll('[data-wz-editor][data-wz-kind="bpmn"]')) {
  open(container).catch(error => {
    container.dataset.state = 'broken';
    container.querySelector('[data-wz-canvas]').textContent = translate('The diagram cannot be shown: {message}', { message: error.message });
  });
}
