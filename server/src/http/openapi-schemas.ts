import { buildFacts, buildPlaneSchemas, buildRequestFields } from './openapi-build-schemas.ts';
import { consoleSchemas } from './openapi-console.ts';

/** A JSON Schema (2020-12), as OpenAPI 3.1 uses it. */
export type Schema = { readonly [keyword: string]: unknown };

const string: Schema = { type: 'string' };
const integer: Schema = { type: 'integer' };
const boolean: Schema = { type: 'boolean' };
const timeMs: Schema = { type: 'integer', description: 'Milliseconds since 1970-01-01 UTC.' };
const status: Schema = { type: 'string', enum: ['PENDING', 'BUILDING', 'SUCCESS', 'FAILED', 'CANCELED'] };
const stage: Schema = { type: 'string', enum: ['GIT_CLONE', 'DOCKER_IMAGE_BUILD', 'DOCKER_IMAGE_PUSH'] };
const verdict: Schema = { type: 'string', enum: ['complete', 'partial'] };
const cursor: Schema = { type: 'string', description: 'There is more: send it as `cursor`. Absent at the end.' };
const requestId: Schema = { type: 'string', pattern: '^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$' };
const buildRecordId: Schema = { type: 'string', format: 'uuid' };

/** An object of exactly these fields; a name that ends with `?` may be absent. */
function object(fields: Readonly<Record<string, Schema>>, description?: string): Schema {
  const entries = Object.entries(fields).map(([name, schema]) => [name.replace(/\?$/, ''), schema] as const);
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: Object.fromEntries(entries),
    required: Object.keys(fields).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

function reference(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A reply: an object with the RequestId of its call. */
function reply(fields: Readonly<Record<string, Schema>>): Schema {
  return object({ RequestId: requestId, ...fields });
}

const failure = object(
  { Fault: { type: 'string', enum: ['source', 'settings', 'machine', 'cancelled'] }, Message: string },
  'Why the build did not succeed, and whose fault it was.',
);

const build = {
  BuildRecordId: buildRecordId,
  InstanceId: string,
  RepoId: string,
  Repository: { type: 'string', description: 'NAMESPACE/NAME' },
  ImageTag: string,
  Status: status,
  'Failure?': failure,
  'ImageDigest?': string,
  'CommitId?': string,
  ...buildFacts(list, object),
  CreateTime: timeMs,
  'StartTime?': timeMs,
  'EndTime?': timeMs,
  'LogExpireTime?': { ...timeMs, description: 'Since when the log is kept no longer, in ms since 1970.' },
};

const verified = {
  BuildRecordId: buildRecordId,
  Sealed: boolean,
  TotalCount: integer,
  Damage: list(object({ 'Block?': integer, 'FirstLine?': integer, 'LastLine?': integer, Reason: string })),
};

const token = { TokenId: string, AccessKeyId: string, CreateTime: timeMs, ExpireTime: timeMs };

/** Every schema of the native API by its name. */
export const schemas: Readonly<Record<string, Schema>> = {
  ...buildPlaneSchemas({ reply, list, object, line: reference('Line') }),
  ...consoleSchemas({ reply, list, object }),
  Error: object({ RequestId: requestId, Code: string, Message: string, 'Recommend?': string }),
  Line: object(
    {
      LineNumber: { type: 'integer', minimum: 1 },
      Message: string,
      BuildStage: stage,
      Step: { type: 'integer', minimum: 0, description: 'Step of the Dockerfile, counted over its stages; 0 is none.' },
      Attempt: { type: 'integer', minimum: 0, description: 'From 1; 0 is unknown.' },
      'Time?': timeMs,
      Continued: { type: 'boolean', description: 'The output goes on in the next line.' },
    },
    'A line of a log.',
  ),
  Seal: object(
    {
      lineCount: integer,
      sizeBytes: integer,
      sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      'maskedValues?': { ...integer, description: 'Absent where it is unknown, as droppedLines.' },
      'droppedLines?': integer,
      verdict,
      'reason?': string,
      ranges: list(object({ firstLine: integer, lastLine: integer, reason: string })),
      sealedAtMs: timeMs,
      blockCount: integer,
      archiveBytes: integer,
    },
    'What is known of a sealed log for good; docs/log-format.md defines it.',
  ),
  Build: object(build),
  BuildReply: reply({
    ...build,
    'QueuePosition?': integer,
    'ExpectedDuration?': { type: 'integer', description: 'Milliseconds, by the last good builds.' },
    LineCount: integer,
    'Seal?': reference('Seal'),
  }),
  BuildList: reply({ Builds: list(reference('Build')), 'Cursor?': cursor }),
  BuildRequest: object(buildRequestFields(list, object)),
  NewBuild: reply({ BuildRecordId: buildRecordId, InstanceId: string, RepoId: string }),
  NewSource: reply({ ArchiveId: { type: 'string', format: 'uuid' } }),
  LogPage: reply({
    BuildRecordId: buildRecordId,
    Status: status,
    Offset: integer,
    TotalCount: integer,
    'NextOffset?': { type: 'integer', description: 'Where to go on; absent at the end.' },
    Sealed: boolean,
    'Verdict?': verdict,
    Lines: list(reference('Line')),
  }),
  SealReply: reply({
    BuildRecordId: buildRecordId,
    Status: status,
    Sealed: boolean,
    'LogExpireTime?': timeMs,
    'Seal?': reference('Seal'),
  }),
  VerifyReply: reply(verified),
  RepairReply: reply({ ...verified, Repaired: boolean, 'Seal?': reference('Seal') }),
  Hit: object({
    BuildRecordId: buildRecordId,
    Line: reference('Line'),
    Before: list(reference('Line')),
    After: list(reference('Line')),
  }),
  SearchReply: reply({ Hits: list(reference('Hit')), ScannedBytes: integer, 'Cursor?': cursor }),
  StepList: reply({
    BuildRecordId: buildRecordId,
    Status: status,
    Steps: list(
      object({
        Step: integer,
        Stage: integer,
        StageCount: integer,
        Number: integer,
        NumberCount: integer,
        Instruction: string,
        Cached: boolean,
        StartTime: timeMs,
        'EndTime?': timeMs,
        'ExitCode?': integer,
        'FirstLine?': integer,
        'LastLine?': integer,
      }),
    ),
  }),
  Simulation: reply({
    Allowed: boolean,
    Reason: string,
    Explanation: string,
    Considered: list(object({ Policy: string, Statement: integer, Effect: string, Outcome: string })),
  }),
  SectionList: reply({
    BuildRecordId: buildRecordId,
    Sections: list(
      object({
        BuildStage: stage,
        Step: integer,
        Attempt: integer,
        'Instruction?': string,
        FirstLine: integer,
        LineCount: integer,
        'StartTime?': timeMs,
        'EndTime?': timeMs,
      }),
    ),
  }),
  Card: reply({
    BuildRecordId: buildRecordId,
    Status: status,
    'Failure?': failure,
    'ExitCode?': integer,
    'Step?': object({ BuildStage: stage, Step: integer, 'Instruction?': string, FirstLine: integer }),
    'Dockerfile?': object(
      { Path: string, FirstLine: integer, LastLine: integer, Lines: list(string) },
      'Where the failing step stands, or the base image that could not be had is named; of a long instruction the first lines.',
    ),
    'ErrorLine?': reference('Line'),
    LastLines: list(reference('Line')),
    'Verdict?': verdict,
  }),
  CallList: reply({
    Calls: list(
      object({
        Time: timeMs,
        'RequestId?': { type: 'string', description: 'Of counted reads, that of the first.' },
        'Caller?': { type: 'string', description: 'Absent where nobody could sign.' },
        'AccessKeyId?': string,
        'Action?': { type: 'string', description: 'RAM action; of a refusal before it was known, method and route.' },
        'Resource?': { type: 'string', description: 'Absent of what was refused before it was decided.' },
        'SourceIp?': string,
        Denied: boolean,
        Code: { type: 'string', description: 'success, or why not; allowed is a login to the registry.' },
        Count: { type: 'integer', minimum: 1, description: 'Calls; reads that succeeded are counted by the minute.' },
      }),
    ),
    'Cursor?': cursor,
  }),
  NewToken: reply({ Token: string, ...token }),
  TokenList: reply({ Tokens: list(object(token)) }),
  Done: reply({}),
  EndEvent: object({ Status: status, 'Failure?': failure, TotalCount: integer, 'Seal?': reference('Seal') }),
};
