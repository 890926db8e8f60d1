import { randomBytes, randomInt } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ExitError } from '#process/exit-error.ts';
import { newId } from '#rpc/new-id.ts';

/** The account's owner, as `root.json` of the data folder says it to clients on this machine. */
export interface RootAccount {
  AccountId: string;
  AccessKeyId: string;
  AccessKeySecret: string;
  RegionId: string;
  InstanceId: string;
  Endpoint: string;
}

/**
 * Reads `root.json`, or makes the account at the first start, and rewrites it with the endpoint of this start (mode
 * 0600). A pair that is set decides. Throws `ExitError` 4 for a file that cannot be read as such.
 */
export function openRootAccount(
  folder: string,
  current: {
    endpoint: string;
    regionId: string;
    accessKeyId?: string | undefined;
    accessKeySecret?: string | undefined;
  },
): RootAccount {
  const file = join(folder, 'root.json');
  const known = readAccount(file) ?? newAccount();
  const account: RootAccount = {
    AccountId: known.AccountId,
    AccessKeyId: current.accessKeyId ?? known.AccessKeyId,
    AccessKeySecret: current.accessKeySecret ?? known.AccessKeySecret,
    RegionId: current.regionId,
    InstanceId: known.InstanceId,
    Endpoint: current.endpoint,
  };
  writeDurably(file, `${JSON.stringify(account, null, 2)}\n`);
  return account;
}

type Kept = Omit<RootAccount, 'RegionId' | 'Endpoint'>;

function newAccount(): Kept {
  return {
    AccountId: String(randomInt(1_000_000_000, 9_999_999_999)).padEnd(16, String(randomInt(100_000, 999_999))),
    AccessKeyId: `LTAI${randomBytes(12).toString('base64url').replaceAll(/[-_]/g, 'x')}`,
    AccessKeySecret: randomBytes(24).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 30),
    InstanceId: newId('cri'),
  };
}

function readAccount(file: string): Kept | undefined {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ExitError(4, `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  try {
    const account = JSON.parse(content) as Record<string, unknown>;
    for (const field of ['AccountId', 'AccessKeyId', 'AccessKeySecret', 'InstanceId'])
      if (typeof account[field] !== 'string' || account[field] === '') throw new Error(`it has no ${field}`);
    return account as unknown as Kept;
  } catch (error) {
    throw new ExitError(4, `${file} is damaged (${(error as Error).message}); restore it from a backup`, {
      cause: error,
    });
  }
}

function writeDurably(file: string, content: string): void {
  const partial = `${file}.partial`;
  const handle = openSync(partial, 'w', 0o600);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(partial, file);
}
