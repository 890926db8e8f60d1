import {
  fieldsOf,
  isObject,
  itemOf,
  type JsonSchema,
  mapValueOf,
  type NativeData,
  type NativeOperationData,
  type NativeType,
  placesOf,
  queryOf,
} from './native-data.ts';

const BANNER = '// Made by npm run gen from spec/native.json. Change the data, not this file.\n';

/** The server's types: the parameters and the reply of every operation. */
export function nativeTypesSource(data: NativeData): string {
  const operations = Object.entries(data.operations);
  return `${BANNER}
${namedTypes(data)}
/** The parameters and the reply of every operation; the frame adds RequestId to replies. */
export interface NativeOperations {
${operations.map(([name, operation]) => serverTypes(data, name, operation)).join('')}}

export type NativeName = keyof NativeOperations;
`;
}

/** The table that tells the frame how to run each operation. */
export function nativeSpecSource(data: NativeData): string {
  const rows = Object.entries(data.operations).map(
    ([name, operation]) => `  ${name}: ${JSON.stringify(runtimeSpec(data, operation))},\n`,
  );
  return `${BANNER}import type { NativeName } from '#rpc/native-types.gen.ts';
import type { NativeSpec } from './native-spec.ts';

${limitsSource(data)}
export const nativeSpecs: { readonly [Name in NativeName]: NativeSpec } = {
${rows.join('')}};
`;
}

/** The list of the operations' files; it does not compile if a file is missing or has another name. */
export function nativeOperationsSource(data: NativeData): string {
  const names = Object.keys(data.operations).sort();
  return `${BANNER}import type { NativeName } from '#rpc/native-types.gen.ts';
import type { NativeOperation } from './native-operation.ts';
${names.map((name) => `import ${name} from './operations/${name}.ts';\n`).join('')}
export const nativeOperations: { readonly [Name in NativeName]: NativeOperation<Name> } = {
${names.map((name) => `  ${name},\n`).join('')}};
`;
}

/** The client's half: the parameters of every operation as sent, and whole replies. */
export function nativeClientSource(data: NativeData): string {
  const operations = Object.entries(data.operations).filter(([, { reply }]) => reply !== undefined);
  return `${BANNER}
${namedTypes(data)}
/** The parameters of every operation that answers JSON, and its whole reply. */
export interface NativeCalls {
${operations.map(([name, operation]) => clientTypes(data, name, operation)).join('')}}

export type NativeName = keyof NativeCalls;
`;
}

/** The limits, and the method and path of every operation, in a separate file, because pages in a browser do not need it. */
export function nativeRequestsSource(data: NativeData): string {
  const operations = Object.entries(data.operations).filter(([, { reply }]) => reply !== undefined);
  const rows = operations.map(([name, operation]) => {
    const query = Object.keys(queryOf(data, operation));
    return `  ${name}: ${JSON.stringify({ method: operation.method, path: operation.path, query })},\n`;
  });
  return `${BANNER}import type { NativeName } from './native.gen.ts';

${limitsSource(data)}
export const nativeRequests: {
  readonly [Name in NativeName]: { readonly method: string; readonly path: string; readonly query: readonly string[] };
} = {
${rows.join('')}};
`;
}

function limitsSource({ limits }: NativeData): string {
  return `export const nativeLimits = ${JSON.stringify(limits)} as const;\n`;
}

function clientTypes(data: NativeData, name: string, operation: NativeOperationData): string {
  const places = placesOf(operation).map((place) => `${place}: string`);
  const query = Object.entries(queryOf(data, operation)).map(([key, parameter]) =>
    parameter.required ? `${key}: ${sentSource(parameter)}` : `${key}?: ${sentSource(parameter)} | undefined`,
  );
  const own = `{ ${[...places, ...query].join('; ')} }`;
  const params = operation.body ? `${own} & ${operation.body}` : own;
  const reply = `{ RequestId: string } & ${typeSource(data, operation.reply ?? '')}`;
  return `  ${name}: {\n    params: ${params};\n    reply: ${reply};\n  };\n`;
}

/** A query value as a client passes it: a time or a list may be text, and the server checks what people type. */
function sentSource({ type }: JsonSchema): string {
  return type === 'integer' ? 'number | string' : type === 'boolean' ? 'boolean' : 'string | number';
}

