import type { Schema } from './openapi-schemas.ts';

/** How operations and schemas are put together. */
interface MakePaths {
  operation: (operationId: string, ramAction: string, summary: string, shape: object) => object;
}
interface MakeSchemas {
  reply: (fields: Readonly<Record<string, Schema>>) => Schema;
  list: (items: Schema) => Schema;
  object: (fields: Readonly<Record<string, Schema>>) => Schema;
}

const string: Schema = { type: 'string' };
const boolean: Schema = { type: 'boolean' };
const timeMs: Schema = { type: 'integer', description: 'Milliseconds since 1970-01-01 UTC.' };

function body(schema: string): object {
  return { required: true, content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } } };
}

/** The paths that the console is made with. */
export function consolePaths({ operation }: MakePaths): Record<string, object> {
  const self = 'sts:GetCallerIdentity';
  return {
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
    MayReply: reply({ Allowed: list(boolean) }),
  };
}
