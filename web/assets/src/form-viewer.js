// Draws a form-js form and posts it with an ordinary HTML form, so that token, errors and redirects stay the
// server's. Reads the block beside it; see kit/form.html.
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/l10n/zh.js';
import { Form } from '@bpmn-io/form-js-viewer';
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import words from './messages.js';

if (WENZE_LANGUAGE === 'zh') flatpickr.localize({ ...Mandarin, firstDayOfWeek: 1 });

// the day that the calendar marks and opens on is the platform's: a rehearsal's clock is moved
const { today } = document.documentElement.dataset;
if (today) flatpickr.setDefaults({ now: new Date(`${today}T00:00`) });

const DRAFT_EVERY_MS = 20_000;
const FILE_REFERENCE = /^files::/;

// A draft holds no files, so it holds no reference to one either.
const withoutFiles = answers => JSON.parse(JSON.stringify(answers), (_, value) =>
  typeof value === 'string' && FILE_REFERENCE.test(value) ? null : value);

class Page {
  constructor(container) {
    this.container = container;
    this.key = container.dataset.wzForm;
    this.given = JSON.parse(document.getElementById(`${this.key}-data`).textContent);
    this.html = document.getElementById(this.key);
    this.summary = document.querySelector(`[data-wz-summary="${this.key}"]`);
    this.status = document.querySelector(`[data-wz-saved="${this.key}"]`);
    this.dirty = this.given.errors.length > 0 && !this.given.draft;
    this.refused = false;
    this.busy = false;
    this.said = new Map();
  }

  async open() {
    // held back by default for 300 ms: what was typed last would miss a draft that is kept at once
    this.form = new Form({ container: this.container, debounce: false });
    this.keepServerErrors();
    await this.form.importSchema(this.given.schema, this.given.data);
    if (this.given.readonly || !this.html) this.form.setProperty('readOnly', true);
    this.showServerErrors();
    this.summary.addEventListener('click', event => {
      const link = event.target.closest('[data-wz-field]');
      if (!link) return;
      event.preventDefault();
      this.focus(link.dataset.wzField);
    });
    if (this.html) this.listen();
    if (this.given.errors.length) this.summary.focus();
    this.container.dataset.state = 'ready';
  }

  listen() {
    this.form.on('field.updated', () => this.changed());
    this.container.addEventListener('click', event => {
      if (event.target.closest('.fjs-repeat-render-add, .fjs-repeat-row-remove')) this.changed();
      // a form drawn elsewhere may bring its own submit button
      if (event.target.closest('button[type=submit]')) this.html.requestSubmit(this.html.querySelector('[data-wz-validate]'));
    });
    this.html.addEventListener('submit', event => this.submit(event));
    window.addEventListener('beforeunload', event => {
      if (this.dirty && !this.leaving) event.preventDefault();
    });
    window.addEventListener('pageshow', () => this.free());
    document.addEventListener('keydown', event => {
      if ((event.ctrlKey || event.metaKey) && event.key === 's' && this.given.draft) {
        event.preventDefault();
        this.save(false);
      }
    });
    if (this.given.draft) setInterval(() => { if (this.dirty && !this.busy && !this.refused) this.save(true); }, DRAFT_EVERY_MS);
  }

  changed() {
    this.dirty = true;
    this.refused = false;
    this.say(words.unsaved);
  }

  say(text) {
    if (this.status) this.status.textContent = text;
  }

  fields() {
    return this.form.get('formFieldInstanceRegistry').getAllKeyed();
  }

  field(path) {
    return this.fields().find(each => each.valuePath.join('.') === path);
  }

  // form-js validates a field again when it is drawn and when it is left, and would so wipe out what the
  // server said. The server's word stands until the value changes or the form is sent again.
  keepServerErrors() {
    for (const { path, message } of this.given.errors) {
      if (path) this.said.set(path, { messages: [ ...this.said.get(path)?.messages || [], message ] });
    }
    const validator = this.form.get('validator');
    const validate = validator.validateFieldInstance.bind(validator);
    validator.validateFieldInstance = (field, value) => [ ...validate(field, value), ...this.saidOf(field, value) ];
  }

  saidOf(field, value) {
    const path = field.valuePath.join('.');
    const entry = this.said.get(path);
    if (!entry) return [];
    const now = JSON.stringify(value) ?? '';
    entry.value ??= now;
    if (entry.value === now) return entry.messages;
    this.said.delete(path);
    return [];
  }

  // Fields come to life while the form is drawn: each error is shown when its field is there.
  showServerErrors() {
    const waiting = new Set(this.said.keys());
    const show = () => {
      const errors = structuredClone(this.form._getState().errors);
      const there = [ ...waiting ].filter(path => this.field(path));
      for (const path of there) {
        const field = this.field(path);
        place(errors, [ field.id, ...Object.values(field.indexes || {}) ], this.said.get(path).messages);
        waiting.delete(path);
      }
      if (there.length) this.form._setState({ errors });
    };
    show();
    this.form.on('formFieldInstance.added', () => setTimeout(show));
  }

  focus(path) {
    const field = this.field(path);
    if (!field) return;
    const id = [ `fjs-form-${this.form._id}-${field.id}`, ...Object.values(field.indexes || {}) ].join('_');
    const control = this.container.querySelector(`:is(input, select, textarea, button, [tabindex])[id="${id}"], :is(input, select, textarea, [tabindex])[id^="${id}-"]`);
    if (!control) return;
    control.scrollIntoView({ block: 'center' });
    control.focus({ preventScroll: true });
  }

