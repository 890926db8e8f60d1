import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve, sep } from 'node:path';
import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { readContexts, sendContexts } from '../build-contexts.ts';
import { addBuildFlags, asFlagMistake, readBuildFlags } from '../build-flags.ts';
import { type BuildOutput, readOutputs, writeOutputs } from '../build-output.ts';
import { addReportFlags, checkReportFlags, type ReportFlags, writeReports } from '../build-report.ts';
import { exitCodeOf, imageOf } from '../build-result.ts';
import { CliError, EXIT_CODES } from '../cli-error.ts';
import type { Server } from '../find-server.ts';
import { followLog } from '../follow-log.ts';
import { GIT_ADDRESS, gitSource } from '../git-source.ts';
import { defaultImageName } from '../image-name.ts';
import { addTags, readTags } from '../image-tags.ts';
import { onServer, type ServerOptions, withServer } from '../on-server.ts';
import { Output } from '../output.ts';
import { LineFormatter } from '../print-log.ts';
import { say } from '../say.ts';
import { sayWaiting } from '../say-waiting.ts';
import { untilServed } from '../server-away.ts';
import { packFolder } from '../source/pack-folder.ts';

/** A build and its server. */
interface BuildKey {
  InstanceId: string;
  RepoId: string;
  BuildRecordId: string;
}

interface BuildOptions extends ReportFlags, Record<string, unknown>, ServerOptions {
  tag: string[];
  file: string;
  buildArg: string[];
  output: string[];
  buildContext: string[];
}

/** `slipway build DIR|GIT_URL`: sends or names the source, shows the log while it grows, and reports the result. */
export function registerBuild(program: Command): void {
  const command = program
    .command('build')
    .description('build an image from a folder or a Git repository, and show its log')
    .argument('<source>', 'folder, or http(s)://…/repository.git, optionally with #BRANCH, #TAG or #COMMIT')
    .option(
      '-t, --tag <name>',
      'name of the image: NAMESPACE/NAME:TAG; may be repeated for further tags of the same repository',
      (value, all: string[]) => [...all, value],
      [],
    )
    .option('-f, --file <path>', 'Dockerfile inside the source', 'Dockerfile')
    .option(
      '--build-arg <K=V>',
      'set a build argument; may be repeated',
      (value, all: string[]) => [...all, value],
      [],
    );
  withServer(
    addReportFlags(addBuildFlags(command))
      .option(
        '--build-context <NAME=PLACE>',
        'make a place available to FROM, COPY and mounts by name: a folder, docker-image://IMAGE or a Git address; may be repeated',
        (value, all: string[]) => [...all, value],
        [],
      )
      .option(
        '-o, --output <spec>',
        'also write the image to this machine: a folder for its files, or type=tar|oci|docker,dest=FILE; may be repeated',
        (value, all: string[]) => [...all, value],
        [],
      ),
  ).action(async (source: string, options: BuildOptions) => {
    process.exitCode = await build(source, options);
  });
}

async function build(source: string, given: BuildOptions): Promise<number> {
  // The path of the Dockerfile is inside the source, with `/` between its parts.
  const options = { ...given, file: given.file.replaceAll(sep, '/') };
  const fields = await readBuildFlags(given);
  const outputs = await readOutputs(given.output);
  await checkReportFlags(given);
  const contextSpecs = await readContexts(given.buildContext);
  const isGit = GIT_ADDRESS.test(source);
  if (!isGit) await checkFolder(source);
  const { image, more } = readTags(given.tag, defaultImageName(isGit ? gitSource(source).GitUrl : resolve(source)));
  return await onServer(options, async (server) => {
    const sent = isGit ? gitSource(source) : await sendFolder(server, source, image, options.file);
    const contexts = await sendContexts(contextSpecs, (folder) => sendFolder(server, folder, image, 'Dockerfile'));
    const key = await requestBuild(server, {
      Image: image,
      Source: sent,
      Dockerfile: options.file,
      BuildArgs: options.buildArg,
      ...(contexts.length === 0 ? {} : { BuildContexts: contexts }),
      ...fields,
    });
    return await watch(server, key, { outputs, more, flags: given });
  });
}

async function checkFolder(folder: string): Promise<void> {
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory()) return;
  const what = stats ? 'is not a folder' : 'does not exist';
  throw new CliError(
    EXIT_CODES.usage,
    `${folder} ${what}; name a folder, or a Git repository by its http(s):// address`,
  );
}

