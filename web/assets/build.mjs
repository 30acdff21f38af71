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

// The editor's words stand beside a property that is shown; others of the same text mean something else.
const SHOWN = [ 'label', 'title', 'placeholder', 'description', 'tooltip', 'text', 'children', 'name' ];

function labelled(text, words) {
  for (const [ english, chinese ] of Object.entries(words)) {
    const before = text;
    for (const property of SHOWN) for (const quote of [ "'", '"' ]) {
      text = text.split(`${property}: ${quote}${english}${quote}`).join(`${property}: ${JSON.stringify(chinese)}`);
    }
    if (text === before) throw new Error(`form-js no longer shows "${english}": mend src/form-editor-zh.json`);
  }
  return text;
}

const formEditorWords = {
  name: 'form-editor-words',
  setup(build) {
    const { editor, components } = JSON.parse(fs.readFileSync(source('form-editor-zh.json'), 'utf8'));
    const read = args => fs.readFileSync(args.path, 'utf8');
    build.onLoad({ filter: /form-js-editor[\\/]dist[\\/]index\.es\.js$/ }, args => ({ contents: labelled(read(args), editor), loader: 'js' }));
    build.onLoad({ filter: /form-js-viewer[\\/]dist[\\/]index\.es\.js$/ }, args => {
      const words = JSON.parse(fs.readFileSync(source('form-zh.json'), 'utf8'));
      return { contents: translated(labelled(corrected(read(args)), components), words), loader: 'js' };
    });
  }
};

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

// token simulation has its words in its sources, and no way to say them otherwise
const simulation = language => ({
  name: 'token-simulation',
  setup(build) {
    build.onLoad({ filter: /bpmn-js-token-simulation[\\/]lib[\\/].*\.js$/ }, async args => {
      let text = fs.readFileSync(args.path, 'utf8');
      if (language === 'zh') {
        const words = JSON.parse(fs.readFileSync(source('simulation-zh.json'), 'utf8'));
        for (const [ english, chinese ] of Object.entries(words).sort((a, b) => b[0].length - a[0].length)) {
          text = text.split(english).join(chinese);
        }
      }
      return { contents: text, loader: 'js' };
    });
  }
});

// the properties panel and the element templates must share one preact
const onePreact = {
  name: 'one-preact',
  setup(build) {
    build.onResolve({ filter: /^preact(\/.*)?$/ }, args => {
      if (args.pluginData === 'ours' || /form-js/.test(args.importer) || args.importer.includes('/properties-panel/preact/')) return;
      return build.resolve(args.path.replace(/^preact/, '@bpmn-io/properties-panel/preact'), {
        resolveDir: here, kind: args.kind, pluginData: 'ours'
      });
    });
  }
};

// the form editor brings another preact than the viewer that it draws with
const editorsPreact = {
  name: 'editors-preact',
  setup(build) {
    const resolveDir = path.join(here, 'node_modules', '@bpmn-io', 'form-js-editor');
    build.onResolve({ filter: /^preact(\/.*)?$/ }, args => {
      if (args.pluginData === 'ours') return;
      return build.resolve(args.path, { resolveDir, kind: args.kind, pluginData: 'ours' });
    });
  }
};

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
  esbuild.build({
    ...common,
    entryPoints: {
      app: source('app.js'), api: source('api.js'), viewer: source('viewer.js'), wenze: source('wenze.css'),
      'table-editor': source('table-editor.js'), designer: source('designer.css')
    }
  }),
  ...[ 'zh', 'en' ].map(language => esbuild.build({
    ...common, plugins: [ formJs(language) ], define: { WENZE_LANGUAGE: JSON.stringify(language) },
    entryPoints: { [`form-viewer.${language}`]: source('form-viewer.js') }
  })),
  ...[ 'zh', 'en' ].map(language => esbuild.build({
    ...common, plugins: [ editorsPreact, language === 'zh' ? formEditorWords : formJs(language) ], define: { WENZE_LANGUAGE: JSON.stringify(language) },
    entryPoints: { [`form-editor.${language}`]: source('form-editor.js') }
  })),
  ...[ 'zh', 'en' ].map(language => esbuild.build({
    ...common, plugins: [ onePreact, simulation(language) ], entryPoints: { [`modeler.${language}`]: source('modeler.js') }
  }))
]);
// both languages bring the same style sheets
for (const name of [ 'form-viewer', 'form-editor', 'modeler' ]) {
  fs.renameSync(path.join(dist, `${name}.zh.css`), path.join(dist, `${name}.css`));
  fs.rmSync(path.join(dist, `${name}.en.css`));
}
copyTabler();
