import { listBuildSecrets } from '#build/secrets/build-secret-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { buildSecretReply, secretScope } from '../replies/build-secret-reply.ts';

/** `GET /secrets`: what steps mount with `--mount=type=secret,id=NAME`. A value goes in and never comes out. */
export default nativeOperation('listBuildSecrets', async (context, { repository }) => {
  const repoId = await secretScope(context, repository);
  const secrets = await listBuildSecrets(context.db, context.instanceId, repoId);
  return { Secrets: secrets.map((secret) => buildSecretReply(secret, repository)) };
});
