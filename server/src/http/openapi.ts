import { STAGES } from '#build/build.ts';
import { SECRET_NAME } from '#build/build-secret.ts';
import { accountPaths } from './openapi-account.ts';
import { codeRepoType } from './openapi-build-schemas.ts';
import { consolePaths } from './openapi-console.ts';
import { type Schema, schemas } from './openapi-schemas.ts';

const id = path('id', { type: 'string', format: 'uuid' }, 'BuildRecordId');
const lineNumber: Schema = { type: 'integer', minimum: 1 };
const count: Schema = { type: 'integer', minimum: 0 };
const text: Schema = { type: 'string', maxLength: 1000 };
const time: Schema = { type: 'string', description: 'Milliseconds since 1970, or ISO 8601 with its offset.' };

const filterParameters = [
  query('stage', { type: 'string', enum: STAGES }, 'Only lines of this stage.'),
  query('step', count, 'Only lines of this step of the Dockerfile; 0 is those of none.'),
  query('since', time, 'Only lines from this time on, and those whose time is unknown.'),
];
const repository = query('repository', { type: 'string' }, 'NAMESPACE/NAME');
const secretName = path('name', { type: 'string', pattern: SECRET_NAME.source }, 'The id of the mount.');
const searchParameters = [
  query('q', text, 'A text to look for.'),
  query('regex', text, 'Or a regular expression: linear time, so no look-around and no back-references.'),
  query('ignorecase', { type: 'boolean' }, 'Whatever the case.'),
  query('context', { type: 'integer', minimum: 0, maximum: 20 }, 'Lines before and after each hit.'),
  query('limit', { type: 'integer', minimum: 1, maximum: 1000 }, 'Hits at most; 100 when absent.'),
  ...filterParameters,
];

/** The native API as an OpenAPI 3.1 document (https://spec.openapis.org/oas/v3.1.0). */
export function openApiDocument(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slipway native API',
      version,
      description: 'What the vendor’s API has no word for. Every call is decided by the RAM action in `x-ram-action`.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ acs3: [] }, { bearer: [] }],
    paths: PATHS,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of `POST /tokens`.' },
        acs3: {
          type: 'apiKey',
          in: 'header',
          name: 'Authorization',
          description: 'ACS3-HMAC-SHA256 over the request, with the path as the canonical URI.',
        },
      },
      responses: { Error: { description: 'A refusal, or a fault.', content: json('Error') } },
    },
  };
}

