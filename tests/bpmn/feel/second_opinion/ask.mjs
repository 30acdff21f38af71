// Evaluates the expressions of a JSON list on standard input with feelin; prints what each gave.
// Argument: the folder in which feelin is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const home = join(process.argv[2], 'node_modules', 'feelin', 'dist', 'index.js');
const feelin = await import(pathToFileURL(home));
const { evaluate, isFunction, isRange, FeelDate, FeelTime, FeelDateTime, FeelDuration } = feelin;

function told(value) {
  if (value === null || value === undefined) return ['null'];
  if (typeof value === 'number') return ['number', String(value)];
  if (typeof value === 'string' || typeof value === 'boolean') return [typeof value, value];
  if (value instanceof FeelDate) return ['date', value.iso];
  if (value instanceof FeelTime) return ['time', value.iso];
  if (value instanceof FeelDateTime) return ['date and time', value.iso];
  if (value instanceof FeelDuration) return ['duration', value.iso];
  if (isFunction(value)) return ['function'];
  if (isRange(value)) {
    return ['range', value['start included'], told(value.start), told(value.end), value['end included']];
  }
  if (Array.isArray(value)) return ['list', value.map(told)];
  return ['context', Object.fromEntries(Object.entries(value).map(([key, one]) => [key, told(one)]))];
}

const given = JSON.parse(readFileSync(0, 'utf8'));
const found = given.map((source) => {
  try {
    return told(evaluate(source, {}).value);
  } catch (error) {
    return ['error', String(error.message).split('\n')[0]];
  }
});
console.log(JSON.stringify(found));
