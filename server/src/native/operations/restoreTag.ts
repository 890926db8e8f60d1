import { restoreTag } from '#image/change-tag.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /repositories/NAMESPACE/NAME/tags/TAG/restore` */
export default nativeOperation('restoreTag', async (context, { namespace, name, tag, digest: former }) => {
  const repository = await getRepositoryByName(context.db, context.instanceId, namespace, name);
  const actor = { by: context.principal.arn, nowMs: context.now() };
  const digest = await restoreTag(context.db, repository, { tag, digest: former }, actor);
  return { Tag: tag, Digest: digest };
});
