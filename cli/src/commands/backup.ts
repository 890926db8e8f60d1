import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { dataFolderOf, type FolderOptions, runFolderCommand } from '../frame/folder-command.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { readEnvironment } from '../input/environment.ts';
import { parseCount } from '../input/log-filter.ts';
import { isS3Place, type S3Options, s3Access, withS3 } from '../server/s3-options.ts';

interface ReadOptions extends S3Options {
  since: string[];
  at?: string;
  paused?: boolean;
  json: boolean;
}

interface BackupOptions extends FolderOptions, S3Options {
  since: string[];
  keep?: string;
  withSecretsKey: boolean;
  secretKeyFile?: string;
}

const PLACE = 'folder, .tar file, or s3://BUCKET/PREFIX';
const NO_SERVER = 'not possible: this command works on files of this machine';

/** `slipway backup`, `backup list`, `backup verify`. */
export function registerBackup(program: Command): void {
  const backup = withS3(program.command('backup').argument('[place]', PLACE))
    .description(
      'back up the data folder of this machine while its server runs, to a folder, to s3://BUCKET/PREFIX, or to a .tar file',
    )
    .option('--data <folder>', 'data folder to back up (default: the folder data)')
    .addOption(new Option('--endpoint <url>', NO_SERVER).hideHelp())
    .option('--since <backup>', 'leave out of a .tar file what this earlier backup has; may be repeated', collect, [])
    .option('--keep <count>', 'keep this number of backups in the folder or bucket, and remove older ones')
    .option('--with-secrets-key', 'include the key that encrypts the secrets in the database', false)
    .option('--secret-key-file <file>', 'file of that key, if the setting secret-key-file is used')
    .option(...JSON_FLAG, false)
    .action(async (place: string | undefined, _: object, command: Command) => {
      const options = command.optsWithGlobals<BackupOptions>();
      if (place === undefined)
        throw new CliError(EXIT_CODES.usage, 'name the folder, s3://BUCKET/PREFIX, or the .tar file of the backup');
      process.exitCode = await runFolderCommand('backup', {
        data: dataFolderOf('backup', options),
        place: placeOf(place),
        since: options.since.map(placeOf),
        s3: accessOf([place, ...options.since], options),
        keep: options.keep === undefined ? undefined : parseCount('--keep', options.keep, 1),
        withSecretsKey: options.withSecretsKey,
        secretKeyFile: options.secretKeyFile === undefined ? undefined : resolve(options.secretKeyFile),
        json: options.json,
      });
    });
  withS3(backup.command('list').argument('<place>', 'folder, or s3://BUCKET/PREFIX'))
    .description('list the backups of a folder or of s3://BUCKET/PREFIX, oldest first')
    .option(...JSON_FLAG, false)
    .action(async (place: string, _: object, command: Command) => {
      const options = command.optsWithGlobals<ReadOptions>();
      const s3 = accessOf([place], options);
      process.exitCode = await runFolderCommand('list', { place: placeOf(place), s3, json: options.json });
    });
  reading(backup.command('verify').argument('<backup>', PLACE))
    .description('read a whole backup, and check digests, log seals and images; exit code 4 if it is damaged')
    .option(
      '--data <folder>',
      'data folder that was backed up, whose server then shows when its last backup was verified',
    )
    .action(async (place: string, _: object, command: Command) => {
      const options = command.optsWithGlobals<ReadOptions & FolderOptions>();
      // A backup can be verified anywhere; here may be the folder that it is of.
      const data = options.data === undefined ? readEnvironment().dataFolder : resolve(options.data);
      const isNamed = options.data !== undefined;
      process.exitCode = await runFolderCommand('verify', { ...readValues(place, options), data, isNamed });
    });
}

/** `slipway pause` and `slipway resume`: a server of the folder notices within seconds, and one that starts later begins that way. */
export function registerPause(program: Command): void {
  for (const [name, what] of [
    ['pause', 'let the server of a data folder start no build and no job, and send nothing to other services'],
    ['resume', 'let a paused server continue: builds, jobs such as replication and scans, and deliveries'],
  ] as const)
    program
      .command(name)
      .description(what)
      .option('--data <folder>', 'data folder of the server (default: the folder data)')
      .addOption(new Option('--endpoint <url>', NO_SERVER).hideHelp())
      .option(...JSON_FLAG, false)
      .action(async (options: FolderOptions) => {
        process.exitCode = await runFolderCommand(name, { data: dataFolderOf(name, options), json: options.json });
      });
}

/** `slipway upgrade --check`: the upgrade itself is the start of a server of the new version. */
export function registerUpgrade(program: Command): void {
  program
    .command('upgrade')
    .description('show what this version of Slipway would change in a data folder, without changing it')
    .option('--check', 'check; without it, the command only says how to upgrade', false)
    .option('--data <folder>', 'data folder to look at (default: the folder data)')
    .addOption(new Option('--endpoint <url>', NO_SERVER).hideHelp())
    .option(...JSON_FLAG, false)
    .action(async ({ check, ...options }: FolderOptions & { check: boolean }) => {
      if (!check)
        throw new CliError(
          EXIT_CODES.usage,
          'to upgrade, stop the server, check out the new version, run its slipway upgrade --check, and start the server: it migrates the data folder',
        );
      process.exitCode = await runFolderCommand('upgrade-check', {
        data: dataFolderOf('upgrade', options),
        json: options.json,
      });
    });
}

/** Restores a backup to a new data folder: `slipway restore BACKUP --data FOLDER`. */
export async function restoreBackup(place: string, options: ReadOptions & FolderOptions): Promise<number> {
  if (options.data === undefined)
    throw new CliError(EXIT_CODES.usage, 'name the new data folder with --data; it must be empty, or not exist');
  const data = dataFolderOf('restore', options);
  return runFolderCommand('restore', { ...readValues(place, options), paused: options.paused === true, data });
}

/** The options of a command that reads a backup. */
export function reading(command: Command): Command {
  return withS3(command)
    .option('--at <name>', 'the backup with this name, as slipway backup list shows it, instead of the newest')
    .option(
      '--since <backup>',
      'the backup that was given as --since when the .tar file was made; may be repeated',
      collect,
      [],
    )
    .option(...JSON_FLAG, false);
}

function readValues(place: string, { since, at, json, ...options }: ReadOptions): object {
  const s3 = accessOf([place, ...since], options);
  return { place: placeOf(place), since: since.map(placeOf), s3, at, json };
}

/** `--ca-file` is an option of the program. */
function accessOf(places: readonly string[], options: S3Options & { caFile?: string }) {
  return s3Access(places, options, options.caFile ?? readEnvironment().caFile);
}

function placeOf(place: string): string {
  return isS3Place(place) ? place : resolve(place);
}

function collect(value: string, before: string[]): string[] {
  return [...before, value];
}
