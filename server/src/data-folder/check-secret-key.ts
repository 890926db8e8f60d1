import { accessKeyRecord, findNewestAccessKey } from '#account/keys/access-key-store.ts';
import type { Database } from '#db/database.ts';
import { engineOf } from '#db/engine.ts';
import { KEY_CHECK } from '#db/schema/account-schema.ts';
import { ExitError } from '#process/exit-error.ts';
import type { SecretBox } from '#rpc/context.ts';
import { findServerSecret, keepServerSecret } from './server-secret-store.ts';
import { recordId } from './server-secrets.ts';

const RECORD_ID = recordId(KEY_CHECK);

/**
 * Checks that the secrets key is the one of the database, which a known text in it was sealed with at the first start. With
 * another key, the server would refuse the access keys of all users and fail builds one after another, and what it seals could not
 * be opened with the right key later. Throws `ExitError` 4. Returns false for a database of an earlier version without the text, whose
 * newest access key was sealed with another key: it may come from a backup without its key. No key is kept as the right one then.
 */
export async function checkSecretKey(db: Database, secrets: SecretBox, file: string): Promise<boolean> {
  const isKnown = (await findServerSecret(db, KEY_CHECK)) !== undefined;
  const newest = isKnown ? undefined : await findNewestAccessKey(db);
  if (newest && !opens(secrets, accessKeyRecord(newest.access_key_id), newest.sealed_secret)) return false;
  const sealed = await keepServerSecret(db, KEY_CHECK, secrets.seal(RECORD_ID, KEY_CHECK));
  if (!opens(secrets, RECORD_ID, sealed))
    throw new ExitError(
      4,
      `the key in ${file} is not the one that the secrets in the database were encrypted with; put the right key there (the server makes a new one if the file is missing), or name its file with --secret-key-file. If it is lost, ${engineOf(db) === 'sqlite' ? NEW_KEY : NEW_KEY_ELSEWHERE}, and every secret and access key must be set again`,
    );
  return true;
}

/** How a server gets a new key. */
const NEW_KEY = 'run slipway backup and slipway restore: the server of the restored folder takes a new key';
const NEW_KEY_ELSEWHERE = 'let the server make a new one as docs/fleet.md says (A lost secrets key)';

function opens(secrets: SecretBox, recordId: string, sealed: string): boolean {
  try {
    secrets.open(recordId, sealed);
    return true;
  } catch {
    return false;
  }
}
