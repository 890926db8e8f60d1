import { listRemovedTags } from '#image/tag-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

const LIST_DEFAULT = 50;

/** `GET /repositories/NAMESPACE/NAME/removed-tags`: what can be restored. */
export default nativeOperation('listRemovedTags', async (context, { namespace, name, limit = LIST_DEFAULT }) => {
  const { repoId } = await getRepositoryByName(context.db, context.instanceId, namespace, name);
  const removed = await listRemovedTags(context.db, repoId, { limit });
  return {
    Tags: removed.map((tag) => ({
      Tag: tag.name,
      Digest: tag.digest,
      RemoveTime: tag.removedMs,
      RemovedBy: tag.removedBy,
      Why: tag.why,
    })),
  };
});
