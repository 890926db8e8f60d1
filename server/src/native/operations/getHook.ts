import { getRepositoryByName } from '#repository/repository-store.ts';
import { listHookDeliveries } from '#source/hooks/hook-delivery-store.ts';
import { findPushHookOf } from '#source/hooks/push-hook-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { hookDeliveryReply } from '../replies/hook-delivery-reply.ts';

/** `GET /repositories/NAMESPACE/NAME/hook`: its address without its secret, and what came of the last deliveries. */
export default nativeOperation('getHook', async ({ db, instanceId, publicUrl }, { namespace, name }) => {
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const hook = await findPushHookOf(db, repoId);
  const deliveries = await listHookDeliveries(db, repoId);
  return {
    Url: hook && `${publicUrl}/hooks/${hook.hookId}`,
    CreateTime: hook?.createdMs,
    Deliveries: deliveries.map(hookDeliveryReply),
  };
});
