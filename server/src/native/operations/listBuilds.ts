import { listBuilds } from '#build/build-list-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildFilterOf } from '../replies/build-filter.ts';
import { buildReply } from '../replies/build-reply.ts';

const LIST_DEFAULT = 30;

/** `GET /builds`: builds, newest first. */
export default nativeOperation('listBuilds', async (context, params) => {
  const { limit = LIST_DEFAULT, cursor, commit, id, search } = params;
  const filter = { ...buildFilterOf(context, params), commitPrefix: commit, idPrefix: id, text: search };
  const { builds, nextSequence } = await listBuilds(context.db, filter, { limit, beforeSequence: cursor });
  return {
    Builds: builds.map(({ record, repository }) => buildReply(record, repository)),
    Cursor: nextSequence === undefined ? undefined : String(nextSequence),
  };
});
