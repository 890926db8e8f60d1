import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { counted } from '@slipway/client/counted.ts';
import { openPull } from '@slipway/client/registry/pull-image.ts';
import { RegistryRequestError } from '@slipway/client/registry/registry-request-error.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { type ImageFiles, readImageFiles } from '../image/image-files.ts';
import { fetchImage, type PulledImage } from '../image/pulled-image.ts';
import { writeFilesTar, writeLayout } from '../image/write-image-archive.ts';
import { writeImageFolder } from '../image/write-image-folder.ts';
import { readFlagFields } from '../input/flag-fields.ts';
import type { Server } from '../server/find-server.ts';

/** Where to write the image of a build in addition to the registry: one `--output`. */
export interface BuildOutput {
  type: 'local' | 'tar' | 'oci' | 'docker';
  path: string;
  isFolder: boolean;
}

/** The image, once it was pushed. */
export interface BuiltImage {
  /** `namespace/name` */
  repository: string;
  tag: string;
  digest: string;
}

/**
 * Reads `--output`: `type=local,dest=DIR` or `DIR` alone, `type=tar,dest=FILE`, `type=oci,dest=FILE` (`tar=false`: a
 * folder), `type=docker,dest=FILE`. Checks that it can be written before anything is built. Throws `CliError`.
 */
export async function readOutputs(given: readonly string[]): Promise<BuildOutput[]> {
  const outputs: BuildOutput[] = [];
  for (const text of given) outputs.push(await readOutput(text));
  return outputs;
}

async function readOutput(text: string): Promise<BuildOutput> {
  const isBare = !text.includes('=') && !text.includes(',');
  const fields = isBare ? { type: 'local', dest: text } : readFlagFields(text, ['type', 'dest', 'tar']);
  const { type = '', dest = '', tar = 'true' } = fields;
  if (type === 'image' || type === 'registry')
    throw mistake(`every image is pushed to the server's registry, so type=${type} is not needed; --tag names it`);
  if (type !== 'local' && type !== 'tar' && type !== 'oci' && type !== 'docker')
    throw mistake(`the type ${JSON.stringify(type)} is not one of local, tar, oci and docker`);
  if (dest === '') throw mistake(`${JSON.stringify(text)} does not say where to write; use type=${type},dest=PATH`);
  if (dest === '-') throw mistake('standard output shows the log of the build; name a file or folder');
  if (tar !== 'true' && tar !== 'false') throw mistake(`tar=${tar} is neither true nor false`);
  if (tar === 'false' && type !== 'oci') throw mistake(`tar=false works with type=oci, not with type=${type}`);
  const isFolder = type === 'local' || tar === 'false';
  const path = resolve(dest);
  const there = await stat(path).catch(() => undefined);
  if (isFolder && there && !there.isDirectory()) throw mistake(`${dest} is not a folder`);
  if (!isFolder && there?.isDirectory()) throw mistake(`${dest} is a folder; name a file`);
  const parent = await stat(dirname(path)).catch(() => undefined);
  if (!isFolder && !parent?.isDirectory()) throw mistake(`the folder ${dirname(path)} does not exist`);
  return { type, path, isFolder };
}

/** Fetches the image with the caller's rights and writes it. Returns a line for each output. Throws `CliError`. */
export async function writeOutputs(
  server: Server,
  image: BuiltImage,
  outputs: readonly BuildOutput[],
): Promise<string[]> {
  if (outputs.length === 0) return [];
  const folder = await mkdtemp(join(tmpdir(), 'slipway-output-'));
  try {
    const pulled = await fetchImage(await openPull(server, image.repository), image.digest, folder);
    const lines: string[] = [];
    for (const output of outputs) lines.push(await writeOutput(server, image, pulled, output));
    return lines;
  } catch (cause) {
    if (cause instanceof RegistryRequestError)
      throw new CliError(
        cause.status >= 400 && cause.status < 500 ? EXIT_CODES.refused : EXIT_CODES.machine,
        `the image was built and pushed, but cannot be fetched for --output: ${cause.message}`,
        { cause },
      );
    if (cause instanceof CliError || !(cause instanceof Error) || !('code' in cause)) throw cause;
    throw new CliError(
      EXIT_CODES.machine,
      `the image was built and pushed, but --output cannot be written: ${cause.message}`,
      { cause },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeOutput(
  server: Server,
  image: BuiltImage,
  pulled: PulledImage,
  { type, path, isFolder }: BuildOutput,
): Promise<string> {
  if (type === 'oci' || type === 'docker') {
    const full = `${server.imageHost}/${image.repository}:${image.tag}`;
    await writeLayout(pulled, { full, tag: image.tag }, { path, isFolder, docker: type === 'docker' });
    return path;
  }
  // As in other builders, each of several platforms gets a folder.
  const several = pulled.images.length > 1;
  const placed: { below: string | undefined; files: ImageFiles }[] = [];
  for (const one of pulled.images) {
    const below = several ? one.platform.replaceAll(/[^a-z0-9]+/g, '_') : undefined;
    if (placed.some((other) => other.below === below))
      throw new CliError(EXIT_CODES.buildFailed, `the image has two entries for ${one.platform}; use type=oci`);
    placed.push({ below, files: await readImageFiles(one, pulled.folder) });
  }
  if (type === 'tar') {
    await writeFilesTar(placed, path);
    return path;
  }
  let [files, leftOut]: [number, string[]] = [0, []];
  for (const { below, files: content } of placed) {
    const written = await writeImageFolder(content, path, below);
    files += written.files;
    leftOut = [...leftOut, ...written.leftOut];
  }
  const besides = leftOut.length === 0 ? '' : `; devices and pipes are left out: ${leftOut.join(', ')}`;
  return `${path} (${counted(files, 'file')}${besides})`;
}

function mistake(message: string): CliError {
  return new CliError(EXIT_CODES.usage, `--output: ${message}`);
}
