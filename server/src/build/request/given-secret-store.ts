import type { Database } from '#db/database.ts';
import type { BuildSecretMeans } from '../secrets/build-secret-store.ts';
import type { GivenSecrets } from './given-secrets.ts';

/** Stores the secrets of a build, sealed, until it ends. Stores nothing if there are none. */
export async function saveGivenSecrets(
  { db, secrets }: BuildSecretMeans,
  buildRecordId: string,
  given: GivenSecrets,
): Promise<void> {
  if (Object.keys({ ...given.secrets, ...given.sshKeys }).length === 0) return;
  const sealed = secrets.seal(recordId(buildRecordId), JSON.stringify(given));
  await db.insertInto('build_given_secret').values({ build_record_id: buildRecordId, sealed_values: sealed }).execute();
}

/** The secrets of a build; none once it has ended. */
export async function openGivenSecrets(
  { db, secrets }: BuildSecretMeans,
  buildRecordId: string,
): Promise<GivenSecrets> {
  const row = await db
    .selectFrom('build_given_secret')
    .select('sealed_values')
    .where('build_record_id', '=', buildRecordId)
    .executeTakeFirst();
  if (row === undefined) return { secrets: {}, sshKeys: {} };
  return JSON.parse(secrets.open(recordId(buildRecordId), row.sealed_values)) as GivenSecrets;
}

/** Removes the secrets of a build. */
export async function removeGivenSecrets(db: Database, buildRecordId: string): Promise<void> {
  await db.deleteFrom('build_given_secret').where('build_record_id', '=', buildRecordId).execute();
}

function recordId(buildRecordId: string): string {
  return `build-given-secret/${buildRecordId}`;
}
