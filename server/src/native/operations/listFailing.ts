import { listFailing } from '#build/failing-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildReply } from '../replies/build-reply.ts';

const LIST_DEFAULT = 30;

/** `GET /builds/failing`: the latest build of each repository, if it failed. */
export default nativeOperation('listFailing', async ({ db, instanceId, repoIds }, { limit = LIST_DEFAULT, cursor }) => {
  const { builds, nextSequence } = await listFailing(db, { instanceId, repoIds }, { limit, beforeSequence: cursor });
  return {
    Builds: builds.map(({ record, repository }) => buildReply(record, repository)),
    Cursor: nextSequence === undefined ? undefined : String(nextSequence),
  };
});