const PATHS = {
  '/sources': {
    post: operation('createSource', 'cr:BuildRepositoryByRule', 'Send what is to be built, as a tar file.', {
      parameters: [repository],
      requestBody: { required: true, content: { 'application/x-tar': {} } },
      reply: 'NewSource',
    }),
    get: operation('listCodeHosts', 'cr:GetSourceRepository', 'The code hosts that were set.', {
      reply: 'CodeHostList',
    }),
  },
  '/sources/{type}': {
    put: operation('setCodeHost', 'cr:UpdateSourceRepository', 'Set where a kind of code host is, and what opens it.', {
      parameters: [path('type', codeRepoType, 'Kind of code host.')],
      requestBody: { required: true, content: json('NewCodeHost') },
      reply: 'CodeHostReply',
    }),
    delete: operation('removeCodeHost', 'cr:UpdateSourceRepository', 'Forget a code host and what opens it.', {
      parameters: [path('type', codeRepoType, 'Kind of code host.')],
      reply: 'Done',
    }),
  },
  '/secrets': {
    get: operation(
      'listBuildSecrets',
      'cr:ListRepositoryBuildRule',
      'The secrets that builds may mount, without values.',
      {
        parameters: [repository],
        reply: 'BuildSecretList',
      },
    ),
  },
  '/secrets/{name}': {
    put: operation('setBuildSecret', 'cr:UpdateRepositoryBuildRule', 'Set a secret of a repository, or of all.', {
      parameters: [secretName, repository],
      requestBody: { required: true, content: json('NewBuildSecret') },
      reply: 'BuildSecretReply',
    }),
    delete: operation('removeBuildSecret', 'cr:UpdateRepositoryBuildRule', 'Forget a secret.', {
      parameters: [secretName, repository],
      reply: 'Done',
    }),
  },
  '/repositories/{namespace}/{name}/hook': {
    post: operation('createHook', 'cr:UpdateSourceRepository', 'A new address and secret for push events.', {
      parameters: [
        path('namespace', { type: 'string' }, 'Namespace.'),
        path('name', { type: 'string' }, 'Repository.'),
      ],
      reply: 'NewHook',
    }),
  },
  '/builds': {
    get: operation('listBuilds', 'cr:ListRepositoryBuild', 'List builds, the newest first.', {
      parameters: [
        repository,
        query('status', { type: 'string' }, 'Only of these statuses, with commas.'),
        query('since', time, 'Requested at this time or later.'),
        query('until', time, 'Requested before this time.'),
        query('commit', { type: 'string', pattern: '^[0-9a-f]{4,64}$' }, 'Of the commit that begins so.'),
        query('limit', { type: 'integer', minimum: 1, maximum: 100 }, '30 when absent.'),
        query('cursor', { type: 'string' }, 'Where the last list ended.'),
      ],
      reply: 'BuildList',
    }),
    post: operation('createBuild', 'cr:BuildRepositoryByRule', 'Queue a build without a rule.', {
      requestBody: { required: true, content: json('BuildRequest') },
      reply: 'NewBuild',
    }),
  },
  '/builds/{id}': {
    get: operation('getBuild', 'cr:GetRepositoryBuildRecord', 'All that is known of a build.', {
      parameters: [id],
      reply: 'BuildReply',
    }),
  },
  '/builds/{id}/log/sections': {
    get: operation('listSections', readLog(), 'Where each stage and step stands in the log.', {
      parameters: [id],
      reply: 'SectionList',
    }),
  },
  '/builds/{id}/steps': {
    get: operation('listSteps', readLog(), 'The steps of the Dockerfile that have begun.', {
      parameters: [id],
      reply: 'StepList',
    }),
  },
  '/builds/{id}/diff': {
    get: operation('diffBuilds', readLog(), 'Where a build first went another way.', {
      parameters: [id, query('with', { type: 'string', format: 'uuid' }, 'By default the last good one before it.')],
      reply: 'Diff',
    }),
  },
  '/builds/{id}/card': {
    get: operation('getCard', readLog(), 'Why a build failed.', { parameters: [id], reply: 'Card' }),
  },
  '/builds/{id}/log': {
    get: operation('getLogPage', readLog(), 'A page of lines, with all that is known of each.', {
      parameters: [
        id,
        query('offset', count, 'Lines to skip; line k is at offset k − 1.'),
        query('limit', { type: 'integer', minimum: 1, maximum: 1000 }, '100 when absent.'),
        ...filterParameters,
      ],
      reply: 'LogPage',
    }),
  },
  '/builds/{id}/log/seal': {
    get: operation('getSeal', readLog(), 'The seal of a log, if it has ended.', {
      parameters: [id],
      reply: 'SealReply',
    }),
  },
  '/builds/{id}/log/verify': {
    get: operation('verifyLog', readLog(), 'What of a log is damaged: all of it is read and checked.', {
      parameters: [id],
      reply: 'VerifyReply',
    }),
  },
  '/builds/{id}/log/repair': {
    post: operation('repairLog', 'cr:UpdateRepository', 'Mend what can be mended of the log of a build that ended.', {
      parameters: [id],
      reply: 'RepairReply',
    }),
  },
  '/builds/{id}/log/stream': {
    get: operation('streamLog', readLog(), 'The log as server-sent events, from a line on to its end.', {
      parameters: [
        id,
        query('from', lineNumber, 'Begin with this line.'),
        query('tail', count, 'Begin with the last lines, so many, whether or not they are wanted.'),
        ...filterParameters,
        { ...query('Last-Event-ID', count, 'Begin after this line; decides before the query.'), in: 'header' },
      ],
      content: { 'text/event-stream': { schema: { type: 'string' } } },
    }),
  },
  '/builds/{id}/log/search': {
    get: operation('searchLog', readLog(), 'Look for a text or a regular expression in a log.', {
      parameters: [id, ...searchParameters, query('cursor', { type: 'string' }, 'Where the last search stopped.')],
      reply: 'SearchReply',
    }),
  },
  '/log/search': {
    get: operation('searchLogs', readLog(), 'Look through the logs of a repository’s builds, the newest first.', {
      parameters: [
        { ...repository, required: true },
        ...searchParameters,
        query('cursor', { type: 'string' }, 'Where the last search stopped.'),
      ],
      reply: 'SearchReply',
    }),
  },
  '/builds/{id}/log.txt': {
    get: operation('getLogText', readLog(), 'The messages, one a line.', {
      parameters: [id, query('timestamps', { type: 'boolean' }, 'Each after its time.')],
      content: { 'text/plain': { schema: { type: 'string' } } },
    }),
  },
  '/builds/{id}/log.ndjson': {
    get: operation('getLogNdjson', readLog(), 'The stored lines, whole or a Range of bytes.', {
      parameters: [id],
      content: { 'application/x-ndjson': { schema: { type: 'string' } } },
    }),
  },
  '/builds/{id}/log.ndjson.gz': {
    get: operation(
      'getLogArchive',
      readLog(),
      'The log as one gzip member: the stored archive, or what a running build has so far.',
      {
        parameters: [id],
        content: { 'application/gzip': {}, 'application/x-ndjson': { schema: { type: 'string' } } },
      },
    ),
  },
  ...accountPaths({ operation, path, query }),
  ...consolePaths({ operation, path, query }),
};

interface Shape {
  parameters?: readonly object[];
  requestBody?: object;
  reply?: string;
  content?: object;
}

function operation(operationId: string, ramAction: string, summary: string, shape: Shape): object {
  const { reply, content, ...rest } = shape;
  return {
    operationId,
    summary,
    'x-ram-action': ramAction,
    ...rest,
    responses: {
      200: { description: summary, content: reply === undefined ? content : json(reply) },
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

function readLog(): string {
  return 'cr:GetRepositoryBuildLog';
}

function json(schema: string): object {
  return { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } };
}

function query(name: string, schema: Schema, description: string): object {
  return { name, in: 'query', description, schema };
}

function path(name: string, schema: Schema, description: string): object {
  return { name, in: 'path', required: true, description, schema };
}
