import { parseSecretName } from '#build/secrets/build-secret.ts';
import { removeBuildSecret } from '#build/secrets/build-secret-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { secretScope } from '../replies/build-secret-reply.ts';

/** `DELETE /secrets/NAME` */
export default nativeOperation('removeBuildSecret', async (context, { secret, repository }) => {
  const { db, instanceId } = context;
  const repoId = await secretScope(context, repository);
  await removeBuildSecret(db, { instanceId, repoId, name: parseSecretName(secret) });
  return {};
});
