import type { OperationSpec, ParameterSpec, Shape } from '../../server/src/rpc/operation-spec.ts';
import type { Field, Fields, SpecOperation, SpecType } from './spec-operations.ts';

const BANNER = '// Made by npm run gen from spec/. Change the spec, not this file.\n';
const GATEWAY_FIELDS = ['RequestId', 'Code', 'IsSuccess', 'Success'];

/** The server's half: parameter and reply types of every operation, and the runtime table. */
export function serverSpecSource(operations: readonly SpecOperation[]): string {
  const types = operations.map((operation) => operationType(operation, false)).join('');
  const table = operations.map((operation) => `  ${key(operation)}: ${literal(runtimeSpec(operation))},\n`).join('');
  return `${BANNER}import type { OperationSpec } from './operation-spec.ts';

/** Parameters and replies of every operation; the gateway adds RequestId, Code, IsSuccess and Success to replies. */
export interface Operations {
${types}}

export type Action = keyof Operations;

/** The version that selects a product. */
export const productVersions = ${literal(versionsOf(operations))} as const;

export const operationSpecs: { readonly [A in Action]: OperationSpec } = {
${table}};
`;
}

/** The client's half: the same types with whole replies, and the parameters that are sent as JSON text. */
export function clientSpecSource(operations: readonly SpecOperation[]): string {
  const types = operations.map((operation) => operationType(operation, true)).join('');
  const json = operations
    .filter(({ addition }) => addition.jsonParameters)
    .map((operation) => `  ${key(operation)}: ${literal(operation.addition.jsonParameters)},\n`)
    .join('');
  const versions = operations
    .filter(({ product }) => product !== 'cr')
    .map((operation) => `  ${key(operation)}: '${operation.version}',\n`)
    .join('');
  return `${BANNER}
/** Parameters and replies of every operation. */
export interface Operations {
${types}}

export type Action = keyof Operations;

/** Parameters that are sent as one JSON text. */
export const jsonParameters: { readonly [A in Action]?: readonly string[] } = {
${json}};

/** Versions of the operations of products other than cr, whose version is 2018-12-01. */
export const otherVersions: { readonly [A in Action]?: string } = {
${versions}};
`;
}

/** The names of parameters, for a command line that calls operations by name. */
export function callParametersSource(operations: readonly SpecOperation[]): string {
  const lists = operations.map((operation) => {
    const names = Object.entries(operation.request).map(([name, { required }]) => (required ? name : `${name}?`));
    return `  ${key(operation)}: ${literal(names)},\n`;
  });
  return `${BANNER}
/** The parameters of every operation; those with a \`?\` may be left out. */
export const callParameters: { readonly [action: string]: readonly string[] } = {
${lists.join('')}};
`;
}

/** The name as a key of an object. */
function key({ name }: SpecOperation): string {
  return name.includes('.') ? `'${name}'` : name;
}

function operationType(operation: SpecOperation, whole: boolean): string {
  const { action, request, response, addition } = operation;
  const params = Object.entries(request).map(([field, spec]) => {
    const values = addition.validValues?.[field] ?? spec.validValues;
    const type = scalarUnion(spec.type, values) ?? typeSource(spec.type, false);
    return `      ${field}${spec.required ? '' : '?'}: ${type}${spec.required ? '' : ' | undefined'};\n`;
  });
  const reply = Object.entries(response)
    .filter(([field]) => whole || !GATEWAY_FIELDS.includes(field))
    .map(([field, spec]) => {
      const always = alwaysAnswered(action, field, spec, response);
      return `      ${field}${always ? '' : '?'}: ${typeSource(spec.type, true)}${always ? '' : ' | undefined'};\n`;
    });
  return `  ${key(operation)}: {\n    params: ${block(params)};\n    reply: ${block(reply)};\n  };\n`;
}

/**
 * A list reply always has its rows and counts; a list paged by token has no page numbers. The vendor marks no field as
 * required.
 */
function alwaysAnswered(action: string, field: string, spec: Field, response: Fields): boolean {
  if (GATEWAY_FIELDS.includes(field)) return true;
  const counts = response.MaxResults ? ['TotalCount'] : ['PageNo', 'PageSize', 'TotalCount'];
  return action.startsWith('List') && (counts.includes(field) || Array.isArray(spec.type));
}

