import { randomBytes, randomInt } from 'node:crypto';
import type { Database } from '#db/database.ts';
import { findFirstInstance } from '#instance/instance-store.ts';
import { ExitError } from '#process/exit-error.ts';
import { newId } from '#rpc/new-id.ts';
import type { Owner, RootFile } from './root-file.ts';
import type { ServerSecrets } from './server-secrets.ts';

const NAME = 'owner';

/**
 * The owner that the database has. At the first start it takes the one of `root.json`, which earlier versions and backups without the
 * secrets key have, or makes one. A key pair that is set decides from then on. Throws `ExitError` 4.
 */
export async function openOwner(means: {
  db: Database;
  serverSecrets: ServerSecrets;
  rootFile: Pick<RootFile, 'file' | 'found' | 'damage'>;
  pair: { id: string | undefined; secret: string | undefined };
}): Promise<Owner> {
  const { serverSecrets, pair } = means;
  const kept = await serverSecrets.keep(NAME, async () => JSON.stringify(await firstOwner(means)));
  const known = JSON.parse(kept) as Owner;
  const owner = {
    ...known,
    AccessKeyId: pair.id ?? known.AccessKeyId,
    AccessKeySecret: pair.secret ?? known.AccessKeySecret,
  };
  const text = JSON.stringify(owner);
  if (text !== kept) await serverSecrets.replace(NAME, text);
  return owner;
}

async function firstOwner({ db, rootFile }: { db: Database; rootFile: Pick<RootFile, 'file' | 'found' | 'damage'> }) {
  const { file, found, damage } = rootFile;
  if (damage !== undefined) throw new ExitError(4, `${file} is damaged (${damage}); restore it from a backup`);
  const instance = await findFirstInstance(db);
  if (instance && !found)
    throw new ExitError(
      4,
      `${file} is missing, and the database does not have the key of the owner; restore it from a backup`,
    );
  if (instance && found?.InstanceId !== instance.instanceId)
    throw new ExitError(
      4,
      `root.json names the instance ${found?.InstanceId}, but the database has ${instance.instanceId}; put that InstanceId into root.json, or restore the file`,
    );
  return found ?? newOwner();
}

function newOwner(): Owner {
  return {
    AccountId: String(randomInt(1_000_000_000, 9_999_999_999)).padEnd(16, String(randomInt(100_000, 999_999))),
    AccessKeyId: `LTAI${randomBytes(12).toString('base64url').replaceAll(/[-_]/g, 'x')}`,
    AccessKeySecret: randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 30),
    InstanceId: newId('cri'),
  };
}
