import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { secretBox } from '#account/secret-box.ts';
import { UNFINISHED } from '#backup/unfinished-restore.ts';
import { parseS3Place, type S3Access, s3Text } from '#blob/s3/s3-place.ts';
import { openS3Store } from '#blob/s3/s3-store.ts';
import { KEY_CHECK } from '#db/schema/account-schema.ts';
import { moveDataFolder } from '#move/move.ts';
import { MoveRefused } from '#move/move-refused.ts';
import { databaseUrl, urlWithPassword } from '#settings/database-url.ts';
import { readPassword } from '#settings/password-file.ts';
import { counted, mebibytes, print, say } from './command-output.ts';
import { lockDataFolder } from './data-folder.ts';
import { readSecretKey } from './secret-key.ts';
import { recordId } from './server-secrets.ts';

/** How many values that had a NUL character, and how many damages, are named. */
const NAMED = 20;

/** `slipway move`: carries the data folder of a stopped server to PostgreSQL and a bucket. Returns the exit code. */
export async function moveCommand(options: {
  data: string;
  to?: string;
  /** `s3://BUCKET/PREFIX` */
  place: string;
  s3?: S3Access;
  databasePasswordFile?: string;
  secretKeyFile: string;
  restart?: boolean;
  withDamage?: boolean;
  json: boolean;
}): Promise<number> {
  const { data, place, s3, secretKeyFile, json } = options;
  const to = addressOf(options);
  const bucket = parseS3Place(place);
  if (bucket === undefined) throw new MoveRefused(2, `--bucket must be of the form s3://BUCKET/PREFIX`);
  if (existsSync(join(data, UNFINISHED)))
    throw new MoveRefused(4, `the data folder ${data} is not fully restored; run the same slipway restore again first`);
  using _lock = lockOf(data);
  const blobs = await openS3Store(bucket, s3 ?? { pathStyle: false });
  try {
    const moved = await moveDataFolder({
      root: data,
      to,
      bucket: s3Text(bucket),
      blobs,
      restart: options.restart === true,
      withDamage: options.withDamage === true,
      checkKey: (sealed) => checkKey(secretKeyFile, sealed),
      say,
    });
    const { wasComplete, rows, objects, logs, sizeBytes, replaced, damaged } = moved;
    sayAll(replaced, (where) => `${where}: a NUL character was replaced, which PostgreSQL does not store`);
    sayAll(damaged, (what) => `${what}; it is damaged there too`);
    if (json)
      print(
        JSON.stringify({
          DataFolder: data,
          WasComplete: wasComplete,
          Rows: rows,
          Files: objects,
          Logs: logs,
          SentBytes: sizeBytes,
          Replaced: replaced,
          Damaged: damaged,
        }),
      );
    else if (wasComplete)
      print(`${data} was moved before, and the database has the same rows; there was nothing to do`);
    else
      print(
        `${data}: moved and compared ${counted(rows, 'row')}, ${counted(logs, 'log')} and ${counted(objects, 'file')}; sent ${mebibytes(sizeBytes)}`,
      );
    if (!wasComplete)
      say(
        `start the server with --database, --bucket and the same secrets key: copy ${secretKeyFile} to its machine and name it with --secret-key-file. Do not start a server on ${data} again`,
      );
    return 0;
  } finally {
    blobs.close();
  }
}

/** Where the database is, as the driver takes it. */
function addressOf({ to = '', databasePasswordFile: file }: { to?: string; databasePasswordFile?: string }): string {
  const address = databaseUrl.parse(to);
  if (address === undefined)
    throw new MoveRefused(2, `--to ${databaseUrl.mistake?.(to)}; it must be ${databaseUrl.expects}`);
  if (file !== undefined && address.password !== undefined)
    throw new MoveRefused(2, '--to has a password, and --database-password-file names another; remove one of them');
  return urlWithPassword(address.url, address.password ?? readPassword('--database-password-file', file));
}

/** As a server locks it. A lock that root makes would keep out the server's user, so there must be one. */
function lockOf(data: string): Disposable {
  if (!existsSync(join(data, 'run', 'lock.sqlite')))
    throw new MoveRefused(2, `no server has run on ${data} yet, so there is nothing to move`);
  return lockDataFolder({ root: data, reachable: data });
}

function checkKey(file: string, sealed: string | undefined): void {
  const box = secretBox(readSecretKey(file));
  if (sealed === undefined || sealed === '')
    throw new MoveRefused(
      4,
      'the database does not know its secrets key, because it comes from a backup without it; start its server once, and stop it again',
    );
  try {
    box.open(recordId(KEY_CHECK), sealed);
  } catch (cause) {
    throw new MoveRefused(
      4,
      `the key in ${file} is not the one that the secrets in the database were encrypted with; name the right one with --secret-key-file`,
      { cause },
    );
  }
}

function sayAll(items: readonly string[], sentence: (item: string) => string): void {
  for (const item of items.slice(0, NAMED)) say(sentence(item));
  if (items.length > NAMED) say(`and ${items.length - NAMED} more; --json lists all`);
}
