// What every editor of a draft's file does alike: read it, save it as one works, say how it stands.
// The page gives a block `<script type="application/json" id="<key>-data">` with
//   source   where the file is read; save: where it is posted; revision: the file's number
//   words    saved, saving, unsaved, failed, conflict
// The server answers a save with {revision, findings: [{element, rule, severity, text, remedy}]},
// and 409 with {message} where somebody else has saved meanwhile: nothing is lost, both are kept.
const PAUSE = 1200;

export class Draft {
  constructor(container) {
    this.container = container;
    const key = container.dataset.wzEditor;
    this.at = JSON.parse(document.getElementById(`${key}-data`).textContent);
    this.status = document.querySelector(`[data-wz-editor-status="${key}"]`);
    this.revision = this.at.revision;
    this.listeners = [];
    this.timer = null;
    this.isDirty = false;
    this.isStopped = false;
    this.running = Promise.resolve();
    window.addEventListener('beforeunload', event => { if (this.isDirty) event.preventDefault(); });
    document.addEventListener('keydown', event => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
        event.preventDefault();
        this.save();
      }
    });
  }

  // `content` gives what is posted: an object of texts, at least {content}.
  bind(content) {
    this.content = content;
  }

  onFindings(listener) {
    this.listeners.push(listener);
  }

  async read() {
    const answer = await fetch(this.at.source, { credentials: 'same-origin' });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  changed() {
    if (this.isStopped) return;
    this.isDirty = true;
    this.say('unsaved');
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  // One save at a time, in order; what changes meanwhile is saved after.
  save() {
    clearTimeout(this.timer);
    this.running = this.running.then(() => this.#post());
    return this.running;
  }

  async #post() {
    if (!this.isDirty || this.isStopped) return;
    this.isDirty = false;
    this.say('saving');
    let answer, told;
    try {
      const body = JSON.stringify({ ...(await this.content()), revision: this.revision });
      answer = await fetch(this.at.save, {
        method: 'POST', credentials: 'same-origin', body,
        headers: { 'Content-Type': 'application/json', ...JSON.parse(document.body.getAttribute('hx-headers')) }
      });
      told = await answer.json();
    } catch (error) {
      this.isDirty = true;
      this.say('failed', error.message);
      this.timer = setTimeout(() => this.save(), 5 * PAUSE);
      return;
    }
    if (answer.status === 409) {
      this.isStopped = true;
      this.isDirty = true;
      return this.say('conflict', told.message);
    }
    if (!answer.ok) {
      this.isDirty = true;
      return this.say('failed', told.message || String(answer.status));
    }
    this.revision = told.revision;
    this.tell(told.findings || []);
    this.say(this.isDirty ? 'unsaved' : 'saved');
    document.body.dispatchEvent(new CustomEvent('wenze:saved')); // what stands beside renews itself
  }

  tell(findings) {
    for (const listener of this.listeners) listener(findings);
  }

  say(state, detail = '') {
    this.container.dataset.state = state;
    if (!this.status) return;
    this.status.dataset.state = state;
    this.status.textContent = detail ? `${this.at.words[state]} ${detail}` : this.at.words[state];
  }
}
