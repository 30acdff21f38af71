// Builds the front end into web/static/dist. Run by tools/node.py; deterministic: same lock, same bytes.
import * as esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(here, '..', 'static', 'dist');
const source = name => path.join(here, 'src', name);

// form-js has no translations: its words are replaced while bundling. A word that is not found stops
// the build, so that an upgrade cannot bring English back unseen.
function translated(text, words) {
  for (const [ english, chinese ] of Object.entries(words)) {
    const before = text;
    const replacement = chinese.includes('${') ? '`' + chinese + '`' : JSON.stringify(chinese);
    for (const quote of [ "'", '"', '`' ]) text = text.split(quote + english + quote).join(replacement);
    if (text === before) throw new Error(`form-js no longer says "${english}": mend src/form-zh.json`);
  }
  return text;
}

// Places where form-js asks the browser what only the page knows: its language and its day.
const corrections = [
  // dates are written as the page's language writes them, not as the browser's
  [ "getLocaleDateFormat(locale = 'default')", "getLocaleDateFormat(locale = document.documentElement.lang || 'default')" ],
  // "not before today" is the platform's day: a rehearsal's clock is moved
  // and the lower bound is a date, since flatpickr reads a string in the language's own order
  [ "minDate: disallowPassedDates ? 'today' : '01/01/1900'",
    "minDate: disallowPassedDates ? (document.documentElement.dataset.today ? new Date(document.documentElement.dataset.today + 'T00:00') : 'today') : new Date(1900, 0, 1)" ]
];

function corrected(text) {
  for (const [ theirs, ours ] of corrections) {
    if (!text.includes(theirs)) throw new Error(`form-js no longer has: ${theirs}`);
    text = text.replace(theirs, ours);
  }
  return text;
}

const formJs = language => ({
  name: 'form-js',
  setup(build) {
    build.onLoad({ filter: /form-js-viewer[\\/]dist[\\/]index\.es\.js$/ }, async args => {
      const text = corrected(fs.readFileSync(args.path, 'utf8'));
      if (language !== 'zh') return { contents: text, loader: 'js' };
      const words = JSON.parse(fs.readFileSync(source('form-zh.json'), 'utf8'));
      return { contents: translated(text, words), loader: 'js' };
    });
  }
});

const common = {
  bundle: true, minify: true, format: 'iife', target: [ 'es2020' ], outdir: dist, legalComments: 'linked',
  loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.ttf': 'empty', '.eot': 'empty' },
  logLevel: 'warning'
};

function copyTabler() {
  const core = path.join(here, 'node_modules', '@tabler', 'core', 'dist');
  for (const [ from, to ] of [ [ 'css/tabler.min.css', 'tabler.css' ], [ 'js/tabler.min.js', 'tabler.js' ] ]) {
    const text = fs.readFileSync(path.join(core, from), 'utf8');
    fs.writeFileSync(path.join(dist, to), text.replace(/\/[*/]# sourceMappingURL=.*$/s, ''));
  }
}

fs.rmSync(dist, { recursive: true, force: true });
fs.mkdirSync(dist, { recursive: true });
await Promise.all([
  esbuild.build({ ...common, entryPoints: { app: source('app.js'), viewer: source('viewer.js'), wenze: source('wenze.css') } }),
  ...[ 'zh', 'en' ].map(language => esbuild.build({
    ...common, plugins: [ formJs(language) ], define: { WENZE_LANGUAGE: JSON.stringify(language) },
    entryPoints: { [`form-viewer.${language}`]: source('form-viewer.js') }
  }))
]);
// both languages bring the same style sheet
fs.renameSync(path.join(dist, 'form-viewer.zh.css'), path.join(dist, 'form-viewer.css'));
fs.rmSync(path.join(dist, 'form-viewer.en.css'));
copyTabler();
