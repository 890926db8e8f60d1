import { stat } from 'node:fs/promises';
import { resolve, sep } from 'node:path';
import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import type { Command } from 'commander';
import { readContexts, sendContexts } from '../build/build-contexts.ts';
import { addBuildFlags, asFlagMistake, readBuildFlags } from '../build/build-flags.ts';
import { readOutputs } from '../build/build-output.ts';
import { addReportFlags, checkReportFlags, type ReportFlags } from '../build/build-report.ts';
import { readTags } from '../build/image-tags.ts';
import { sendFolder } from '../build/send-folder.ts';
import { type BuildKey, DETACH_FLAG, followOrDetach } from '../build/watch-build.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { JSON_FLAG } from '../frame/server-command.ts';
import { GIT_ADDRESS, gitSource } from '../input/git-source.ts';
import { defaultImageName } from '../input/image-name.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

interface BuildOptions extends ReportFlags, Record<string, unknown>, ServerOptions {
  tag: string[];
  file: string;
  buildArg: string[];
  output: string[];
  buildContext: string[];
  detach: boolean;
  json: boolean;
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
      )
      .option(...DETACH_FLAG, false)
      .option(...JSON_FLAG, false),
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
  checkDetach(given);
  const isGit = GIT_ADDRESS.test(source);
  if (!isGit) await checkFolder(source);
  const { image, more } = readTags(given.tag, defaultImageName(isGit ? gitSource(source).GitUrl : resolve(source)));
  return await onServer({ ...options, lasting: given.detach }, async (server) => {
    const send = (folder: string, dockerfile: string) =>
      sendFolder(server, { folder, image, dockerfile, whole: given.noCache === true });
    const sent = isGit ? gitSource(source) : await send(source, options.file);
    const contexts = await sendContexts(contextSpecs, (folder) => send(folder, 'Dockerfile'));
    const key = await requestBuild(server, {
      Image: image,
      Source: sent,
      Dockerfile: options.file,
      BuildArgs: options.buildArg,
      ...(contexts.length === 0 ? {} : { BuildContexts: contexts }),
      ...fields,
    });
    return await followOrDetach(server, key, { outputs, more, flags: given, ...given });
  });
}

/** What is done with the finished image needs a command that waits for it. */
function checkDetach({ detach, tag, output, quiet, iidfile, metadataFile }: BuildOptions): void {
  if (!detach) return;
  const waits = [
    [tag.length > 1, 'a second --tag'],
    [output.length > 0, '--output'],
    [quiet === true, '--quiet'],
    [iidfile !== undefined, '--iidfile'],
    [metadataFile !== undefined, '--metadata-file'],
  ] as const;
  const [, name] = waits.find(([isGiven]) => isGiven) ?? [];
  if (name !== undefined)
    throw new CliError(EXIT_CODES.usage, `${name} waits for the image, and --detach does not wait; leave one out`);
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

async function requestBuild({ client }: Server, build: NativeCalls['createBuild']['params']): Promise<BuildKey> {
  const { InstanceId, RepoId, BuildRecordId } = await callNative(client, 'createBuild', build).catch((error) => {
    throw asFlagMistake(error);
  });
  return { InstanceId, RepoId, BuildRecordId };
}
