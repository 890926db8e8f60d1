import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { dataFolderOf, type FolderOptions, runFolderCommand } from '../frame/folder-command.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { readEnvironment } from '../input/environment.ts';
import { isS3Place, type S3Options, s3Access, withS3 } from '../server/s3-options.ts';

interface MoveOptions extends FolderOptions, S3Options {
  to?: string;
  bucket?: string;
  databasePasswordFile?: string;
  secretKeyFile?: string;
  restart: boolean;
  withDamage: boolean;
  caFile?: string;
}

/** `slipway move`: from one machine to PostgreSQL and S3. */
export function registerMove(program: Command): void {
  withS3(program.command('move'))
    .description('copy the data folder of a stopped server to PostgreSQL and a bucket; if interrupted, run it again')
    .option('--to <url>', 'empty database, in the form of the setting database: postgres://USER@HOST/DATABASE')
    .option('--database-password-file <file>', 'file with its password; otherwise PGPASSWORD or ~/.pgpass has it')
    .option('--bucket <place>', 'empty place for logs, images and files: s3://BUCKET/PREFIX')
    .option('--data <folder>', 'data folder to move, in which nothing changes (default: the folder data)')
    .addOption(new Option('--endpoint <url>', 'not possible: this command works on files of this machine').hideHelp())
    .option('--secret-key-file <file>', 'file of the secrets key, if the setting secret-key-file is used')
    .option('--restart', 'begin an interrupted move again, because the data folder has changed', false)
    .option('--with-damage', 'copy damaged logs and layers as they are, instead of stopping', false)
    .option(...JSON_FLAG, false)
    .action(async (_: object, command: Command) => {
      const options = command.optsWithGlobals<MoveOptions>();
      const { to, bucket, databasePasswordFile, secretKeyFile, restart, withDamage, json } = options;
      if (to === undefined || bucket === undefined)
        throw new CliError(EXIT_CODES.usage, 'name the database with --to, and the bucket with --bucket');
      if (!isS3Place(bucket))
        throw new CliError(EXIT_CODES.usage, `--bucket ${bucket} must be of the form s3://BUCKET/PREFIX`);
      process.exitCode = await runFolderCommand('move', {
        data: dataFolderOf('move', options),
        to,
        place: bucket,
        s3: s3Access([bucket], options, options.caFile ?? readEnvironment().caFile),
        databasePasswordFile: databasePasswordFile === undefined ? undefined : resolve(databasePasswordFile),
        secretKeyFile: secretKeyFile === undefined ? undefined : resolve(secretKeyFile),
        restart,
        withDamage,
        json,
      });
    });
}
