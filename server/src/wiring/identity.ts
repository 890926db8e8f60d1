import type { Logger } from 'pino';
import { secretBox } from '#account/secret-box.ts';
import { checkSecretKey } from '#data-folder/check-secret-key.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import { ensureInstance } from '#data-folder/first-instance.ts';
import { openDatabaseOrExit } from '#data-folder/open-database.ts';
import { openOwner } from '#data-folder/owner.ts';
import type { RootAccount, RootFile } from '#data-folder/root-file.ts';
import { ServerSecrets } from '#data-folder/server-secrets.ts';
import type { Database, DatabaseWriter } from '#db/database.ts';
import type { SecretBox } from '#rpc/context.ts';
import type { Config } from '#settings/config.ts';

/** What says who a server is. */
export interface IdentityMeans {
  config: Config;
  folder: DataFolder;
  writer: DatabaseWriter;
  rootFile: RootFile;
  secretKey: Buffer;
  secretKeyFile: string;
  port: { url: string };
  keepOut: (secret: string) => void;
  logger: Logger;
}

/** The database, and who the server is by it. */
export interface Identity {
  db: Database;
  secrets: SecretBox;
  serverSecrets: ServerSecrets;
  account: RootAccount;
}

/**
 * Opens the database, and finds the account, the instance and the owner's key in it. `root.json` is written again if it says something
 * else. Throws `ExitError` 4.
 */
export async function openIdentity(means: IdentityMeans): Promise<Identity> {
  const { config, rootFile, secretKeyFile, keepOut, logger } = means;
  const db = await openDatabaseOrExit(means.folder, means.writer);
  const secrets = secretBox(means.secretKey);
  const areKept = await checkSecretKey(db, secrets, secretKeyFile);
  if (!areKept)
    logger.warn(
      { file: secretKeyFile },
      'the secrets key does not open the newest access key; put the right key back, or set every secret again',
    );
  const serverSecrets = new ServerSecrets({ db, secrets, areKept });
  const pair = { id: config['root-access-key-id'], secret: config['root-access-key-secret'] };
  const owner = await openOwner({ db, serverSecrets, rootFile, pair });
  keepOut(owner.AccessKeySecret);
  const account = { ...owner, RegionId: config['region-id'], Endpoint: means.port.url };
  await ensureInstance(db, account, Date.now());
  const hadOther = rootFile.found !== undefined || rootFile.damage !== undefined;
  if (rootFile.finish(account) && hadOther && pair.id === undefined)
    logger.warn({ file: rootFile.file }, 'root.json was not what the database says; it is written again');
  return { db, secrets, serverSecrets, account };
}
