import { setTag } from '#image/change-tag.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `PUT /repositories/NAMESPACE/NAME/tags/TAG` */
export default nativeOperation('setTag', async (context, { namespace, name, tag, digest }) => {
  const repository = await getRepositoryByName(context.db, context.instanceId, namespace, name);
  const actor = { by: context.principal.arn, nowMs: context.now() };
  await setTag(context.db, repository, { tag, digest }, actor);
  return { Tag: tag, Digest: digest };
});
