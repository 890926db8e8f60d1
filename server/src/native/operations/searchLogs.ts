import { searchBuilds } from '#log/log-search.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildFilterOf } from '../replies/build-filter.ts';
import { buildReply } from '../replies/build-reply.ts';
import { goneSignal } from '../replies/gone-signal.ts';
import { searchOf } from '../replies/search-of.ts';

/**
 * `GET /log/search`: searches the logs of builds, newest first. Its hits name builds, so it searches only those that the caller
 * may also list.
 */
export default nativeOperation('searchLogs', async (context, params, { reply }) => {
  const search = searchOf(params);
  const { principal, regexProgram, searches } = context;
  const { buildsince: since, builduntil: until } = params;
  const filter = buildFilterOf(context, { ...params, since, until });
  const [sequence = 0, line = 1] = params.cursor?.split(':').map(Number) ?? [];
  const from = params.cursor === undefined ? undefined : { sequence, line };
  const gone = goneSignal(reply);
  const { hits, builds, searchedCount, damagedIds, backToMs, scannedBytes, next } = await searches.run(principal, () =>
    searchBuilds(context, regexProgram, filter, from, search, gone),
  );
  return {
    Hits: hits,
    Builds: builds.map(({ record, repository }) => buildReply(record, repository)),
    SearchedBuilds: searchedCount,
    DamagedBuilds: damagedIds,
    SearchedBackTo: backToMs,
    ScannedBytes: scannedBytes,
    Cursor: next && `${next.sequence}:${next.line}`,
  };
});
