// The words of the designer's tools in the page's language; what is still English is collected, for a test.
import palette from 'bpmn-js-i18n/translations/zn.js'; // theirs is Chinese, whatever the name says
import designer from './designer-zh.json';

const isChinese = !document.documentElement.lang.startsWith('en');
const known = { ...palette, ...designer };
export const untranslated = new Set();

export function translate(template, replacements = {}) {
  let text = template;
  if (isChinese) {
    text = known[template];
    if (text === undefined) {
      if (/[A-Za-z]/.test(template)) untranslated.add(template);
      text = template;
    }
  }
  return text.replace(/{([^}]+)}/g, (_, key) => (key in replacements ? replacements[key] : `{${key}}`));
}

export const translation = { translate: [ 'value', translate ] };
window.WenzeUntranslated = () => [ ...untranslated ].sort();
