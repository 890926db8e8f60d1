import type { Schema } from './openapi-schemas.ts';

/** How operations and schemas are put together. */
interface MakePaths {
  path: (name: string, schema: Schema, description: string) => object;
  query: (name: string, schema: Schema, description: string) => object;
  operation: (operationId: string, ramAction: string, summary: string, shape: object) => object;
}
interface MakeSchemas {
  reply: (fields: Readonly<Record<string, Schema>>) => Schema;
  list: (items: Schema) => Schema;
  object: (fields: Readonly<Record<string, Schema>>) => Schema;
}

const string: Schema = { type: 'string' };
const boolean: Schema = { type: 'boolean' };
const count: Schema = { type: 'integer', minimum: 0 };
const timeMs: Schema = { type: 'integer', description: 'Milliseconds since 1970-01-01 UTC.' };

function body(schema: string): object {
  return { required: true, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } };
}

/** The paths that the console is made with. */
export function consolePaths({ operation, path, query }: MakePaths): Record<string, object> {
  const self = 'sts:GetCallerIdentity';
  return {
    '/server': {
      get: operation('getServer', self, 'Which server this is, with a proof that it knows the secret that signed.', {
        reply: 'ServerReply',
      }),
    },
    '/builds/statistics': {
      get: operation('getStatistics', 'cr:ListRepositoryBuild', 'How builds went over time, in equal stretches.', {
        parameters: [
          query('period', { type: 'string', enum: ['day', 'week', 'month'] }, 'The last day when absent.'),
          query('repository', string, 'NAMESPACE/NAME'),
        ],
        reply: 'Statistics',
      }),
    },
    '/repositories/{namespace}/{name}/tags': {
      get: operation('listTags', 'cr:ListRepositoryTag', 'The tags that can be pulled, and which builds made them.', {
        parameters: [
          path('namespace', string, 'Namespace.'),
          path('name', string, 'Repository.'),
          query('limit', { type: 'integer', minimum: 1, maximum: 100 }, '50 when absent.'),
          query('cursor', string, 'Where the last list ended.'),
        ],
        reply: 'TagList',
      }),
    },
    '/session': {
      post: operation('openSession', self, 'Temporary credentials of the caller, for one hour.', {
        reply: 'NewSession',
      }),
      delete: operation('closeSession', self, 'End the session whose key signs.', { reply: 'Done' }),
    },
    '/session/password': {
      post: operation('openSessionByPassword', self, 'The same for a console password, over TLS or on localhost.', {
        requestBody: body('PasswordSignIn'),
        reply: 'NewSession',
      }),
    },
    '/session/renew': {
      post: operation(
        'renewSession',
        self,
        'The same for the cookie of an earlier one; 204 where it is good for none.',
        {
          reply: 'NewSession',
        },
      ),
    },
    '/session/may': {
      post: operation('mayCaller', self, 'Which calls the caller’s policies allow.', {
        requestBody: body('MayQuestion'),
        reply: 'MayReply',
      }),
    },
  };
}

/** Their schemas. */
export function consoleSchemas({ reply, list, object }: MakeSchemas): Record<string, Schema> {
  return {
    ServerReply: reply({
      InstanceId: string,
      Version: string,
      'PublicUrl?': { type: 'string', description: 'How clients reach the port, where that is set.' },
    }),
    NewSession: reply({
      AccessKeyId: string,
      AccessKeySecret: string,
      SecurityToken: string,
      ExpireTime: timeMs,
      Arn: string,
      InstanceId: string,
      RegionId: string,
    }),
    PasswordSignIn: object({ UserName: string, Password: string, 'NewPassword?': string }),
    MayQuestion: object({
      Calls: list(
        object({
          Action: { type: 'string', description: 'RAM action.' },
          'Resource?': {
            type: 'string',
            description: 'A path below the account, as `repository/cri-…`; `*` if absent.',
          },
        }),
      ),
    }),
    Statistics: reply({
      BucketLength: { type: 'integer', description: 'Milliseconds.' },
      Buckets: list(
        object({
          StartTime: timeMs,
          Succeeded: count,
          Failed: count,
          Cancelled: count,
          'MeanDuration?': { type: 'integer', description: 'Milliseconds from start to end.' },
          'MeanWait?': { type: 'integer', description: 'Milliseconds from request to start.' },
        }),
      ),
    }),
    TagList: reply({
      Tags: list(
        object({
          Tag: string,
          Digest: string,
          'BuildRecordId?': { type: 'string', format: 'uuid' },
          'BuildTime?': timeMs,
        }),
      ),
      'Cursor?': { type: 'string', description: 'There is more: send it as `cursor`. Absent at the end.' },
    }),
    MayReply: reply({ Allowed: list(boolean) }),
  };
}
