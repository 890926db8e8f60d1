import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { refuseNul } from '#rpc/nul-character.ts';
import type { OperationSpec, ParameterSpec, Shape } from '#rpc/operation-spec.ts';
import { parseJsonParameter } from './json-parameter.ts';

/** A parameter list longer than this is refused. */
const LIST_LIMIT = 100;

/**
 * Reads the parameters that the operation knows, in their types; others are tolerated, since clients send RegionId
 * and more. An empty value is treated as absent, except where it clears something. Throws `MissingParameter` and `InvalidParameter` naming the parameter.
 */
export function parseParams(spec: OperationSpec, sent: ReadonlyMap<string, string>): Record<string, unknown> {
  const lists = collectLists(spec, sent);
  const params: Record<string, unknown> = Object.create(null);
  for (const [name, parameter] of Object.entries(spec.parameters)) {
    const value = parseParameter(name, parameter, sent.get(name), lists.get(name));
    if (value !== undefined) params[name] = value;
    else if (parameter.required) throw missingParameter(name, parameter.missingCode);
  }
  return params;
}

/** Entries of a list by their number; an entry is a text, or texts by field name. */
type ListEntries = Map<number, string | Map<string, string>>;

/** Gathers `Name.N` and `Name.N.Field` of the lists that the operation knows. */
function collectLists(spec: OperationSpec, sent: ReadonlyMap<string, string>): Map<string, ListEntries> {
  const lists = new Map<string, ListEntries>();
  if (!takesLists(spec)) return lists;
  for (const [key, value] of sent) {
    const dot = key.indexOf('.');
    const name = dot === -1 ? key : key.slice(0, dot);
    const parameter = Object.hasOwn(spec.parameters, name) ? spec.parameters[name] : undefined;
    if (dot === -1 || parameter === undefined || !isList(parameter)) continue;
    const [, number, field] = /^([1-9]\d{0,8})(?:\.(.+))?$/.exec(key.slice(dot + 1)) ?? [];
    if (number === undefined || Number(number) > LIST_LIMIT) {
      throw invalidParameter(key, `entries are numbered from 1 to ${LIST_LIMIT}.`);
    }
    const entries = lists.get(name) ?? new Map();
    lists.set(name, entries);
    addEntry(entries, Number(number), field, key, value);
  }
  return lists;
}

const listTakers = new WeakMap<OperationSpec, boolean>();

function takesLists(spec: OperationSpec): boolean {
  const known = listTakers.get(spec);
  if (known !== undefined) return known;
  const takes = Object.values(spec.parameters).some(isList);
  listTakers.set(spec, takes);
  return takes;
}

function addEntry(entries: ListEntries, number: number, field: string | undefined, key: string, value: string): void {
  const entry = entries.get(number);
  if (field === undefined) {
    if (entry !== undefined) throw invalidParameter(key, 'the entry is both a value and an object.');
    entries.set(number, value);
    return;
  }
  if (typeof entry === 'string') throw invalidParameter(key, 'the entry is both a value and an object.');
  entries.set(number, (entry ?? new Map<string, string>()).set(field, value));
}

function parseParameter(
  name: string,
  spec: ParameterSpec,
  text: string | undefined,
  entries: ListEntries | undefined,
): unknown {
  if (isList(spec)) {
    const whole = text !== undefined && text !== '';
    if (whole && (!spec.json || entries))
      throw invalidParameter(name, `its entries are sent as ${name}.1, ${name}.2, ….`);
    if (!whole) return entries && parseList(name, spec, entries);
  }
  if (text === '' && spec.keepEmpty) return text;
  if (text === undefined || text === '') return undefined;
  if (spec.json) return parseJsonParameter(name, spec.shape, text);
  return parseScalar(name, spec.shape, text, spec.values);
}

/** Lists are dense: a gap could mean an entry that got lost. */
function parseList(name: string, spec: ParameterSpec, entries: ListEntries): unknown[] {
  const { list: item } = spec.shape as { list: Shape };
  return Array.from({ length: entries.size }, (_, i) => {
    const entry = entries.get(i + 1);
    const key = `${name}.${i + 1}`;
    if (entry === undefined) throw invalidParameter(key, `the list has ${entries.size} entries, but not this one.`);
    if (typeof item === 'object' && 'fields' in item) return parseFields(key, item.fields, entry);
    if (typeof entry !== 'string') throw invalidParameter(key, 'it is a plain value.');
    return parseScalar(key, item, entry, spec.values);
  });
}

function parseFields(
  key: string,
  fields: Extract<Shape, { fields: unknown }>['fields'],
  entry: string | Map<string, string>,
): Record<string, unknown> {
  if (typeof entry === 'string') {
    throw invalidParameter(key, `it has the fields ${Object.keys(fields).join(', ')}.`);
  }
  const value: Record<string, unknown> = {};
  for (const [field, spec] of Object.entries(fields)) {
    const text = entry.get(field);
    if (text !== undefined) value[field] = parseScalar(`${key}.${field}`, spec.shape, text, undefined);
    else if (spec.required) throw missingParameter(`${key}.${field}`);
  }
  return value;
}

function parseScalar(name: string, shape: Shape, text: string, values: readonly string[] | undefined): unknown {
  if (shape === 'integer') {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value)) {
      throw invalidParameter(name, `${shown(text)} is not an integer from 0 to ${Number.MAX_SAFE_INTEGER}.`);
    }
    return value;
  }
  if (shape === 'boolean') {
    if (text !== 'true' && text !== 'false') throw invalidParameter(name, `${shown(text)} is neither true nor false.`);
    return text === 'true';
  }
  if (values && !values.includes(text)) {
    throw invalidParameter(name, `${shown(text)} is not one of ${values.join(', ')}.`);
  }
  refuseNul(name, text);
  return text;
}

function isList(spec: ParameterSpec): boolean {
  return typeof spec.shape === 'object' && 'list' in spec.shape;
}

/** A value in a message, cut where it is long. */
function shown(text: string): string {
  return `"${text.length > 200 ? `${text.slice(0, 200)}…` : text}"`;
}
