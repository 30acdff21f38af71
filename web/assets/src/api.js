// The page on which the REST interface is tried: it reads /api/v1/openapi.json and sends one call at a time.
const page = document.querySelector('[data-wz-api]');

const byId = name => document.getElementById(`wz-api-${name}`);

// A first value of a schema, so that a body need not be written from nothing.
function sample(schema) {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sample(schema.anyOf[0]);
  if (schema.type === 'object') {
    const found = {};
    for (const [ name, inner ] of Object.entries(schema.properties || {})) {
      if ((schema.required || []).includes(name)) found[name] = sample(inner);
    }
    return found;
  }
  return { array: [], integer: schema.minimum || 0, boolean: false }[schema.type] ?? '';
}

function operations(document_) {
  return Object.entries(document_.paths).flatMap(([ path, methods ]) =>
    Object.entries(methods).map(([ method, about ]) => ({ path, method: method.toUpperCase(), about })));
}

function show(one) {
  byId('about').textContent = one.about.description ? `${one.about.summary}\n\n${one.about.description}` : one.about.summary;
  byId('parameters').replaceChildren(...one.about.parameters.map(parameter => {
    const label = document.createElement('label');
    const input = document.createElement('input');
    label.className = 'form-label d-block';
    label.textContent = `${parameter.name}（${parameter.in}）`;
    input.className = 'form-control';
    input.dataset.name = parameter.name;
    input.dataset.in = parameter.in;
    input.required = parameter.required;
    label.append(input);
    return label;
  }));
  const body = one.about.requestBody;
  byId('body-field').hidden = !body;
  byId('body').value = body ? JSON.stringify(sample(body.content['application/json'].schema), null, 2) : '';
}

async function send(one, prefix) {
  let path = one.path;
  const query = new URLSearchParams();
  const headers = { Authorization: `Bearer ${byId('token').value.trim()}` };
  for (const input of byId('parameters').querySelectorAll('input')) {
    if (input.value === '') continue;
    if (input.dataset.in === 'path') path = path.replace(`{${input.dataset.name}}`, encodeURIComponent(input.value));
    else if (input.dataset.in === 'query') query.append(input.dataset.name, input.value);
    else headers[input.dataset.name] = input.value;
  }
  const options = { method: one.method, headers, credentials: 'omit' };
  if (!byId('body-field').hidden) {
    options.body = byId('body').value;
    headers['Content-Type'] = 'application/json';
  }
  const answer = await fetch(`${prefix}${path}${query.size ? `?${query}` : ''}`, options);
  const text = await answer.text();
  let shown = text;
  try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* bytes, or nothing */ }
  byId('status').textContent = `${answer.status} ${answer.headers.get('Content-Type') || ''}`;
  byId('answer').textContent = shown;
}

if (page) {
  fetch(page.dataset.wzApi).then(answer => answer.json()).then(document_ => {
    const every = operations(document_);
    const choice = byId('operation');
    choice.replaceChildren(...every.map((one, number) => new Option(`${one.method} ${one.path}`, String(number))));
    const chosen = () => every[Number(choice.value)];
    choice.addEventListener('change', () => show(chosen()));
    byId('form').addEventListener('submit', event => {
      event.preventDefault();
      send(chosen(), document_.servers[0].url);
    });
    show(chosen());
  });
}
