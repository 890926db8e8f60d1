import type { Schema } from './openapi-schemas.ts';

/** How operations are put together. */
interface Make {
  path: (name: string, schema: Schema, description: string) => object;
  query: (name: string, schema: Schema, description: string) => object;
  operation: (operationId: string, ramAction: string, summary: string, shape: object) => object;
}

const text: Schema = { type: 'string', maxLength: 1000 };
const time: Schema = { type: 'string', description: 'Milliseconds since 1970, or ISO 8601 with its offset.' };
const holdToken = 'cr:GetAuthorizationToken';

/** The paths about who calls, what was called and who may. */
export function accountPaths({ operation, path, query }: Make): Record<string, object> {
  return {
    '/calls': {
      get: operation('listCalls', 'actiontrail:LookupEvents', 'The record of calls, the newest first.', {
        parameters: [
          query('request', text, 'The RequestId of an answer, and nothing else: the call that was answered so.'),
          query(
            'caller',
            text,
            'An ARN, or what of it follows the account: user/reader; a * at its end is a beginning.',
          ),
          query('key', text, 'The id of the key that signed.'),
          query('action', text, 'A RAM action; a * at its end is a beginning.'),
          query('result', text, 'allowed, denied, failed (allowed, and refused for another reason), or a code.'),
          query('since', time, 'At this time or later.'),
          query('until', time, 'Before this time.'),
          query('limit', { type: 'integer', minimum: 1, maximum: 100 }, '30 when absent.'),
          query('cursor', { type: 'string' }, 'Where the last list ended.'),
        ],
        reply: 'CallList',
      }),
    },
    '/policy/simulate': {
      post: operation('simulatePolicy', 'ram:SimulatePolicy', 'What would be decided of a call, and why.', {
        requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
        reply: 'Simulation',
      }),
    },
    '/tokens': {
      get: operation('listTokens', holdToken, 'The caller’s tokens.', { reply: 'TokenList' }),
      post: operation('createToken', holdToken, 'A bearer token with the caller’s rights, for one hour.', {
        reply: 'NewToken',
      }),
    },
    '/tokens/{tokenId}': {
      delete: operation('deleteToken', holdToken, 'Revoke a token of the caller’s.', {
        parameters: [path('tokenId', { type: 'string' }, 'TokenId')],
        reply: 'Done',
      }),
    },
  };
}
