import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BackupRefused } from '#backup/backup-refused.ts';
import { notedDatabase } from './database-note.ts';

/** Refuses a data folder whose records are elsewhere. Throws `BackupRefused` 2. */
export function refuseElsewhere(root: string): void {
  const elsewhere = notedDatabase(root);
  if (elsewhere !== undefined)
    throw new BackupRefused(
      2,
      `the records of ${root} are in ${elsewhere}, and not in the folder; use the programs of PostgreSQL and of the bucket's store`,
    );
}

/** Whether there is a data folder. Throws `BackupRefused` 2. */
export function checkDataFolder(root: string): void {
  if (!existsSync(join(root, 'db', 'slipway.sqlite')) && notedDatabase(root) === undefined)
    throw new BackupRefused(
      2,
      `there is no data folder at ${root}, or this user may not read it; name it with --data, and run this as root or as the server's user`,
    );
  if (!statSync(join(root, 'root.json'), { throwIfNoEntry: false })?.size)
    throw new BackupRefused(2, `there is no root.json in ${root}; start its server again, which writes it`);
}
