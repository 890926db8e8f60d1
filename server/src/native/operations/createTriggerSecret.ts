import { changeReceiverSecret, newReceiverSecret } from '#delivery/receiver-store.ts';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { getStoredTrigger } from '#trigger/trigger-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /repositories/NAMESPACE/NAME/triggers/TRIGGER_ID/secret` */
export default nativeOperation('createTriggerSecret', async (context, { namespace, name, triggerId }) => {
  const { repoId } = await getRepositoryByName(context.db, context.instanceId, namespace, name);
  await getStoredTrigger(context.db, repoId, triggerId);
  const secret = newReceiverSecret();
  await changeReceiverSecret(context, triggerId, secret);
  return { Secret: secret };
});
