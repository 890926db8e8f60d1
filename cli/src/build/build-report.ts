import { stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

/** Reports of a build for programs, requested by the flags of `docker build`. */
export interface ReportFlags {
  quiet?: true;
  iidfile?: string;
  metadataFile?: string;
  progress?: string;
}

/** A build that made an image. */
export interface ReportedBuild {
  buildRecordId: string;
  /** The name to pull, with its tag. */
  image: string;
  digest: string;
}

/** Adds the flags to the command. */
export function addReportFlags(command: Command): Command {
  return command
    .option('-q, --quiet', 'print only the digest of the image')
    .option('--progress <type>', 'form of the log: auto and plain are the same')
    .option('--iidfile <file>', 'write the digest of the image into this file')
    .option('--metadata-file <file>', 'write what was built into this file, as JSON');
}

/** Checks the flags before anything is built. Throws `CliError`. */
export async function checkReportFlags({ progress = 'auto', iidfile, metadataFile }: ReportFlags): Promise<void> {
  if (!['auto', 'plain'].includes(progress))
    throw mistake(
      '--progress',
      `${JSON.stringify(progress)} is neither auto nor plain; slipway logs --json gives the log for programs`,
    );
  for (const [flag, file] of [
    ['--iidfile', iidfile],
    ['--metadata-file', metadataFile],
  ] as const) {
    if (file === undefined) continue;
    const folder = await stat(dirname(resolve(file))).catch(() => undefined);
    if (!folder?.isDirectory()) throw mistake(flag, `the folder ${dirname(resolve(file))} does not exist`);
  }
}

/** Writes the requested files. Throws `CliError`. */
export async function writeReports({ iidfile, metadataFile }: ReportFlags, build: ReportedBuild): Promise<void> {
  const { buildRecordId, image, digest } = build;
  const metadata = {
    'containerimage.digest': digest,
    'image.name': image,
    'buildx.build.ref': buildRecordId,
  };
  if (iidfile !== undefined) await write('--iidfile', iidfile, digest);
  if (metadataFile !== undefined)
    await write('--metadata-file', metadataFile, `${JSON.stringify(metadata, undefined, 2)}\n`);
}

async function write(flag: string, file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((cause: NodeJS.ErrnoException) => {
    throw new CliError(EXIT_CODES.machine, `${flag}: ${file} cannot be written (${cause.code})`, { cause });
  });
}

function mistake(flag: string, message: string): CliError {
  return new CliError(EXIT_CODES.usage, `${flag}: ${message}`);
}
