import { parseSecretName, parseSecretValue } from '#build/build-secret.ts';
import { saveBuildSecret } from '#build/build-secret-store.ts';
import { buildSecretReply, secretScope } from '../build-secret-reply.ts';
import { nativeOperation } from '../native-operation.ts';

/** `PUT /secrets/NAME` */
export default nativeOperation('setBuildSecret', async (context, { secret, repository, Value }) => {
  const { instanceId, now } = context;
  const key = { instanceId, repoId: await secretScope(context, repository), name: parseSecretName(secret) };
  return buildSecretReply(await saveBuildSecret(context, key, parseSecretValue(Value), now()), repository);
});
