import type { FastifyRequest } from 'fastify';
import { invalidParameter, missingParameter } from '#rpc/errors/api-error.ts';
import { refuseNul } from '#rpc/nul-character.ts';
import { readJsonObject } from './json-body.ts';
import type { BodyShape, NativeSpec, ScalarSpec } from './native-spec.ts';
import { boolean, integer, oneOf, type QueryKind, readQuery, text, time } from './query.ts';

/** Reads the parameters of a request: the placeholders of its path, its query and the fields of its body. */
export type ReadParams = (request: FastifyRequest) => Record<string, unknown>;

/**
 * Makes the reader of an operation's parameters. It throws `InvalidParameter` and `MissingParameter`, naming the
 * parameter.
 */
export function paramsReader(spec: NativeSpec): ReadParams {
  const kinds = Object.fromEntries(Object.entries(spec.query).map(([name, scalar]) => [name, kindOf(scalar)]));
  const required = Object.keys(spec.query).filter((name) => spec.query[name]?.required);
  const places = Object.entries(spec.places)
    .filter(([, { enum: values }]) => values !== undefined)
    .map(([name, scalar]) => [name, kindOf(scalar)] as const);
  return (request) => {
    const inPath = request.params as Record<string, string>;
    for (const [name, value] of Object.entries(inPath)) refuseNul(name, value);
    for (const [name, kind] of places) kind((inPath[name] ?? '').toUpperCase(), name);
    const query: Record<string, unknown> = readQuery(request, kinds);
    for (const name of required) if (query[name] === undefined) throw missingParameter(name);
    const body = spec.body === undefined ? {} : readBody(spec.body, request.body as Buffer | undefined);
    return { ...query, ...body, ...inPath };
  };
}

/** The rules for query values; a text without a pattern has only a limit of characters. */
function kindOf(scalar: ScalarSpec): QueryKind<unknown> {
  const { type, enum: values, pattern, expects = '', format, separator, ...limits } = scalar;
  if (separator !== undefined) {
    const { separator: _, ...entry } = scalar;
    return (value, name) => value.split(separator).map((each) => kindOf(entry)(each, name));
  }
  if (format === 'time') return time;
  if (values !== undefined) return oneOf(...values);
  if (type === 'boolean') return boolean;
  if (type === 'integer') return integer(limits.minimum ?? 0, limits.maximum ?? Number.MAX_SAFE_INTEGER);
  const { maxLength = TEXT_LIMIT_CHARS } = limits;
  if (pattern !== undefined) return text(new RegExp(pattern, 'u'), expects);
  return (value, name) => {
    if (value.length > maxLength) throw invalidParameter(name, `it is longer than ${maxLength} characters.`);
    return value;
  };
}

const TEXT_LIMIT_CHARS = 4096;

function readBody(shape: BodyShape, body: Buffer | undefined): Record<string, unknown> {
  if (!('fields' in shape)) throw new Error('a body is an object');
  return readFields('', shape.fields, readJsonObject(body, longTexts(shape.fields)));
}

/** The fields that may have longer texts than others. */
function longTexts(fields: Readonly<Record<string, BodyShape>>): Record<string, number> {
  const limits = Object.entries(fields).flatMap(([name, field]) => {
    const shape = 'map' in field ? field.map : field;
    return 'maxLength' in shape && shape.maxLength !== undefined ? [[name, shape.maxLength] as const] : [];
  });
  return Object.fromEntries(limits);
}

function readFields(
  path: string,
  fields: Readonly<Record<string, BodyShape>>,
  sent: Record<string, unknown>,
): Record<string, unknown> {
  const unknown = Object.keys(sent).find((name) => !Object.hasOwn(fields, name));
  if (unknown !== undefined) {
    const known = Object.keys(fields).join(', ');
    throw invalidParameter(path + unknown, `there is no such field here; the fields are ${known}.`);
  }
  const read: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = readValue(path + name, field, sent[name]);
    if (value !== undefined) read[name] = value;
    else if (field.required) throw missingParameter(path + name);
  }
  return read;
}

/** An empty text is treated as absent. */
function readValue(path: string, shape: BodyShape, value: unknown): unknown {
  if (value === undefined || value === '') return undefined;
  if ('items' in shape) {
    const { items, maxItems = Number.POSITIVE_INFINITY } = shape;
    if (!Array.isArray(value)) throw invalidParameter(path, 'it is not a list.');
    if (value.length > maxItems) throw invalidParameter(path, `it has more than ${maxItems} entries.`);
    return value.map((entry, index) => readEntry(`${path}[${index}]`, items, entry));
  }
  if ('fields' in shape) return readFields(`${path}.`, shape.fields, objectOf(path, value));
  if ('map' in shape) {
    const entries = Object.entries(objectOf(path, value));
    return Object.fromEntries(
      entries.map(([name, each]) => {
        refuseNul(`${path}.${name}`, name);
        return [name, readEntry(`${path}.${name}`, shape.map, each)];
      }),
    );
  }
  return readScalar(path, shape, value);
}

/** In a list or map, an empty entry still counts as present. */
function readEntry(path: string, shape: BodyShape, value: unknown): unknown {
  return value === '' ? value : readValue(path, shape, value);
}

function objectOf(path: string, value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw invalidParameter(path, 'it is not an object.');
}

function readScalar(path: string, { type, enum: values, minimum = 0, maximum, maxLength }: ScalarSpec, value: unknown) {
  if (type === 'boolean') {
    if (typeof value !== 'boolean') throw invalidParameter(path, 'it is neither true nor false.');
  } else if (type === 'integer') {
    const most = maximum ?? Number.MAX_SAFE_INTEGER;
    if (!Number.isSafeInteger(value) || (value as number) < minimum || (value as number) > most)
      throw invalidParameter(path, `it is not a whole number from ${minimum} to ${most}.`);
  } else if (typeof value !== 'string') throw invalidParameter(path, 'it is not a text.');
  else if (values !== undefined && !values.includes(value))
    throw invalidParameter(path, `it must be one of ${values.join(', ')}.`);
  else if (maxLength !== undefined && value.length > maxLength)
    throw invalidParameter(path, `it is longer than ${maxLength} characters.`);
  if (typeof value === 'string') refuseNul(path, value);
  return value;
}
