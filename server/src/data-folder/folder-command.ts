import { existsSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BackupRefused } from '#backup/backup-refused.ts';
import { noteBackup, noteVerified } from '#backup/last-backup.ts';
import { makeBackup } from '#backup/make-backup.ts';
import { listBackups, openSource, openTarget, scratchOf } from '#backup/open-backup.ts';
import { PAUSED } from '#backup/paused.ts';
import { restoreBackup } from '#backup/restore-backup.ts';
import { Snapshot } from '#backup/snapshot-store.ts';
import { verifyBackup } from '#backup/verify-backup.ts';
import { S3Fault } from '#blob/s3/s3-fault.ts';
import type { S3Access } from '#blob/s3/s3-place.ts';
import { laterMigrations, NewerDataFolder, numberOf, oldestThatRuns, pendingMigrations } from '#db/migrate.ts';
import { MoveRefused } from '#move/move-refused.ts';
import { ExitError } from '#process/exit-error.ts';
import { VERSION } from '#process/version.ts';
import { ConfigError } from '#settings/config.ts';
import { checkDataFolder, refuseElsewhere } from './check-data-folder.ts';
import { endOnSignals, opened, removeAtEnd, scratchFolder, wasStopped } from './command-end.ts';
import { counted, mebibytes, print, say, tell, writeJson } from './command-output.ts';
import { moveCommand } from './move-command.ts';
import { removeOldBackups } from './remove-old-backups.ts';

/*
 * `folder-command.ts COMMAND`: commands on the files of a data folder or a backup, whether a server runs or not. The command line
 * (cli/src/frame/folder-command.ts) reads and checks the options and passes them as JSON on standard input: they may have secrets, and
 * arguments can be read by every user of the machine. Results go to standard output, messages to standard error; with `json`, an
 * error is one document there, and remarks are left out.
 */

interface Options {
  /** The data folder. */
  data: string;
  /** Whether `backup verify` was given it. */
  isNamed?: boolean;
  /** A backup: a file, a folder, or `s3://BUCKET/PREFIX`. */
  place: string;
  /** How a bucket is reached. */
  s3?: S3Access;
  since: string[];
  at?: string;
  keep?: number;
  withSecretsKey: boolean;
  paused?: boolean;
  secretKeyFile?: string;
  /** Of a move: `postgres://…`. */
  to?: string;
  databasePasswordFile?: string;
  restart?: boolean;
  withDamage?: boolean;
  json: boolean;
}

