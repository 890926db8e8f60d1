import { accessKeyRecord, findNewestAccessKey } from '#account/keys/access-key-store.ts';
import { KEY_CHECK } from '#backup/snapshot-store.ts';
import type { Database } from '#db/database.ts';
import { ExitError } from '#process/exit-error.ts';
import type { SecretBox } from '#rpc/context.ts';
import { findServerSecret, keepServerSecret } from './server-secret-store.ts';

const RECORD_ID = `server_secret/${KEY_CHECK}`;

/**
 * Checks that the secrets key is the one of the database, which a known text in it was sealed with at the first start. With
 * another key, the server would refuse the access keys of all users and fail builds one after another, and what it seals could not
 * be opened with the right key later. Throws `ExitError` 4.
 */
export async function checkSecretKey(db: Database, secrets: SecretBox, file: string): Promise<void> {
  // A database from before the text was there.
  const isKnown = (await findServerSecret(db, KEY_CHECK)) !== undefined;
  const newest = isKnown ? undefined : await findNewestAccessKey(db);
  if (newest !== undefined) open(secrets, accessKeyRecord(newest.access_key_id), newest.sealed_secret, file);
  const sealed = await keepServerSecret(db, KEY_CHECK, secrets.seal(RECORD_ID, KEY_CHECK));
  open(secrets, RECORD_ID, sealed, file);
}

function open(secrets: SecretBox, recordId: string, sealed: string, file: string): void {
  try {
    secrets.open(recordId, sealed);
  } catch (cause) {
    throw new ExitError(
      4,
      `the key in ${file} is not the one that the secrets in the database were encrypted with; put the right key there (the server makes a new one if the file is missing), or name its file with --secret-key-file. If it is lost, run slipway backup and slipway restore: the server of the restored folder takes a new key, and every secret and access key must be set again`,
      { cause },
    );
  }
}
