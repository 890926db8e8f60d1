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

/** Makes the paths and schemas of the native API for an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0). */
export function nativeOpenApiSource(data: NativeData): string {
  const { paths, schemas } = nativeOpenApi(data);
  return `// Made by npm run gen from spec/native.json. Change the data, not this file.

export const nativePaths: Readonly<Record<string, object>> = {
${rows(paths)}};

export const nativeSchemas: Readonly<Record<string, object>> = {
${rows(schemas)}};
`;
}

/** One line each. */
function rows(entries: Record<string, object>): string {
  return Object.entries(entries)
    .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`)
    .join('');
}

function nativeOpenApi(data: NativeData): { paths: Record<string, object>; schemas: Record<string, object> } {
  const paths: Record<string, Record<string, object>> = {};
  const schemas: Record<string, object> = {};
  for (const [name, type] of Object.entries(data.types)) schemas[name] = schemaOf(data, type, name === 'Error');
  for (const [name, operation] of Object.entries(data.operations)) {
    const { path, method, reply } = operation;
    const replyName = `${name.charAt(0).toUpperCase()}${name.slice(1)}Reply`;
    if (reply !== undefined) schemas[replyName] = schemaOf(data, objectOf(data, reply), true);
    const item = paths[path] ?? {};
    item[method.toLowerCase()] = operationOf(data, name, operation, replyName);
    paths[path] = item;
  }
  return { paths, schemas };
}

function operationOf(data: NativeData, name: string, operation: NativeOperationData, replyName: string): object {
  const { method, summary, action, level, resource, body, stream, media, empty, headers = {} } = operation;
  const places = placesOf(operation).map((place) => parameter('path', place, data.parameters[place] ?? {}, true));
  const query = Object.entries(queryOf(data, operation)).map(([key, { required, ...schema }]) =>
    Object.assign(
      parameter('query', key, schema, required),
      // `server/src/native/query.ts` has the reason.
      method === 'GET' && !required ? { allowEmptyValue: true } : {},
    ),
  );
  const sent = Object.entries(headers).map(([key, schema]) =>
    parameter('header', key.replace(/\?$/, ''), schema, !key.endsWith('?')),
  );
  const parameters = [...places, ...query, ...sent];
  const content = media ? Object.fromEntries(media.map((type) => [type, {}])) : json(replyName);
  return {
    operationId: name,
    summary,
    'x-ram-action': action,
    'x-ram-resource': resource,
    'x-ram-level': level,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    ...(stream === undefined ? {} : { requestBody: { required: true, content: { [stream]: {} } } }),
    responses: {
      200: { description: summary, content },
      ...(empty === undefined ? {} : { 204: { description: empty } }),
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

function parameter(where: string, name: string, schema: JsonSchema, required: boolean): object {
  const { description, ...rest } = schema;
  return { name, in: where, ...(required ? { required } : {}), description, schema: scalarOf(rest) };
}

/** A time is a text in one of two forms; a list is one text. */
function scalarOf({ expects: _, separator, ...schema }: JsonSchema): object {
  if (separator !== undefined) return { type: 'string' };
  if (schema.format !== 'time') return schema;
  return { type: 'string', description: 'Milliseconds since 1970, or ISO 8601 with an offset.' };
}

function json(schema: string): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}

function objectOf(data: NativeData, type: NativeType): NativeType {
  return typeof type === 'string' ? objectOf(data, data.types[type] ?? { fields: {} }) : type;
}

function schemaOf(data: NativeData, type: NativeType, isReply = false): object {
  if (typeof type === 'string')
    return data.types[type] === undefined ? { type } : { $ref: `#/components/schemas/${type}` };
  const item = itemOf(type);
  if (item !== undefined) {
    const { maxItems, description } = type as { maxItems?: number; description?: string };
    return JSON.parse(JSON.stringify({ type: 'array', items: schemaOf(data, item), maxItems, description }));
  }
  const value = mapValueOf(type);
  if (value !== undefined) return { type: 'object', additionalProperties: schemaOf(data, value) };
  if (!isObject(type)) return scalarOf(type as JsonSchema);
  const fields = { ...(isReply ? { RequestId: 'RequestId' } : {}), ...fieldsOf(data, type) };
  return {
    type: 'object',
    ...(type.description === undefined ? {} : { description: type.description }),
    properties: Object.fromEntries(
      Object.entries(fields).map(([key, field]) => [key.replace(/\?$/, ''), schemaOf(data, field)]),
    ),
    required: Object.keys(fields).filter((key) => !key.endsWith('?')),
    additionalProperties: false,
  };
}
