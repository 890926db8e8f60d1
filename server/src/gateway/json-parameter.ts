import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { refuseNul } from '#rpc/nul-character.ts';
import type { Shape } from '#rpc/operation-spec.ts';

const LIST_LIMIT = 100;
const DEPTH_LIMIT = 16;

/**
 * Reads a parameter that travels as one JSON text and picks from it what its shape names, so that no other key
 * reaches an operation. Throws `InvalidParameter` naming the parameter and the place in it.
 */
export function parseJsonParameter(name: string, shape: Shape, text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidParameter(name, 'it is not JSON.');
  }
  return pick(name, shape, value);
}

function pick(path: string, shape: Shape, value: unknown): unknown {
  if (shape === 'any') return asFreeJson(path, value);
  if (typeof shape === 'string') return asScalar(path, shape, value);
  if ('list' in shape) {
    if (!Array.isArray(value)) throw invalidParameter(path, 'it must be a JSON array.');
    if (value.length > LIST_LIMIT) throw invalidParameter(path, `it has more than ${LIST_LIMIT} entries.`);
    return value.map((entry, i) => pick(`${path}[${i}]`, shape.list, entry));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidParameter(path, 'it must be a JSON object.');
  }
  const picked: Record<string, unknown> = {};
  for (const [field, spec] of Object.entries(shape.fields)) {
    const entry = Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined;
    if (entry !== undefined && entry !== null) picked[field] = pick(`${path}.${field}`, spec.shape, entry);
    else if (spec.required) throw missingParameter(`${path}.${field}`);
  }
  return picked;
}

function asScalar(path: string, shape: 'string' | 'integer' | 'boolean', value: unknown): unknown {
  const fits = shape === 'integer' ? Number.isSafeInteger(value) && Number(value) >= 0 : typeof value === shape;
  if (!fits) throw invalidParameter(path, `it must be ${shape === 'integer' ? 'an integer' : `a ${shape}`}.`);
  if (typeof value === 'string') refuseNul(path, value);
  return value;
}

function asFreeJson(path: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidParameter(path, 'it must be a JSON object.');
  }
  if (depth(value) > DEPTH_LIMIT) throw invalidParameter(path, `it is nested deeper than ${DEPTH_LIMIT}.`);
  refuseNulInside(path, value);
  return value;
}

/** Free JSON is stored as JSON, but its texts may be looked up one by one. */
function refuseNulInside(path: string, value: object): void {
  JSON.stringify(value, (key, each: unknown) => {
    refuseNul(path, key);
    if (typeof each === 'string') refuseNul(path, each);
    return each;
  });
}

function depth(value: unknown): number {
  let deepest = 0;
  const open: [unknown, number][] = [[value, 1]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, level] = next;
    if (typeof node !== 'object' || node === null) continue;
    deepest = Math.max(deepest, level);
    for (const child of Object.values(node)) open.push([child, level + 1]);
  }
  return deepest;
}
