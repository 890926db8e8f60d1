import { readFileSync } from 'node:fs';
import type { Action } from '../../../server/src/rpc/spec.gen.ts';
import { specOperations } from '../../../tools/generate/spec-operations.ts';

interface Fields {
  readonly [name: string]: { readonly type: Type };
}
type Type = string | Fields | readonly [string | Fields];

const readSpec = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../spec/${name}.json`, import.meta.url), 'utf8'));
const known = specOperations([
  { spec: readSpec('cr-2018-12-01'), additions: readSpec('cr-2018-12-01.additions') },
  ...['ram-2015-05-01', 'sts-2015-04-01', 'ims-2019-08-15'].map((name) => ({ spec: readSpec(name) })),
]);

/** Every field of a reply as its path and type. */
export function declaredFields(action: Action): [path: string, type: string][] {
  return fieldsOf('', (known.find(({ name }) => name === action)?.response ?? {}) as Fields);
}

function fieldsOf(path: string, fields: Fields): [string, string][] {
  return Object.entries(fields).flatMap(([name, { type }]) => typesOf(`${path}.${name}`, type));
}

function typesOf(path: string, type: Type): [string, string][] {
  if (typeof type === 'string') return [[path, type]];
  if (!Array.isArray(type)) return [[path, 'object'], ...fieldsOf(path, type as Fields)];
  const [item] = type as readonly [string | Fields];
  return [[path, 'array'], ...(typeof item === 'string' ? typesOf(`${path}[]`, item) : fieldsOf(`${path}[]`, item))];
}

/** Records the path and type of each field of a reply. */
export function noteFields(path: string, value: unknown, paths: Map<string, string>): void {
  if (path !== '') paths.set(path, Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value);
  if (Array.isArray(value)) for (const item of value) noteFields(`${path}[]`, item, paths);
  else if (typeof value === 'object' && value !== null)
    for (const [name, item] of Object.entries(value)) noteFields(`${path}.${name}`, item, paths);
}