function namedTypes(data: NativeData): string {
  return Object.entries(data.types)
    .filter(([name]) => name !== 'Error' && name !== 'RequestId')
    .map(([name, type]) =>
      isObject(type)
        ? `export interface ${name} ${objectSource(data, fieldsOf(data, type))}\n`
        : `export type ${name} = ${typeSource(data, type)};\n`,
    )
    .join('');
}

function serverTypes(data: NativeData, name: string, operation: NativeOperationData): string {
  const places = placesOf(operation).map((place) => `${place}: ${scalarSource(data.parameters[place] ?? {})}`);
  const query = Object.entries(queryOf(data, operation)).map(
    ([key, parameter]) =>
      `${key}${parameter.required ? '' : '?'}: ${scalarSource(parameter)}${parameter.required ? '' : ' | undefined'}`,
  );
  const own = `{ ${[...places, ...query].join('; ')} }`;
  const params = operation.body ? `${own} & ${operation.body}` : own;
  const reply = operation.reply === undefined ? 'unknown' : typeSource(data, operation.reply);
  return `  ${name}: {\n    params: ${params};\n    reply: ${reply};\n  };\n`;
}

function runtimeSpec(data: NativeData, operation: NativeOperationData) {
  const { summary: _summary, query: _query, body, reply, media, headers: _headers, empty: _empty, ...rest } = operation;
  const query = Object.fromEntries(
    Object.entries(queryOf(data, operation)).map(([name, { description: _, ...schema }]) => [name, schema]),
  );
  const places = Object.fromEntries(placesOf(operation).map((place) => [place, withoutWords(data.parameters[place])]));
  return {
    ...rest,
    places,
    query,
    ...(body === undefined ? {} : { body: shapeOf(data, body) }),
    ...(reply === undefined ? {} : { json: true }),
    ...(media?.includes('text/event-stream') ? { events: true } : {}),
  };
}

function withoutWords({ description: _, ...schema }: JsonSchema = {}): JsonSchema {
  return schema;
}

/** The schema of a body, with names of types resolved. */
function shapeOf(data: NativeData, type: NativeType): object {
  const named = typeof type === 'string' ? data.types[type] : undefined;
  if (named !== undefined) return shapeOf(data, named);
  if (typeof type === 'string') return { type };
  const item = itemOf(type);
  if (item !== undefined) {
    const { maxItems } = type as { maxItems?: number };
    return { items: shapeOf(data, item), ...(maxItems === undefined ? {} : { maxItems }) };
  }
  const value = mapValueOf(type);
  if (value !== undefined) return { map: shapeOf(data, value) };
  if (!isObject(type)) return withoutWords(type as JsonSchema);
  const fields = Object.entries(fieldsOf(data, type)).map(([key, field]) => [
    key.replace(/\?$/, ''),
    { ...shapeOf(data, field), ...(key.endsWith('?') ? {} : { required: true }) },
  ]);
  return { fields: Object.fromEntries(fields) };
}

function typeSource(data: NativeData, type: NativeType): string {
  if (typeof type === 'string') return data.types[type] === undefined ? scalarSource({ type }) : type;
  const item = itemOf(type);
  if (item !== undefined) {
    const source = typeSource(data, item);
    return `readonly ${/[ |]/.test(source) && !source.startsWith('{') ? `(${source})` : source}[]`;
  }
  const value = mapValueOf(type);
  if (value !== undefined) return `Readonly<Record<string, ${typeSource(data, value)}>>`;
  if (isObject(type)) {
    const included = (type.include ?? []).join(' & ');
    const own = objectSource(data, type.fields);
    return included === '' ? own : `${included} & ${own}`;
  }
  return scalarSource(type as JsonSchema);
}

function objectSource(data: NativeData, fields: Readonly<Record<string, NativeType>>): string {
  const lines = Object.entries(fields).map(([key, type]) => {
    const optional = key.endsWith('?');
    return `${key}: ${typeSource(data, type)}${optional ? ' | undefined' : ''}`;
  });
  return lines.length === 0 ? 'Record<never, never>' : `{ ${lines.join('; ')} }`;
}

function scalarSource({ type, enum: values, format, separator }: JsonSchema): string {
  const union = values?.map((value) => `'${value}'`).join(' | ');
  if (union !== undefined) return separator === undefined ? union : `readonly (${union})[]`;
  if (type === 'integer' || format === 'time') return 'number';
  if (type === 'boolean' || type === 'string') return type;
  throw new Error(`spec/native.json uses a type unknown to the generator: ${type}`);
}
