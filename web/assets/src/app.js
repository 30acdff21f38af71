// What every page loads: htmx, and the few things that HTML alone does not do. Every page works without it.
import htmx from 'htmx.org';

window.htmx = htmx;

// A menu closes when one clicks elsewhere or presses Escape.
const openMenus = () => document.querySelectorAll('details.wz-more[open]');
document.addEventListener('click', event => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector('summary').focus();
  }
});

// A disabled action stays focusable, so that its reason is read; it does nothing.
document.addEventListener('click', event => {
  if (event.target.closest('[aria-disabled=true]')) event.preventDefault();
}, true);

// A form is sent once, however often its button is pressed. form-viewer.js looks after its own.
document.addEventListener('submit', event => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = 'yes';
});
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
});

// What was typed is there again where a refused act leads back to its form. It is kept until the next page only.
const TYPED = 'wz-typed';
const marks = one => [ 'checkbox', 'radio' ].includes(one.type);
const typedIn = form => [ ...form.elements ].filter(one => one.name && one.matches(
  'textarea, select:not([multiple]), input:not([type=hidden], [type=password], [type=file], [autocomplete=one-time-code])'));
document.addEventListener('submit', event => {
  const form = event.target;
  if (form.method !== 'post' || event.defaultPrevented || form.querySelector('[data-wz-form]')) return;
  const values = typedIn(form).map(one => [ one.name, marks(one) ? one.checked : one.value ]);
  sessionStorage.setItem(TYPED, JSON.stringify({ action: form.getAttribute('action'), values }));
});
const typed = JSON.parse(sessionStorage.getItem(TYPED) || 'null');
sessionStorage.removeItem(TYPED);
if (typed && document.querySelector('[data-wz-refused]')) {
  const form = [ ...document.forms ].find(each => each.method === 'post' && each.getAttribute('action') === typed.action);
  const fields = form ? typedIn(form) : [];
  const isSame = fields.length === typed.values.length && fields.every((one, at) => one.name === typed.values[at][0]);
  for (const [ at, one ] of isSame ? fields.entries() : []) one[marks(one) ? 'checked' : 'value'] = typed.values[at][1];
}

// A confidential value leaves the page again when its time is over; the page itself stays, with what was written on it.
for (const shown of document.querySelectorAll('[data-wz-hide-after]')) {
  setTimeout(() => {
    const bar = document.createElement('span');
    bar.setAttribute('role', 'img');
    bar.setAttribute('aria-label', shown.dataset.wzHidden);
    const words = document.createElement('small');
    words.className = 'wz-2';
    words.textContent = shown.dataset.wzHidden;
    shown.replaceChildren(bar, words);
  }, shown.dataset.wzHideAfter * 1000);
}

// `/` leads to the search, unless one is writing.
document.addEventListener('keydown', event => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest('input, textarea, select, [contenteditable=true], [contenteditable=""], .djs-container')) return;
  const find = document.querySelector('.wz-find');
  if (!find || !find.offsetParent) return;
  event.preventDefault();
  find.focus();
  find.select();
});

// The bell asks by itself; the entry of the bar that leads to the same page says the same number.
document.addEventListener('htmx:afterSwap', () => {
  const bell = document.getElementById('bell');
  if (!bell) return;
  const entry = [ ...document.querySelectorAll('.wz-nav a') ].find(each => each.getAttribute('href') === bell.getAttribute('href'));
  if (!entry) return;
  const shown = bell.querySelector('b');
  const count = entry.querySelector('b');
  if (count) count.remove();
  if (shown) entry.append(Object.assign(document.createElement('b'), { textContent: shown.textContent }));
});

// Picking rows shows what can be done with several at once.
function countPicks(list) {
  const bar = list.querySelector('[data-wz-bulk]');
  if (!bar) return;
  const boxes = [ ...list.querySelectorAll('input[name=pick]') ];
  const picked = boxes.filter(box => box.checked);
  for (const box of boxes) box.closest('tr').classList.toggle('is-picked', box.checked);
  bar.hidden = picked.length === 0;
  bar.querySelector('[data-wz-picked]').textContent = picked.length;
  const all = list.querySelector('[data-wz-pick-all]');
  if (all) {
    all.checked = picked.length > 0 && picked.length === boxes.length;
    all.indeterminate = picked.length > 0 && picked.length < boxes.length;
  }
}
const listOf = element => element.closest('form, .card');
document.addEventListener('change', event => {
  const box = event.target;
  if (box.matches('[data-wz-pick-all]')) {
    for (const each of listOf(box).querySelectorAll('input[name=pick]')) each.checked = box.checked;
  } else if (!box.matches('input[name=pick]')) return;
  countPicks(listOf(box));
});
document.addEventListener('click', event => {
  const button = event.target.closest('[data-wz-unpick]');
  if (!button) return;
  for (const box of listOf(button).querySelectorAll('input[name=pick]')) box.checked = false;
  countPicks(listOf(button));
});
