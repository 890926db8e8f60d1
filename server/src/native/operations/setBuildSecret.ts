import { parseSecretName, parseSecretValue } from '#build/secrets/build-secret.ts';
import { saveBuildSecret } from '#build/secrets/build-secret-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildSecretReply, secretScope } from '../replies/build-secret-reply.ts';

/** `PUT /secrets/NAME` */
export default nativeOperation('setBuildSecret', async (context, { secret, repository, Value }) => {
  const { instanceId, now } = context;
  const key = { instanceId, repoId: await secretScope(context, repository), name: parseSecretName(secret) };
  return buildSecretReply(await saveBuildSecret(context, key, parseSecretValue(Value), now()), repository);
});
