import type { FastifyInstance } from 'fastify';
import type { CallCursor, ListedCall } from '#audit/call-record-list.ts';
import { invalidParameter } from '#rpc/api-error.ts';
import { integer, type QueryKind, readQuery, text, time } from './api-query.ts';
import { allow, callerOf, type NativeApi } from './native-api.ts';

const LIST_DEFAULT = 30;
const LIST_LIMIT = 100;

const cursor: QueryKind<CallCursor> = (value, name) => {
  const [, timeMs, sequence] = /^(\d{1,15})-(\d{1,15})$/.exec(value) ?? [];
  if (sequence !== undefined) return { timeMs: Number(timeMs), sequence: Number(sequence) };
  throw invalidParameter(name, 'it is not what a list gave.');
};

const REQUEST_ID = text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i, 'the RequestId of an answer');
const QUERY = {
  request: REQUEST_ID,
  caller: text(/^[^*]{0,300}\*?$/, 'a caller, as in user/reader, with nothing behind a *'),
  key: text(/^[^*]{1,128}$/, 'the id of a key'),
  action: text(/^[A-Za-z0-9:-]{0,100}\*?$/, 'a RAM action, as in cr:GetInstance or cr:Delete*'),
  result: text(/^[A-Za-z][A-Za-z0-9._]{0,99}$/, 'allowed, denied, failed or a code'),
  since: time,
  until: time,
  limit: integer(1, LIST_LIMIT),
  cursor,
};

/**
 * `GET /calls`: the record of calls, the newest first. The action that allows it is that of the vendor's own trail of
 * calls; no system policy of the registry gives it, since the record shows what everybody does. With `request` it is the one
 * call that was answered with that RequestId, also one that nobody could sign.
 */
export async function callRoutes(app: FastifyInstance, { api }: { api: NativeApi }): Promise<void> {
  app.get('/calls', async (request) => {
    const principal = await callerOf(api, request);
    const query = readQuery(request, QUERY);
    allow(api, { request, principal }, 'actiontrail:LookupEvents', '*');
    if (query.request !== undefined) {
      const other = Object.keys(QUERY).find(
        (name) => name !== 'request' && name !== 'limit' && query[name as keyof typeof QUERY] !== undefined,
      );
      if (other !== undefined) throw invalidParameter(other, 'request is given too, which names one call.');
      const found = await api.calls?.find(query.request.toUpperCase());
      return { RequestId: request.id, Calls: found ? [callReply(found)] : [] };
    }
    const filter = {
      caller: query.caller && arnOf(query.caller, api.means.accountId),
      accessKeyId: query.key,
      action: query.action,
      result: query.result,
      sinceMs: query.since,
      untilMs: query.until,
    };
    const page = await api.calls?.list(filter, { limit: query.limit ?? LIST_DEFAULT, before: query.cursor });
    return {
      RequestId: request.id,
      Calls: (page?.calls ?? []).map(callReply),
      Cursor: page?.next && `${page.next.timeMs}-${page.next.sequence}`,
    };
  });
}

/** `user/reader`, `root` and `assumed-role/ci/*` are callers of this account. */
function arnOf(caller: string, accountId: string): string {
  return caller.startsWith('acs:') ? caller : `acs:ram::${accountId}:${caller}`;
}

function callReply(call: ListedCall) {
  return {
    Time: call.timeMs,
    RequestId: call.requestId === '' ? undefined : call.requestId,
    Caller: call.callerArn || undefined,
    AccessKeyId: call.accessKeyId || undefined,
    Action: call.action || undefined,
    Resource: call.resource || undefined,
    SourceIp: call.sourceIp,
    Denied: call.denied,
    Code: call.code,
    Count: call.count,
  };
}
