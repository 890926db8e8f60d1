import { randomBytes } from 'node:crypto';
import { getRepositoryByName } from '#repository/repository-store.ts';
import { savePushHook } from '#source/hooks/push-hook-store.ts';
import { findSourceBinding } from '#source/source-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /repositories/NAMESPACE/NAME/hook`: a new address for push events with a new secret, which is shown only now. */
export default nativeOperation('createHook', async (context, { namespace, name }) => {
  const { db, instanceId, publicUrl } = context;
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const [hookId, secret] = [randomBytes(18).toString('hex'), randomBytes(24).toString('hex')];
  await savePushHook(context, { repoId, instanceId, hookId, secret, createdMs: context.now() });
  const AutoBuild = (await findSourceBinding(db, repoId))?.autoBuild;
  return { Url: `${publicUrl}/hooks/${hookId}`, Secret: secret, AutoBuild };
});