function block(fields: string[]): string {
  return fields.length === 0 ? 'Record<never, never>' : `{\n${fields.join('')}    }`;
}

function scalarUnion(type: SpecType, values: string[] | undefined): string | undefined {
  if (!values) return undefined;
  const union = values.map((value) => `'${value}'`).join(' | ');
  if (type === 'string') return union;
  return Array.isArray(type) && type[0] === 'string' ? `readonly (${union})[]` : undefined;
}

function typeSource(type: SpecType, reply: boolean): string {
  if (type === 'string' || type === 'boolean') return type;
  if (type === 'integer') return 'number';
  if (type === 'any') return 'unknown';
  if (Array.isArray(type)) return `readonly ${parenthesized(typeSource(type[0], reply))}[]`;
  if (typeof type === 'string') throw new Error(`the spec uses a type unknown to the generator: ${type}`);
  if (isMap(type)) return 'Readonly<Record<string, unknown>>';
  const fields = Object.entries(type).map(([name, field]) => {
    const must = !reply && field.required;
    return `${name}${must ? '' : '?'}: ${typeSource(field.type, reply)}${must ? '' : ' | undefined'}`;
  });
  return `{ ${fields.join('; ')} }`;
}

function parenthesized(source: string): string {
  return /^[\w<>{]/.test(source) && !source.startsWith('readonly ') ? source : `(${source})`;
}

function runtimeSpec({ name, product, request, response, addition }: SpecOperation): OperationSpec {
  const parameters: Record<string, ParameterSpec> = {};
  for (const [field, it] of Object.entries(request)) {
    const values = addition.validValues?.[field] ?? it.validValues;
    const json = addition.jsonParameters?.includes(field);
    parameters[field] = {
      shape: shapeOf(it.type),
      ...(it.required ? { required: true } : {}),
      ...(addition.missingCodes?.[field] ? { missingCode: addition.missingCodes[field] } : {}),
      ...(json ? { json: true } : {}),
      ...(it.keepEmpty ? { keepEmpty: true } : {}),
      ...(values && it.type !== 'boolean' ? { values } : {}),
    };
  }
  return {
    product,
    ramAction: addition.authorization.action,
    level: addition.authorization.level,
    resource: addition.authorization.resource,
    ...(addition.authorization.or ? { or: addition.authorization.or } : {}),
    ...(addition.authorization.also ? { also: addition.authorization.also } : {}),
    ...(addition.authorization.open ? { open: true } : {}),
    parameters,
    replyFields: replyOrder(name, response, addition.replyOrder),
    success: successFields(response, addition.successCode),
    ...(addition.refusal ? { refusal: addition.refusal } : {}),
  };
}

function replyOrder(name: string, response: Fields, order: string[] | undefined): string[] {
  const fields = Object.keys(response);
  if (!order) return fields;
  const same = order.length === fields.length && fields.every((field) => order.includes(field));
  if (!same) throw new Error(`the reply order of ${name} does not name exactly its fields`);
  return order;
}

/** The fields of a successful reply: Code in the vendor's type, and its boolean flag. */
function successFields(response: Fields, code = 200): OperationSpec['success'] {
  const fields: Record<string, string | number | boolean> = {};
  if (response.Code) fields.Code = response.Code.type === 'integer' ? code : 'success';
  if (response.IsSuccess) fields.IsSuccess = true;
  if (response.Success) fields.Success = true;
  return fields;
}

function shapeOf(type: SpecType): Shape {
  if (type === 'string' || type === 'integer' || type === 'boolean' || type === 'any') return type;
  if (Array.isArray(type)) return { list: shapeOf(type[0]) };
  if (typeof type === 'string') throw new Error(`the spec uses a type unknown to the generator: ${type}`);
  if (isMap(type)) return 'any';
  const fields = Object.entries(type).map(([name, field]) => [
    name,
    { shape: shapeOf(field.type), ...(field.required ? { required: true } : {}) },
  ]);
  return { fields: Object.fromEntries(fields) };
}

function isMap(type: object): type is { map: string } {
  return 'map' in type && typeof type.map === 'string';
}

function versionsOf(operations: readonly SpecOperation[]): Record<string, string> {
  return Object.fromEntries(operations.map(({ product, version }) => [product, version]));
}

function literal(value: unknown): string {
  return JSON.stringify(value);
}
