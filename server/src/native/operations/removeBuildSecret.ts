import { parseSecretName } from '#build/build-secret.ts';
import { removeBuildSecret } from '#build/build-secret-store.ts';
import { secretScope } from '../build-secret-reply.ts';
import { nativeOperation } from '../native-operation.ts';

/** `DELETE /secrets/NAME` */
export default nativeOperation('removeBuildSecret', async (context, { secret, repository }) => {
  const { db, instanceId } = context;
  const repoId = await secretScope(context, repository);
  await removeBuildSecret(db, { instanceId, repoId, name: parseSecretName(secret) });
  return {};
});
