import type { BuildSecret } from '#build/secrets/build-secret.ts';
import { getRepositoryNamed } from '#repository/repository-store.ts';
import type { BuildSecret as BuildSecretReply } from '#rpc/native-types.gen.ts';
import type { NativeContext } from '../native-operation.ts';

/** A secret without its value. */
export function buildSecretReply(secret: BuildSecret, repository: string | undefined): BuildSecretReply {
  return {
    Name: secret.name,
    Repository: secret.repoId === undefined ? undefined : repository,
    CreateTime: secret.createdMs,
    ModifiedTime: secret.modifiedMs,
  };
}

/** The id of the repository whose secrets are meant; undefined for secrets of all repositories. */
export async function secretScope(
  { db, instanceId }: NativeContext,
  repository: string | undefined,
): Promise<string | undefined> {
  return repository === undefined ? undefined : (await getRepositoryNamed(db, instanceId, repository)).repoId;
}
