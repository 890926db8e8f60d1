import { filterOf } from '#log/line-filter.ts';
import { beginStream } from '#log/log-streams.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { type Exchange, nativeOperation } from '../native-operation.ts';
import { integer } from '../query.ts';
import { buildWithLog } from '../replies/build-of.ts';
import { writeNote } from '../request-note.ts';

/**
 * `GET /builds/ID/log/stream`: the log as server-sent events, from line `from`, from the last `tail` lines, or after
 * the line in `Last-Event-ID`; then new lines as they are committed; then `event: end` with the build's result.
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
  // Not awaited: otherwise the request, with everything read from it, would wait here for the end of a build.
  void beginStream(streams, buildRecordId, start, follower).catch((error) => streams.fail(follower, error));
  return undefined;
});

function lastEventId({ headers }: Exchange['request']): number | undefined {
  const value = headers['last-event-id'];
  if (value === undefined || value === '') return undefined;
  return integer(0, Number.MAX_SAFE_INTEGER - 1)(String(value), 'Last-Event-ID');
}