async function sendFolder(
  server: Server,
  folder: string,
  image: string,
  dockerfile: string,
): Promise<{ ArchiveId: string; Name: string }> {
  const work = await mkdtemp(join(tmpdir(), 'slipway-source-'));
  try {
    const file = join(work, 'source.tar');
    const packed = await packFolder(resolve(folder), dockerfile, file);
    sayLeftOut(packed.special);
    // The repository that the source is for decides who may send it. An invalid image name is refused with the build.
    const repository = /^[^/:]+\/[^/:]+/.exec(image)?.[0];
    const { ArchiveId } = await callNative(
      server.client,
      'createSource',
      { repository },
      {
        headers: { 'content-type': 'application/x-tar' },
        // Made from an iterator: a stream converted to another one fails if the server answers before its end.
        body: ReadableStream.from(createReadStream(file) as AsyncIterable<Uint8Array>),
        contentSha256: packed.sha256,
      },
    );
    return { ArchiveId, Name: basename(resolve(folder)) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function sayLeftOut(special: string[]): void {
  if (special.length === 0) return;
  const more = special.length > 1 ? ` and ${special.length - 1} more` : '';
  say(
    `left out ${JSON.stringify(special[0])}${more}: a source can hold files, folders and links, but no sockets, pipes or devices`,
  );
}

async function requestBuild({ client }: Server, build: NativeCalls['createBuild']['params']): Promise<BuildKey> {
  const { InstanceId, RepoId, BuildRecordId } = await callNative(client, 'createBuild', build).catch((error) => {
    throw asFlagMistake(error);
  });
  return { InstanceId, RepoId, BuildRecordId };
}

async function watch(
  server: Server,
  key: BuildKey,
  { outputs, more, flags }: { outputs: readonly BuildOutput[]; more: readonly string[]; flags: ReportFlags },
): Promise<number> {
  const output = new Output();
  const formatter = new LineFormatter({ terminal: output.terminal });
  const stopCancelling = cancelOnInterrupt(server, key);
  const stopWaiting = sayWaiting(server, key.BuildRecordId);
  try {
    const show = async (text: string) => (flags.quiet ? undefined : output.write(text));
    await show(`build ${key.BuildRecordId}\n`);
    await followLog(server, key.BuildRecordId, { say }, (lines) => {
      if (lines.length > 0) stopWaiting();
      return show(lines.map((line) => `${formatter.format(line)}\n`).join(''));
    });
    const record = await untilServed(server, () => callNative(server.client, 'getBuild', { id: key.BuildRecordId }));
    const { Repository: repository, ImageTag: tag, ImageDigest: digest } = record;
    const further = digest === undefined ? [] : furtherTags(record, more);
    // A caller that may not set tags still has the image.
    const refused = await untilServed(server, () =>
      addTags(server, { repository, digest: digest ?? '' }, further),
    ).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const written = digest === undefined ? [] : await writeOutputs(server, { repository, tag, digest }, outputs);
    const names = namesOf(server, record, refused ? [] : further);
    if (digest !== undefined)
      await writeReports(flags, { buildRecordId: key.BuildRecordId, image: names.join(','), digest });
    await show(summary(server, key, record, names, written));
    if (flags.quiet && digest !== undefined) await output.write(`${digest}\n`);
    if (flags.quiet && digest === undefined)
      say(`${record.Failure?.Message ?? record.Status}; slipway logs ${key.BuildRecordId}`);
    if (refused) throw refused.error;
    return exitCodeOf(record);
  } finally {
    stopWaiting();
    stopCancelling();
  }
}

type BuildRecord = NativeCalls['getBuild']['reply'];

/** If a newer build got the tag before this one, further tags are not set either. */
function furtherTags({ Status, SupersededBy }: BuildRecord, more: readonly string[]): readonly string[] {
  return Status === 'SUCCESS' && SupersededBy === undefined ? more : [];
}

function namesOf({ imageHost }: Server, record: BuildRecord, further: readonly string[]): string[] {
  return [imageOf(imageHost, record), ...further.map((tag) => imageOf(imageHost, { ...record, ImageTag: tag }))];
}

function summary(
  server: Server,
  key: BuildKey,
  record: BuildRecord,
  names: readonly string[],
  written: readonly string[],
): string {
  const [image] = names;
  const rows: [string, string][] = [
    ['BuildRecordId', key.BuildRecordId],
    ['Status', record.Status],
  ];
  if (record.Failure) rows.push(['Reason', record.Failure.Message.replace(/[\r\n]+/g, ' ')]);
  if (record.ImageDigest !== undefined)
    rows.push(...names.map((name): [string, string] => ['Image', name]), ['Digest', record.ImageDigest]);
  rows.push(['Log', `slipway logs ${key.BuildRecordId}`]);
  if (record.Failure) rows.push(['Why', `slipway why ${key.BuildRecordId}`]);
  if (record.ImageDigest !== undefined)
    rows.push([
      'Pull',
      `docker pull ${image}${server.embedded ? '   (while `slipway serve` runs on that address)' : ''}`,
    ]);
  rows.push(...written.map((line): [string, string] => ['Output', line]));
  return `\n${rows.map(([name, value]) => `${name.padEnd(15)}${value}\n`).join('')}`;
}

/** The first interrupt cancels the build, and the command shows its end; the second ends the command at once. */
function cancelOnInterrupt(server: Server, key: BuildKey): () => void {
  let asked = false;
  const onInterrupt = () => {
    if (asked) process.exit(EXIT_CODES.cancelled);
    asked = true;
    say('cancelling the build; interrupt again to stop waiting');
    server.client.call('CancelRepoBuildRecord', key).catch((error: Error) => {
      say(`the build could not be cancelled: ${error.message}`);
    });
  };
  process.on('SIGINT', onInterrupt).on('SIGTERM', onInterrupt);
  return () => process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
}
