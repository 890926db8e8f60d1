import { filterOf } from '#log/line-filter.ts';
import { beginStream } from '#log/log-streams.ts';
import { invalidParameter } from '#rpc/api-error.ts';
import { type Exchange, nativeOperation } from '../native-operation.ts';
import { integer } from '../query.ts';
import { buildWithLog } from '../replies/build-of.ts';
import { writeNote } from '../request-note.ts';

/**
 * `GET /builds/ID/log/stream`: the log as server-sent events, from line `from` on or from the last `tail` lines on, or after
 * the line of `Last-Event-ID`; then what comes, as it is committed; then `event: end` with how the build ended.
 */
export default nativeOperation('streamLog', async (context, params, { request, reply }) => {
  const { buildRecordId } = await buildWithLog(context, params.id);
  if (params.from !== undefined && params.tail !== undefined) throw invalidParameter('tail', 'from is given too.');
  const lastSeen = lastEventId(request);
  const { followers, principal, streams } = context;
  const origin = { caller: principal.arn, address: principal.call?.sourceIp ?? request.ip };
  followers.admit(origin);
  writeNote(request, context);
  reply.hijack();
  const follower = followers.open(reply.raw, origin, request.id);
  const from = lastSeen === undefined ? params.from : lastSeen + 1;
  const start = { from, tail: params.tail, filter: filterOf(params) };
  // Not awaited: what waits here for the end of a build is the request with all that was read of it.
  void beginStream(streams, buildRecordId, start, follower).catch((error) => streams.fail(follower, error));
  return undefined;
});

function lastEventId({ headers }: Exchange['request']): number | undefined {
  const value = headers['last-event-id'];
  if (value === undefined || value === '') return undefined;
  return integer(0, Number.MAX_SAFE_INTEGER - 1)(String(value), 'Last-Event-ID');
}
