import type { Database } from '#db/database.ts';
import type { SecretBox } from '#rpc/context.ts';
import { buildSecretNotFound } from '../errors.ts';
import type { BuildSecret } from './build-secret.ts';

/** What storing and reading secrets needs. Values are sealed. */
export interface BuildSecretMeans {
  db: Database;
  secrets: SecretBox;
}

/** Identifies a secret: of a repository or, if that is undefined, of the whole instance. */
export interface BuildSecretKey {
  instanceId: string;
  repoId: string | undefined;
  name: string;
}

const WHOLE_INSTANCE = '';

/** Sets a secret, replacing one with the same name. */
export async function saveBuildSecret(
  means: BuildSecretMeans,
  key: BuildSecretKey,
  value: string,
  nowMs: number,
): Promise<BuildSecret> {
  const { instanceId, repoId, name } = key;
  const changed = { sealed_value: means.secrets.seal(recordId(key), value), modified_ms: nowMs };
  const row = await means.db
    .insertInto('build_secret')
    .values({ instance_id: instanceId, repo_id: repoId ?? WHOLE_INSTANCE, name, created_ms: nowMs, ...changed })
    .onConflict((conflict) => conflict.columns(['instance_id', 'repo_id', 'name']).doUpdateSet(changed))
    .returning('created_ms')
    .executeTakeFirstOrThrow();
  return { repoId, name, createdMs: row.created_ms, modifiedMs: nowMs };
}

/** The secrets without their values, sorted by name: of a repository and the whole instance, or only of the instance. */
export async function listBuildSecrets(
  db: Database,
  instanceId: string,
  repoId: string | undefined,
): Promise<BuildSecret[]> {
  const rows = await db
    .selectFrom('build_secret')
    .select(['repo_id', 'name', 'created_ms', 'modified_ms'])
    .where('instance_id', '=', instanceId)
    .where('repo_id', 'in', [WHOLE_INSTANCE, repoId ?? WHOLE_INSTANCE])
    .orderBy('name')
    .orderBy('repo_id')
    .execute();
  return rows.map((row) => ({
    repoId: row.repo_id === WHOLE_INSTANCE ? undefined : row.repo_id,
    name: row.name,
    createdMs: row.created_ms,
    modifiedMs: row.modified_ms,
  }));
}

/** Removes a secret. Throws BUILD_SECRET_NOT_EXIST. */
export async function removeBuildSecret(db: Database, key: BuildSecretKey): Promise<void> {
  const result = await db
    .deleteFrom('build_secret')
    .where('instance_id', '=', key.instanceId)
    .where('repo_id', '=', key.repoId ?? WHOLE_INSTANCE)
    .where('name', '=', key.name)
    .executeTakeFirst();
  if (result.numDeletedRows !== 1n) throw buildSecretNotFound();
}

/** Removes all secrets of a repository; those of the instance stay. */
export async function removeBuildSecretsOf(db: Database, repoId: string): Promise<void> {
  await db.deleteFrom('build_secret').where('repo_id', '=', repoId).execute();
}

/** The requested secrets that a repository's build may mount: the repository's own, or else the instance's. */
export async function openBuildSecrets(
  means: BuildSecretMeans,
  instanceId: string,
  repoId: string,
  names: readonly string[],
): Promise<Record<string, string>> {
  if (names.length === 0) return {};
  const rows = await means.db
    .selectFrom('build_secret')
    .select(['repo_id', 'name', 'sealed_value'])
    .where('instance_id', '=', instanceId)
    .where('repo_id', 'in', [WHOLE_INSTANCE, repoId])
    .where('name', 'in', names)
    // The instance's secrets (empty repo_id) come first, so that the repository's own replace them.
    .orderBy('repo_id')
    .execute();
  return Object.fromEntries(
    rows.map((row) => {
      const key = { instanceId, repoId: row.repo_id === WHOLE_INSTANCE ? undefined : row.repo_id, name: row.name };
      return [row.name, means.secrets.open(recordId(key), row.sealed_value)];
    }),
  );
}

function recordId({ instanceId, repoId, name }: BuildSecretKey): string {
  return `build-secret/${instanceId}/${repoId ?? WHOLE_INSTANCE}/${name}`;
}
