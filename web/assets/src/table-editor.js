// The editor of a draft's decision tables; the platform's analysis stands beside it.
import DmnModeler from 'dmn-js/lib/Modeler';
import { Draft } from './drafting.js';
import { translate, translation } from './words.js';

import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn-embedded.css';

async function open(container) {
  const draft = new Draft(container);
  const chinese = { additionalModules: [ translation ] };
  const modeler = new DmnModeler({
    container: container.querySelector('[data-wz-canvas]'),
    common: chinese, drd: chinese, decisionTable: chinese, literalExpression: chinese, boxedExpression: chinese
  });
  await modeler.importXML(await draft.read());
  const table = modeler.getViews().find(view => view.type === 'decisionTable');
  if (table) await modeler.open(table);
  draft.bind(async () => ({ content: (await modeler.saveXML({ format: true })).xml }));
  const listen = () => {
    const viewer = modeler.getActiveViewer();
    if (viewer && !viewer.wenzeListens) {
      viewer.wenzeListens = true;
      viewer.on('commandStack.changed', () => draft.changed());
    }
  };
  modeler.on('views.changed', listen);
  listen();
  draft.tell(draft.at.findings || []);
  window.WenzeTables = modeler;
  container.dataset.state = 'ready';
}

for (const container of document.querySelectorAll('[data-wz-editor][data-wz-kind="dmn"]')) {
  open(container).catch(error => {
    container.dataset.state = 'broken';
    container.querySelector('[data-wz-canvas]').textContent = translate('The table cannot be shown: {message}', { message: error.message });
  });
}
