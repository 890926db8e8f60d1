import { type BuildFilter, listBuilds } from '#build/build-list-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildReply } from '../replies/build-reply.ts';

const LIST_DEFAULT = 30;

/** `GET /builds`: builds, newest first. */
export default nativeOperation('listBuilds', async ({ db, instanceId, repoIds }, params) => {
  const { limit = LIST_DEFAULT, cursor } = params;
  const filter: BuildFilter = {
    instanceId,
    repoIds,
    statuses: params.status,
    sinceMs: params.since,
    untilMs: params.until,
    commitPrefix: params.commit,
    idPrefix: params.id,
  };
  const { builds, nextSequence } = await listBuilds(db, filter, { limit, beforeSequence: cursor });
  return {
    Builds: builds.map(({ record, repository }) => buildReply(record, repository)),
    Cursor: nextSequence === undefined ? undefined : String(nextSequence),
  };
});
