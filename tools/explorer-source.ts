import type {
  ApiErrorCode,
  ApiOperation,
  ApiParameter,
  ApiReplyField,
} from '../console/src/pages/explorer/operation.ts';
import type { ErrorCode } from '../server/src/rpc/error-codes.ts';
import type { Descriptions } from './api-pages.ts';
import type { Field, Fields, SpecOperation, SpecType } from './spec-operations.ts';

/** Which error a parameter that names an object can bring, by the parameter. */
const MISSING_OBJECTS: Readonly<Record<string, string>> = {
  InstanceId: 'INSTANCE_NOT_EXIST',
  NamespaceName: 'NAMESPACE_NOT_EXIST',
  RepoNamespaceName: 'NAMESPACE_NOT_EXIST',
  RepoId: 'REPO_NOT_EXIST',
  RepoName: 'REPO_NOT_EXIST',
  BuildRecordId: 'BUILD_RECORD_NOT_EXIST',
  BuildRuleId: 'BUILD_RULE_NOT_EXIST',
  UserName: 'EntityNotExist.User',
  GroupName: 'EntityNotExist.Group',
  RoleName: 'EntityNotExist.Role',
  PolicyName: 'EntityNotExist.Policy',
};

/** Errors that one operation alone brings. */
const OWN_ERRORS: Readonly<Record<string, readonly string[]>> = {
  ListRepoBuildRecordLog: ['BUILD_LOG_EXPIRED'],
  CreateBuildRecordByRule: ['BUILD_RULE_NOT_LITERAL', 'SOURCE_CODE_REPO_NOT_EXIST'],
  CreateNamespace: ['NAMESPACE_ALREADY_EXIST'],
  CreateRepository: ['REPO_ALREADY_EXIST'],
  CreateRepoSourceCodeRepo: ['SOURCE_CODE_REPO_ALREADY_EXIST'],
  UpdateRepoSourceCodeRepo: ['SOURCE_CODE_REPO_NOT_EXIST'],
  GetRepoSourceCodeRepo: ['SOURCE_CODE_REPO_NOT_EXIST'],
};

/** What the explorer of the console shows: every operation, and the errors of them all. */
export function explorerSource(
  operations: readonly SpecOperation[],
  built: ReadonlySet<string>,
  descriptions: Descriptions,
  codes: Readonly<Record<string, ErrorCode>>,
): string {
  const shown = operations.map((operation) => explorerOperation(operation, built, descriptions, codes));
  const rows = shown.map((operation) => `  ${JSON.stringify(operation)},\n`).join('');
  const used = [...new Set(shown.flatMap((operation) => operation.errors))].sort();
  const errors = used.map((code) => `  ${JSON.stringify(code)}: ${JSON.stringify(errorOf(codes[code]))},\n`).join('');
  return `// Made by tools/generate.ts from spec/. Change the spec, not this file.
import type { ApiErrorCode, ApiOperation } from './operation.ts';

/** Every operation by name. */
export const operations: readonly ApiOperation[] = [
${rows}];

/** The error codes that they name. */
export const errorCodes: Readonly<Record<string, ApiErrorCode>> = {
${errors}};
`;
}

function explorerOperation(
  operation: SpecOperation,
  built: ReadonlySet<string>,
  descriptions: Descriptions,
  codes: Readonly<Record<string, ErrorCode>>,
): ApiOperation {
  const { name, product, version, request, response, addition } = operation;
  const { action, level, resource, open = false } = addition.authorization;
  const path = product === 'cr' ? 'acs:cr:{Region}:{Account}:' : 'acs:ram::{Account}:';
  return {
    ...{ name, product, version, built: built.has(name), action, level, open },
    summary: addition.summary ?? descriptions.operations[name] ?? '',
    resource: resource === '*' ? '*' : `${path}${resource}`,
    parameters: Object.entries(request).map(([field, spec]) => parameterOf(field, spec, operation, descriptions)),
    reply: replyFields(response, descriptions),
    errors: errorsOf(operation, built).filter((code) => code in codes),
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

function errorsOf({ name, product, request }: SpecOperation, built: ReadonlySet<string>): string[] {
  const fields = Object.entries(request);
  // What an operation makes cannot be missing before.
  const made = /^Create(\w+)$/.exec(name)?.[1] ?? '';
  const isMade = (field: string) => field === `${made}Name` || (name === 'CreateRepository' && field === 'RepoName');
  return [
    product === 'cr' ? 'NoPrivilege' : 'NoPermission',
    ...(fields.some(([, field]) => field.required) ? ['MissingParameter'] : []),
    ...(fields.length > 0 ? ['InvalidParameter'] : []),
    ...(built.has(name) ? [] : ['NotImplemented']),
    ...new Set(fields.flatMap(([field]) => (isMade(field) ? [] : [MISSING_OBJECTS[field] ?? []].flat()))),
    ...(isMade(`${made}Name`) && product === 'ram' ? [`EntityAlreadyExists.${made}`] : []),
    ...(OWN_ERRORS[name] ?? []),
    'SystemError',
  ];
}

function errorOf(code: ErrorCode | undefined): ApiErrorCode {
  return { status: code?.status ?? 0, message: code?.message ?? '', mend: code?.mend ?? '' };
}
