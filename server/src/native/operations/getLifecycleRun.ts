import { getRun, listRunRepositories } from '#lifecycle/run-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { lifecycleReply } from '../replies/lifecycle-reply.ts';

const PAGE_SIZE = 50;

/** `GET /lifecycle-runs/RUN` */
export default nativeOperation('getLifecycleRun', async ({ db, instanceId }, { runId, cursor }) => {
  const run = await getRun(db, instanceId, runId);
  const found = await listRunRepositories(db, runId, { after: cursor, limit: PAGE_SIZE + 1 });
  const page = found.slice(0, PAGE_SIZE);
  return {
    ...lifecycleReply(run),
    Removals: page.map((each) => ({
      Repository: each.repository,
      RemovedTags: each.removedTags,
      RemovedManifests: each.removedManifests,
      Tags: each.tags,
      MatchesNone: each.matchesNone,
    })),
    Cursor: found.length > PAGE_SIZE ? page.at(-1)?.repository : undefined,
  };
});
