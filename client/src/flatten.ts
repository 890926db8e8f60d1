import { type Action, jsonParameters } from './spec.gen.ts';

/**
 * The parameters of a call in wire form: scalars as text, lists as `Name.1`, objects in lists as `Name.1.Key`, and
 * parameters that the API takes as JSON as one text. Undefined and null parameters are left out.
 */
export function flattenParams(
  action: Action | (string & {}),
  params: Readonly<Record<string, unknown>>,
): Map<string, string> {
  const asJson: readonly string[] = (jsonParameters as Record<string, readonly string[]>)[action] ?? [];
  const flat = new Map<string, string>();
  for (const [name, value] of Object.entries(params)) {
    if (asJson.includes(name) && typeof value === 'object' && value !== null) flat.set(name, JSON.stringify(value));
    else append(flat, name, value);
  }
  return flat;
}

function append(flat: Map<string, string>, name: string, value: unknown): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) append(flat, `${name}.${i + 1}`, item);
    return;
  }
  if (typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) append(flat, `${name}.${key}`, item);
    return;
  }
  flat.set(name, String(value));
}
