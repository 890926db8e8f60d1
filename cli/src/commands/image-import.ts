import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiCallError } from '@slipway/client/api-call-error.ts';
import type { Client } from '@slipway/client/client.ts';
import { counted } from '@slipway/client/counted.ts';
import { type PushProgress, pushImage } from '@slipway/client/registry/push-image.ts';
import { RegistryRequestError } from '@slipway/client/registry/registry-request-error.ts';
import type { Command } from 'commander';

import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { runDebootstrap } from '../image/debootstrap.ts';
import { IMPORTED_NAMESPACE, type ImportName, parseImportName } from '../image/import-name.ts';
import { readImage } from '../image/read-image.ts';
import { Output, writeError } from '../output/output.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

/** The server that gets the image; an embedded one ends with the command. */
export interface FoundServer {
  endpoint: string;
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string | undefined;
  imageHost: string;
  client: Pick<Client, 'call'>;
  beforeSend(): void;
  embedded: boolean;
}

/** How the command finds its server. */
export type OnServer = (options: ServerOptions, act: (server: FoundServer) => Promise<void>) => Promise<void>;

/** Where a command writes: results and diagnostics. */
export interface CommandOutput {
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
}

interface ImportOptions extends ServerOptions {
  json?: boolean;
  debootstrap?: string;
  mirror?: string;
  ref?: string;
  arch?: string;
}

/** Adds `image import` to the program. Throws CliError; results go to stdout, progress to stderr. */
export function registerImageImport(
  program: Command,
  on: OnServer = onServer,
  output: CommandOutput = { stdout: new Output(), stderr: { write: writeError } },
): void {
  const image = program.commands.find((command) => command.name() === 'image') ?? program.command('image');
  if (image.description() === '') image.description('images of the registry');
  withServer(
    image
      .command('import')
      .description(
        'import a base image into the registry: a root file system, an OCI layout or an archive of docker save',
      )
      .argument('<source>', 'FILE or FOLDER; with --debootstrap the NAME[:TAG]')
      .argument('[name]', 'NAME[:TAG] that Dockerfiles use: busybox, NAMESPACE/NAME, ghcr.io/ORG/NAME')
      .option('--debootstrap <suite>', 'make the root file system with debootstrap (Linux, root, network or --mirror)')
      .option('--mirror <url>', 'package mirror for debootstrap')
      .option('--ref <name>', 'image to import from an archive that holds several')
      .option('--arch <architecture>', 'architecture of a root file system, if not this machine’s')
      .option(...JSON_FLAG, false),
  ).action((source: string, name: string | undefined, options: ImportOptions) =>
    importImage(source, name, options, on, output),
  );
}

async function importImage(
  source: string,
  name: string | undefined,
  options: ImportOptions,
  on: OnServer,
  output: CommandOutput,
): Promise<void> {
  const { suite, file, target } = whatIsWanted(source, name, options);
  const { tag } = parseImportName(target);
  if (options.arch !== undefined && !/^[a-z0-9]+$/.test(options.arch)) {
    throw new CliError(EXIT_CODES.usage, `--arch ${options.arch} is not an architecture; give amd64, arm64 or similar`);
  }
  const cancel = new AbortController();
  const onSignal = () => cancel.abort();
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const workFolder = await mkdtemp(join(tmpdir(), 'slipway-import-'));
  try {
    const { signal } = cancel;
    const onOutput = (chunk: Buffer) => output.stderr.write(chunk.toString());
    const path = file ?? (await runDebootstrap({ suite, mirror: options.mirror, workFolder, signal, onOutput }));
    const image = await readImage(path, { tag, ref: options.ref, architecture: options.arch, workFolder });
    await on(options, async (server) => {
      const onProgress = ({ digest, sizeBytes, state }: PushProgress) =>
        output.stderr.write(`${state} ${digest} (${counted(sizeBytes, 'byte')})\n`);
      const name = parseImportName(target, server.imageHost);
      if (name.repository.startsWith(`${IMPORTED_NAMESPACE}/`)) await ensureImportedNamespace(server);
      const { repository } = name;
      const { digest } = await pushImage(server, { ...image, repository, tag }, { onProgress, signal });
      const data = { Repository: repository, Tag: tag, Digest: digest };
      output.stdout.write(`${options.json ? JSON.stringify(data) : describeResult(server, name, digest)}\n`);
    });
  } catch (cause) {
    throw cancel.signal.aborted ? new CliError(EXIT_CODES.cancelled, 'cancelled', { cause }) : asCliError(cause);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await rm(workFolder, { recursive: true, force: true });
  }
}

function whatIsWanted(
  source: string,
  name: string | undefined,
  options: ImportOptions,
): { suite: string; file: string | undefined; target: string } {
  if (options.debootstrap !== undefined) {
    if (name !== undefined) {
      throw new CliError(
        EXIT_CODES.usage,
        `with --debootstrap, give only the NAME[:TAG]; "${source}" would not be used`,
      );
    }
    return { suite: options.debootstrap, file: undefined, target: source };
  }
  if (options.mirror !== undefined)
    throw new CliError(EXIT_CODES.usage, '--mirror works only with --debootstrap SUITE');
  if (name === undefined) {
    throw new CliError(EXIT_CODES.usage, 'the name is missing: slipway image import FILE|FOLDER NAME[:TAG]');
  }
  return { suite: '', file: source, target: name };
}

/** The repository is made with the first image, by a caller that may make namespaces. */
async function ensureImportedNamespace({ client }: FoundServer): Promise<void> {
  try {
    const InstanceId = (await client.call('ListInstance', {})).Instances?.[0]?.InstanceId ?? '';
    const fields = { NamespaceName: IMPORTED_NAMESPACE, AutoCreateRepo: true, DefaultRepoType: 'PUBLIC' } as const;
    await client.call('CreateNamespace', { InstanceId, ...fields });
  } catch (error) {
    // A caller that may push there may lack the right to make namespaces.
    const code = error instanceof ApiCallError ? error.code : undefined;
    if (code !== 'NAMESPACE_ALREADY_EXIST' && code !== 'NoPrivilege') throw error;
  }
}

function describeResult(server: FoundServer, { repository, tag, foreign }: ImportName, digest: string): string {
  const reference = `${server.imageHost}/${repository}:${tag}`;
  const short = repository.startsWith('library/') ? `${repository.slice('library/'.length)}:${tag}` : reference;
  const base = repository.startsWith('library/') ? short : (foreign ?? reference);
  const lines = [`imported ${repository}:${tag}`, `digest ${digest}`];
  // An embedded server's address is gone a moment later.
  if (!server.embedded) lines.push(`pull it: docker pull ${reference}`);
  if (!server.embedded || base !== reference) lines.push(`build on it: FROM ${base}`);
  return lines.join('\n');
}

function asCliError(cause: unknown): unknown {
  if (!(cause instanceof RegistryRequestError)) return cause;
  if (cause.status === 0) return new CliError(EXIT_CODES.machine, cause.message, { cause });
  return new CliError(EXIT_CODES.refused, cause.message, { cause });
}
