// The editor of a draft's forms, with its preview beside.
import { FormEditor } from '@bpmn-io/form-js-editor';
import { Form } from '@bpmn-io/form-js-viewer';
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/l10n/zh.js';
import { Draft } from './drafting.js';

import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '@bpmn-io/form-js-editor/dist/assets/form-js-editor.css';

if (WENZE_LANGUAGE === 'zh') flatpickr.localize(Mandarin);

async function open(container) {
  const draft = new Draft(container);
  const editor = new FormEditor({ container: container.querySelector('[data-wz-canvas]') });
  const preview = new Form({ container: container.querySelector('[data-wz-preview]') });
  await editor.importSchema(JSON.parse(await draft.read()));
  const show = () => preview.importSchema(JSON.parse(JSON.stringify(editor.getSchema())), draft.at.sample || {});
  await show();
  draft.bind(async () => ({ content: JSON.stringify(editor.getSchema(), null, 2) + '\n' }));
  editor.on('changed', () => {
    draft.changed();
    show();
  });
  draft.tell(draft.at.findings || []);
  window.WenzeForm = editor;
  container.dataset.state = 'ready';
}

for (const container of document.querySelectorAll('[data-wz-editor][data-wz-kind="form"]')) {
  open(container).catch(error => {
    container.dataset.state = 'broken';
    container.querySelector('[data-wz-canvas]').textContent = error.message;
  });
}
