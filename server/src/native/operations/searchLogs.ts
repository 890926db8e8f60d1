import { searchBuilds } from '#log/log-search.ts';
import { getRepositoryNamed } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { searchOf } from '../replies/search-of.ts';

/**
 * `GET /log/search`: searches the logs of a repository's builds, newest first. Its hits name builds, so the caller also
 * needs the right to list them.
 */
export default nativeOperation('searchLogs', async (context, params) => {
  const search = searchOf(params);
  const { db, instanceId, principal, regexProgram, searches } = context;
  const { repoId } = await getRepositoryNamed(db, instanceId, params.repository);
  const filter = { instanceId, repoIds: [repoId] };
  const [sequence = 0, line = 1] = params.cursor?.split(':').map(Number) ?? [];
  const from = params.cursor === undefined ? undefined : { sequence, line };
  const { hits, scannedBytes, next } = await searches.run(principal, () =>
    searchBuilds(context, regexProgram, filter, from, search),
  );
  return { Hits: hits, ScannedBytes: scannedBytes, Cursor: next && `${next.sequence}:${next.line}` };
});