const COMMANDS: Record<string, (options: Options) => Promise<number>> = {
  backup: async (options) => {
    const { data, place, since, keep, withSecretsKey, json } = options;
    refuseElsewhere(data);
    checkDataFolder(data);
    const secretKeyFile = withSecretsKey ? keyFileOf(options) : undefined;
    const target = await opened(openTarget(place, since, options.s3));
    const made = await makeBackup({
      root: data,
      target,
      scratch: removeAtEnd(scratchOf(place, scratchFolder)),
      secretKeyFile,
      version: VERSION,
      now: Date.now,
      say,
    });
    for (const problem of made.problems) say(problem);
    const removed = keep === undefined ? undefined : await removeOldBackups(options, keep);
    const { name, createdMs, files, sizeBytes, storedBytes } = made;
    const unknown = noteBackup(data, { place, name, createdMs, files, sizeBytes, problems: made.problems.length });
    if (unknown !== undefined) say(unknown);
    if (json)
      print(
        JSON.stringify({
          Backup: name,
          Files: files,
          SizeBytes: sizeBytes,
          StoredBytes: storedBytes,
          Problems: made.problems,
        }),
      );
    else print(`${name}: ${counted(files, 'file')}, ${mebibytes(sizeBytes)}, of which ${mebibytes(storedBytes)} new`);
    if (removed && removed.backups > 0)
      say(`removed ${counted(removed.backups, 'old backup')}, ${mebibytes(removed.bytes)} freed`);
    return 0;
  },
  list: async ({ place, s3, json }) => {
    for (const { name, manifest, damage } of await listBackups(place, s3)) {
      const head = manifest?.head;
      const time = head === undefined ? '' : new Date(head.createdMs).toISOString();
      if (json)
        print(
          JSON.stringify({
            Name: name,
            CreatedTime: head?.createdMs,
            Version: head?.version,
            InstanceId: head?.instanceId,
            Files: manifest?.files.length,
            Damage: damage,
          }),
        );
      else
        print(
          `${name.replace('.ndjson', '')}  ${head === undefined ? `DAMAGED: it ${damage}` : `${time}  version ${head.version}, ${counted(manifest?.files.length ?? 0, 'file')}`}`,
        );
    }
    return 0;
  },
  verify: async ({ data, isNamed, place, since, at, s3, json }) => {
    const source = await openSource(place, { name: at, since, s3 });
    try {
      const found = await verifyBackup(source, scratchFolder());
      const { files, sizeBytes, logs, images, problems } = found;
      const verified = { timeMs: Date.now(), problems: problems.length };
      const unknown = noteVerified(data, source.manifest.head.createdMs, verified);
      if (isNamed && unknown !== undefined) say(unknown);
      if (json)
        print(
          JSON.stringify({
            Backup: source.name,
            Files: files,
            SizeBytes: sizeBytes,
            Logs: logs,
            Images: images,
            Problems: problems.map(({ path, what }) => ({ Path: path, Reason: what })),
          }),
        );
      else for (const { path, what } of problems) print(`${path}: ${what}`);
      const state = problems.length === 0 ? 'sound' : `DAMAGED, ${counted(problems.length, 'problem')}`;
      if (!json)
        print(
          `${source.name}: ${state}; read ${counted(files, 'file')}, ${mebibytes(sizeBytes)}, ${counted(logs, 'log')} and ${counted(images, 'image')}`,
        );
      sayIfEarlierLacks(place, problems);
      return problems.length === 0 ? 0 : 4;
    } finally {
      source.close();
    }
  },
  restore: async ({ place, since, at, s3, data, paused, json }) => {
    const source = await openSource(place, { name: at, since, s3 });
    try {
      pendingOf(source.name, source.manifest.head.migrations);
      const { files, sizeBytes, problems } = await restoreBackup(source, data, { paused: paused === true });
      for (const { path, what } of problems) say(`${path} was not restored: ${what}`);
      if (json)
        print(
          JSON.stringify({
            DataFolder: data,
            Backup: source.name,
            Files: files,
            SizeBytes: sizeBytes,
            Problems: problems.map(({ path, what }) => ({ Path: path, Reason: what })),
          }),
        );
      else print(`${data}: ${counted(files, 'file')}, ${mebibytes(sizeBytes)} of ${source.name}`);
      sayIfEarlierLacks(place, problems);
      if (!source.manifest.head.secretKey)
        say(
          `the backup has no secrets key: before the first start, put the key of the original server into ${join(data, 'secret.key')}, or set every secret again`,
        );
      return problems.length === 0 ? 0 : 4;
    } finally {
      source.close();
    }
  },
  move: async (options) => {
    checkDataFolder(options.data);
    return moveCommand({ ...options, secretKeyFile: keyFileOf(options) });
  },
  pause: async ({ data, json }) => {
    checkDataFolder(data);
    writeFileSync(join(data, PAUSED), '', { flush: true });
    if (json) print(JSON.stringify({ DataFolder: data, Paused: true }));
    else
      print(`${data}: its server starts no build and no job, and sends nothing to other services until slipway resume`);
    return 0;
  },
  resume: async ({ data, json }) => {
    checkDataFolder(data);
    rmSync(join(data, PAUSED), { force: true });
    if (json) print(JSON.stringify({ DataFolder: data, Paused: false }));
    else print(`${data}: its server continues with what waits`);
    return 0;
  },
  'upgrade-check': async ({ data, json }) => {
    refuseElsewhere(data);
    checkDataFolder(data);
    const database = join(data, 'db', 'slipway.sqlite');
    const snapshot = new Snapshot(database);
    const applied = snapshot.migrations();
    snapshot.close();
    const [pending, later] = [pendingOf(data, applied), laterMigrations(applied)];
    const { bavail, bsize } = statfsSync(data);
    const found = {
      Version: VERSION,
      Migrations: pending,
      DatabaseBytes: statSync(database).size,
      FreeBytes: bavail * bsize,
    };
    // A migration that rewrites its tables writes them to the log of the database first, and then to the database.
    const neededBytes = pending.length === 0 ? 0 : 2 * found.DatabaseBytes + MARGIN_BYTES;
    const isEnough = found.FreeBytes >= neededBytes;
    if (json) print(JSON.stringify({ ...found, NeededBytes: neededBytes, Possible: isEnough }));
    else if (later.length > 0)
      print(
        `a newer version of Slipway has migrated ${data} (${later.join(', ')}); version ${VERSION} runs on it, and nothing would change`,
      );
    else if (pending.length === 0) print(`${data} is up to date with version ${VERSION}; nothing would change`);
    else print(`version ${VERSION} would apply these migrations to ${data} at its start: ${pending.join(', ')}`);
    if (!json)
      print(
        `database ${mebibytes(found.DatabaseBytes)}, free ${mebibytes(found.FreeBytes)}, needed ${mebibytes(neededBytes)}`,
      );
    if (!isEnough)
      throw new BackupRefused(
        4,
        `there is too little free space on the disk of ${data}; free ${mebibytes(neededBytes - found.FreeBytes)} before the upgrade`,
      );
    if (pending.some((name) => oldestThatRuns(name) > numberOf(applied.at(-1) ?? '')))
      say('there is no way back to the earlier version except a backup: run slipway backup first');
    return 0;
  },
};

