import type { Logger } from 'pino';
import { secretBox } from '#account/secret-box.ts';
import { checkSecretKey } from '#data-folder/check-secret-key.ts';
import { ensureInstance } from '#data-folder/first-instance.ts';
import { openOwner } from '#data-folder/owner.ts';
import type { RootAccount, RootFile } from '#data-folder/root-file.ts';
import { ServerSecrets } from '#data-folder/server-secrets.ts';
import type { SecretBox } from '#rpc/context.ts';
import type { Config } from '#settings/config.ts';
import type { OpenedDatabase } from './database.ts';

/** What says who a server is. */
export interface IdentityMeans {
  config: Config;
  openDatabase: () => Promise<OpenedDatabase>;
  rootFile: RootFile;
  secretKey: Buffer;
  secretKeyFile: string;
  port: { url: string };
  keepOut: (secret: string) => void;
  logger: Logger;
}

/** The database, and who the server is by it. */
export interface Identity {
  database: OpenedDatabase;
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
  const database = await means.openDatabase();
  const { db } = database;
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
  return { database, secrets, serverSecrets, account };
}