  missing(errors) {
    const registry = this.form.get('formFieldRegistry');
    return this.fields().flatMap(field => {
      const messages = at(errors, [ field.id, ...Object.values(field.indexes || {}) ]);
      if (!Array.isArray(messages)) return [];
      const { label, key } = registry.get(field.id);
      return messages.filter(each => typeof each === 'string')
        .map(message => ({ path: field.valuePath.join('.'), message: words.of(label || key, message) }));
    });
  }

  showSummary(items) {
    this.summary.querySelector('[data-wz-summary-head]').textContent = words.missing(items.length);
    this.summary.querySelector('ul').replaceChildren(...items.map(({ path, message }) => {
      const link = document.createElement('a');
      link.href = `#${this.key}-fields`;
      link.dataset.wzField = path;
      link.textContent = message;
      const item = document.createElement('li');
      item.append(link);
      return item;
    }));
    this.summary.hidden = false;
    this.summary.focus();
  }

  showTrouble(text) {
    this.summary.querySelector('[data-wz-summary-head]').textContent = text;
    this.summary.querySelector('ul').replaceChildren();
    this.summary.hidden = false;
    this.summary.focus();
  }

  // Returns 'saved', 'refused' (the server has said why) or 'lost' (it was not reached).
  async save(byItself, again = false) {
    const token = this.html.elements.csrf_token.value;
    const answers = withoutFiles(this.form._getSubmitData());
    this.dirty = false;
    this.say(words.saving);
    let answer, said;
    try {
      answer = await fetch(this.given.draft, {
        method: 'POST', credentials: 'same-origin', redirect: 'error',
        headers: { 'Content-Type': 'application/json', 'Accept': 'application/json', 'X-CSRFToken': token },
        body: JSON.stringify({ answers })
      });
      said = await answer.json().catch(() => ({}));
    } catch (error) {
      this.dirty = true;
      this.say(words.lost);
      return 'lost';
    }
    if (answer.status === 400 && !again && await this.isAdmitted()) return this.save(byItself, true);
    if (!answer.ok) {
      this.dirty = true;
      if (answer.status >= 500 || answer.status === 401) { this.say(words.lost); return 'lost'; }
      this.refused = true;
      this.say(said.message || words.refused);
      return 'refused';
    }
    if (this.summary.dataset.trouble) { this.summary.hidden = true; delete this.summary.dataset.trouble; }
    this.say((byItself ? words.autosaved : words.saved)(said.saved || '') + (this.files().length ? ` ${words.files}` : ''));
    return 'saved';
  }

  // Whether the server still knows the reader. A log-in on another page brings a new token, which is taken over:
  // with the old one the submission would be refused, and what was written would be gone with this page.
  async isAdmitted() {
    try {
      const answer = await fetch(location.href, { credentials: 'same-origin', redirect: 'error' });
      const there = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const token = there.querySelector('input[name=csrf_token]');
      if (answer.ok && token) this.html.elements.csrf_token.value = token.value;
      return answer.status < 500;
    } catch (error) {
      return false;
    }
  }

  files() {
    return [ ...this.form.get('fileRegistry').getAllFiles() ];
  }

  attachFiles() {
    for (const old of this.html.querySelectorAll('input[type=file]')) old.remove();
    for (const [ reference, files ] of this.files()) {
      const input = Object.assign(document.createElement('input'), { type: 'file', name: `file:${reference}`, multiple: true, hidden: true });
      const transfer = new DataTransfer();
      for (const file of files) transfer.items.add(file);
      input.files = transfer.files;
      this.html.append(input);
    }
  }

  async submit(event) {
    if (this.leaving) return;
    event.preventDefault();
    if (this.busy) return;
    const button = event.submitter;
    const isSave = button?.matches('[data-wz-save]');
    if (isSave && this.given.draft) {
      this.hold(button);
      await this.save(false);
      this.free();
      return;
    }
    this.said.clear();
    const result = this.form.submit();
    const missing = this.missing(result.errors);
    if (button?.matches('[data-wz-validate]') && missing.length) {
      this.showSummary(missing);
      return;
    }
    if (!button?.matches('[data-wz-validate]')) this.form._setState({ errors: {} });
    this.hold(button);
    // the draft is kept first: whatever happens to the submission, nothing written is lost
    if (!await this.isAdmitted() || this.given.draft && this.dirty && await this.save(true) === 'lost') {
      this.summary.dataset.trouble = 'yes';
      this.showTrouble(words.lost);
      this.free();
      return;
    }
    this.html.elements.answers.value = JSON.stringify(result.data);
    this.attachFiles();
    this.leaving = true;
    // a form cannot be submitted again from within its own submit event
    setTimeout(() => this.html.requestSubmit(button));
  }

  hold(button) {
    this.busy = true;
    button?.setAttribute('aria-busy', 'true');
  }

  free() {
    this.busy = false;
    this.leaving = false;
    for (const button of this.html.querySelectorAll('[aria-busy]')) button.removeAttribute('aria-busy');
  }
}

function at(tree, path) {
  return path.reduce((node, step) => node?.[step], tree);
}

function place(tree, path, value) {
  const last = path[path.length - 1];
  const node = path.slice(0, -1).reduce((each, step) => (each[step] ??= []), tree);
  node[last] = value;
}

for (const container of document.querySelectorAll('[data-wz-form]')) new Page(container).open();
