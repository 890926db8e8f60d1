import { listBuilds } from '#build/build-list-store.ts';
import { type FoundInList, searchBuildList } from '#build/build-search-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildFilterOf } from '../replies/build-filter.ts';
import { buildReply } from '../replies/build-reply.ts';
import { goneSignal } from '../replies/gone-signal.ts';

const LIST_DEFAULT = 30;

/** `GET /builds`: builds, newest first; a search for a text that stops at its budget says how far it came. */
export default nativeOperation('listBuilds', async (context, params, { reply }) => {
  const { db, principal, searches } = context;
  const { limit = LIST_DEFAULT, cursor, commit, id, search } = params;
  const filter = { ...buildFilterOf(context, params), commitPrefix: commit, idPrefix: id };
  const page = { limit, beforeSequence: cursor };
  const signal = goneSignal(reply);
  const { builds, nextSequence, backToMs }: FoundInList =
    search === undefined
      ? { ...(await listBuilds(db, filter, page)), backToMs: undefined }
      : await searches.run(principal, () => searchBuildList(db, filter, search, page, signal));
  return {
    Builds: builds.map(({ record, repository }) => buildReply(record, repository)),
    Cursor: nextSequence === undefined ? undefined : String(nextSequence),
    SearchedBackTo: backToMs,
  };
});