const MARGIN_BYTES = 64 * 2 ** 20;

/** Throws `BackupRefused` if a newer version wrote the database, and this one does not run on it. */
function pendingOf(what: string, applied: readonly string[]): string[] {
  try {
    return pendingMigrations(applied);
  } catch (error) {
    if (!(error instanceof NewerDataFolder)) throw error;
    const unknown = error.unknown.join(', ');
    throw new BackupRefused(
      4,
      `${what} was written by a newer version of Slipway than ${VERSION} (it has the migrations ${unknown}); use that version or a later one`,
    );
  }
}

function keyFileOf({ data, secretKeyFile }: Options): string {
  const file = secretKeyFile ?? join(data, 'secret.key');
  if (!existsSync(file))
    throw new BackupRefused(2, `there is no secrets key at ${file}; name it with --secret-key-file`);
  return file;
}

/** The usual reason why a file lacks much. */
function sayIfEarlierLacks(place: string, problems: readonly { what: string }[]): void {
  if (place.endsWith('.tar') && problems.some(({ what }) => what.endsWith('is missing')))
    say('if this file was made with --since, give the same --since here: what the earlier backup has is not in it');
}

/** What a command says in words of its own; other errors are returned unchanged. */
function refusalOf(error: unknown): unknown {
  if (error instanceof ConfigError) return new BackupRefused(2, error.message);
  if (error instanceof S3Fault) return new BackupRefused(error.isSetting ? 2 : 4, error.message);
  if (error instanceof MoveRefused || error instanceof ExitError)
    return new BackupRefused(error.exitCode, error.message);
  return error;
}

const [, , command = ''] = process.argv;
// What a backup has is as secret as the data folder.
process.umask(0o077);
endOnSignals(say);
try {
  const run = COMMANDS[command];
  if (run === undefined) throw new BackupRefused(2, `unknown command ${JSON.stringify(command)}`);
  const options = JSON.parse(await text(process.stdin)) as Options;
  if (options.json) writeJson();
  process.exitCode = await run(options);
} catch (cause) {
  const error = refusalOf(cause);
  const { code, path } = error as NodeJS.ErrnoException;
  const exitCode = error instanceof BackupRefused ? error.exitCode : 4;
  if (!wasStopped())
    tell(
      exitCode,
      error instanceof BackupRefused
        ? error.message
        : code === undefined
          ? String((error as Error).stack)
          : `${path ?? 'the disk'} cannot be used (${code})`,
    );
  process.exitCode = exitCode;
}
