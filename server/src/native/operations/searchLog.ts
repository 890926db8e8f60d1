import { searchBuild } from '#log/log-search.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildWithLog } from '../replies/build-of.ts';
import { searchOf } from '../replies/search-of.ts';

/**
 * `GET /builds/ID/log/search`: searches one log for a text or a regular expression; a search that stops at its budget
 * returns a Cursor.
 */
export default nativeOperation('searchLog', async (context, params) => {
  const { buildRecordId } = await buildWithLog(context, params.id);
  const search = searchOf(params);
  const { principal, regexProgram, searches } = context;
  const from = params.cursor ?? 1;
  const { hits, scannedBytes, next } = await searches.run(principal, () =>
    searchBuild(context, regexProgram, buildRecordId, from, search),
  );
  return { Hits: hits, ScannedBytes: scannedBytes, Cursor: next === undefined ? undefined : String(next) };
});
