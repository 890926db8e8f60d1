import type {
  ApiErrorCode,
  ApiOperation,
  ApiParameter,
  ApiReplyField,
} from '../../console/src/pages/explorer/operation.ts';
import type { ErrorCode } from '../../server/src/rpc/errors/error-code.ts';
import type { Descriptions } from './api-pages.ts';
import type { Field, Fields, SpecOperation, SpecType } from './spec-operations.ts';

/**
 * Makes what the console's explorer shows: every operation, and all their errors. `errors` has those of each operation
 * that is built.
 */
export function explorerSource(
  operations: readonly SpecOperation[],
  errors: ReadonlyMap<string, readonly string[]>,
  descriptions: Descriptions,
  codes: Readonly<Record<string, ErrorCode>>,
): string {
  const shown = operations.map((operation) => explorerOperation(operation, errors, descriptions));
  const rows = shown.map((operation) => `  ${JSON.stringify(operation)},\n`).join('');
  const used = [...new Set(shown.flatMap((operation) => operation.errors))].sort();
  const table = used.map((code) => `  ${JSON.stringify(code)}: ${JSON.stringify(errorOf(codes[code]))},\n`).join('');
  return `// Made by npm run gen from spec/. Change the spec, not this file.
import type { ApiErrorCode, ApiOperation } from './operation.ts';

/** Every operation by name. */
export const operations: readonly ApiOperation[] = [
${rows}];

/** The error codes that the operations name. */
export const errorCodes: Readonly<Record<string, ApiErrorCode>> = {
${table}};
`;
}

function explorerOperation(
  operation: SpecOperation,
  errors: ReadonlyMap<string, readonly string[]>,
  descriptions: Descriptions,
): ApiOperation {
  const { name, product, version, request, response, addition } = operation;
  const { action, level, resource, open = false } = addition.authorization;
  const path = product === 'cr' ? 'acs:cr:{Region}:{Account}:' : 'acs:ram::{Account}:';
  return {
    name,
    product,
    version,
    built: errors.has(name),
    action,
    level,
    open,
    ...(addition.refusal ? { refusal: addition.refusal.message } : {}),
    summary: addition.summary ?? descriptions.operations[name] ?? '',
    resource: resource === '*' ? '*' : `${path}${resource}`,
    parameters: Object.entries(request).map(([field, spec]) => parameterOf(field, spec, operation, descriptions)),
    reply: replyFields(response, descriptions),
    errors: errorsOf(operation, errors),
  };
}

function parameterOf(
  name: string,
  field: Field,
  { addition }: SpecOperation,
  descriptions: Descriptions,
): ApiParameter {
  const values = addition.validValues?.[name] ?? field.validValues;
  return {
    name,
    type: typeOf(field.type),
    required: field.required === true,
    ...(values ? { values } : {}),
    ...(field.example === undefined ? {} : { example: field.example }),
    ...(field.default === undefined ? {} : { default: field.default }),
    ...(descriptions.fields[name] === undefined ? {} : { meaning: descriptions.fields[name] }),
  };
}

function typeOf(type: SpecType): ApiParameter['type'] {
  if (type === 'integer' || type === 'boolean') return type;
  if (typeof type === 'string') return 'string';
  return Array.isArray(type) && typeof type[0] === 'string' ? 'list' : 'json';
}

function replyFields(fields: Fields, descriptions: Descriptions, path = ''): ApiReplyField[] {
  return Object.entries(fields).flatMap(([name, { type }]) => {
    const one = Array.isArray(type) ? type[0] : type;
    const inner =
      typeof one === 'object' && !('map' in one && typeof one.map === 'string') ? (one as Fields) : undefined;
    const shown = typeof one === 'string' ? one : 'object';
    const own: ApiReplyField = [
      `${path}${name}`,
      Array.isArray(type) ? `list of ${shown}s` : shown,
      descriptions.fields[name] ?? '',
    ];
    return [
      own,
      ...(inner ? replyFields(inner, descriptions, `${path}${name}${Array.isArray(type) ? '[]' : ''}.`) : []),
    ];
  });
}

/**
 * The errors that the operation's source can reach, except those about an object that no parameter names, plus those of
 * the gateway.
 */
function errorsOf(
  { name, product, request, addition }: SpecOperation,
  errors: ReadonlyMap<string, readonly string[]>,
): string[] {
  const fields = Object.entries(request);
  const own = errors.get(name);
  return [
    ...new Set([
      product === 'cr' ? 'NoPrivilege' : 'NoPermission',
      ...(fields.some(([, field]) => field.required) ? ['MissingParameter'] : []),
      ...(fields.length > 0 ? ['InvalidParameter'] : []),
      ...(own ?? [addition.refusal?.code ?? 'NotImplemented']).filter((code) => {
        const kind = /^Entity\w+\.(User|Group|Role|Policy)\b/.exec(code)?.[1];
        const tagged = request.ResourceType?.validValues?.includes(kind?.toLowerCase() ?? '');
        return kind === undefined || tagged || `${kind}Name` in request;
      }),
      'SystemError',
    ]),
  ];
}

function errorOf(code: ErrorCode | undefined): ApiErrorCode {
  return { status: code?.status ?? 0, message: code?.message ?? '', fix: code?.fix ?? '' };
}
