import { getRepositoryByName } from '#repository/repository-store.ts';
import { getStoredTrigger } from '#trigger/trigger-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { deliveryPage } from '../replies/delivery-page.ts';

/** `GET /repositories/NAMESPACE/NAME/triggers/TRIGGER_ID/deliveries` */
export default nativeOperation('listDeliveries', async (context, { namespace, name, triggerId, ...page }) => {
  const { repoId } = await getRepositoryByName(context.db, context.instanceId, namespace, name);
  await getStoredTrigger(context.db, repoId, triggerId);
  return deliveryPage(context.db, triggerId, page);
});
