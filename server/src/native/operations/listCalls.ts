import type { ListedCall } from '#audit/call-record-store.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import type { Call } from '#rpc/native-types.gen.ts';
import { nativeOperation } from '../native-operation.ts';

const LIST_DEFAULT = 30;

/**
 * `GET /calls`: the record of calls, newest first. The action is that of the vendor's own trail of calls. No system
 * policy of the registry allows it, since the record shows what everyone does. With `request` it returns the single
 * call that was answered with that RequestId, even one without a signature.
 */
export default nativeOperation('listCalls', async ({ accountId, calls }, params) => {
  const { request, limit = LIST_DEFAULT, cursor, ...given } = params;
  if (request !== undefined) {
    const other = Object.entries({ ...given, cursor }).find(([, value]) => value !== undefined)?.[0];
    if (other !== undefined) throw invalidParameter(other, 'request is given too, which names one call.');
    const found = await calls?.find(request.toUpperCase());
    return { Calls: found ? [callReply(found)] : [] };
  }
  const filter = {
    caller: given.caller && arnOf(given.caller, accountId),
    accessKeyId: given.key,
    action: given.action,
    result: given.result,
    sinceMs: given.since,
    untilMs: given.until,
  };
  const [timeMs = 0, sequence = 0] = cursor?.split('-').map(Number) ?? [];
  const page = await calls?.list(filter, { limit, before: cursor === undefined ? undefined : { timeMs, sequence } });
  return {
    Calls: (page?.calls ?? []).map(callReply),
    Cursor: page?.next && `${page.next.timeMs}-${page.next.sequence}`,
  };
});

/** `user/reader`, `root` and `assumed-role/ci/*` are callers of this account. */
function arnOf(caller: string, accountId: string): string {
  return caller.startsWith('acs:') ? caller : `acs:ram::${accountId}:${caller}`;
}

function callReply(call: ListedCall): Call {
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
