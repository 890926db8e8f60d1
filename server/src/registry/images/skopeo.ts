import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HOST_PLATFORM } from '#platform/platform.ts';
import { type ChosenImage, chooseImage } from '../foreign/foreign-image.ts';
import { RegistryError, registryErrorOf } from '../foreign/registry-error.ts';
import { checkImageFolder, DEFAULT_IMAGE_FOLDER_LIMITS, readFolderDigest } from './image-folder.ts';
import { runSkopeo, type SkopeoEnd, type SkopeoOptions } from './skopeo-run.ts';

/** An image in a registry and how to reach it. */
export interface RegistryImage extends SkopeoOptions {
  /** `docker://host/name:tag` or `docker://host/name@sha256:…`. */
  source: string;
  tlsVerify: boolean;
  /** Credentials, as `writeAuthFile` writes them; without them the image is requested anonymously. */
  authFile?: string | undefined;
}

/** What to push, and where. */
export interface PushedImage extends SkopeoOptions {
  /** A `dir:` folder; every process that could write to it has ended. */
  folder: string;
  /** `namespace/name`. */
  repository: string;
  /** Empty to push only by digest. */
  tags: readonly string[];
  /** `http://127.0.0.1:8720`. */
  registryUrl: string;
  authFile: string;
  /** The largest sum of file sizes that is pushed. */
  maxBytes?: number | undefined;
}

const MAX_MANIFEST_BYTES = 4 * 2 ** 20;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * Fetches one image for this machine's platform into `folder`, in `dir:` form, byte for byte (without conversion, so
 * that ONBUILD and HEALTHCHECK stay). With `digest`, fetches exactly that one. Returns the digest of the manifest
 * written, which differs from the requested one if that was a list of platforms. Throws RegistryError.
 */
export async function copyFromRegistry(
  image: RegistryImage & { digest?: string | undefined; folder: string },
): Promise<{ digest: string }> {
  const source = image.digest === undefined ? image.source : pinned(image.source, image.digest);
  const args = ['copy', '--preserve-digests', `--src-tls-verify=${image.tlsVerify}`];
  args.push(...(image.authFile === undefined ? ['--src-no-creds'] : ['--src-authfile', image.authFile]));
  args.push('--', source, `dir:${image.folder}`);
  throwUnlessDone(await runSkopeo(args, image), shownName(source), 'fetch', image.signal);
  return { digest: await readFolderDigest(image.folder) };
}

/**
 * Pushes a `dir:` folder under each tag, with all images if it holds an index. The folder is checked first
 * (ImageFolderError). Uncompressed layers are compressed on the way to a tag. Returns the digest that the registry now
 * has under every tag. Throws RegistryError.
 */
export async function pushImage(image: PushedImage): Promise<{ digest: string }> {
  await checkImageFolder(image.folder, { ...DEFAULT_IMAGE_FOLDER_LIMITS, ...definedMaxBytes(image.maxBytes) });
  const registry = new URL(image.registryUrl);
  const digests: string[] = [];
  const work = await mkdtemp(join(image.workFolder ?? tmpdir(), 'slipway-push-'));
  try {
    const names = image.tags.map((tag) => `${image.repository}:${tag}`);
    if (names.length === 0) names.push(`${image.repository}@${await readFolderDigest(image.folder)}`);
    for (const name of names) {
      const digestFile = join(work, 'digest');
      const args = ['copy', '--all', '--digestfile', digestFile, '--dest-authfile', image.authFile];
      if (image.tags.length === 0) args.push('--preserve-digests');
      args.push(`--dest-tls-verify=${registry.protocol === 'https:'}`, '--');
      args.push(`dir:${image.folder}`, `docker://${registry.host}/${name}`);
      throwUnlessDone(await runSkopeo(args, image), name, 'push', image.signal);
      digests.push((await readFile(digestFile, 'utf8')).trim());
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const [digest] = digests;
  if (digest === undefined || !DIGEST.test(digest) || digests.some((other) => other !== digest)) {
    throw new RegistryError(
      'failed',
      `push ${image.repository}: the tags got different digests (${digests.join(', ')})`,
    );
  }
  return { digest };
}

/** The image that a name currently refers to on a platform. Throws RegistryError. */
export async function inspectDigest(image: RegistryImage, platform = HOST_PLATFORM): Promise<ChosenImage> {
  return chooseImage(await inspect(image, '--raw'), shownName(image.source), platform);
}

/** The image's configuration (labels, command, history) as the registry has it. Throws RegistryError. */
export async function inspectConfig(image: RegistryImage): Promise<Record<string, unknown>> {
  return JSON.parse((await inspect(image, '--config')).toString()) as Record<string, unknown>;
}

async function inspect(image: RegistryImage, what: '--raw' | '--config'): Promise<Buffer> {
  const args = ['inspect', what, `--tls-verify=${image.tlsVerify}`];
  args.push(...(image.authFile === undefined ? ['--no-creds'] : ['--authfile', image.authFile]));
  args.push('--', image.source);
  const end = await runSkopeo(args, { ...image, keepStdoutBytes: MAX_MANIFEST_BYTES });
  throwUnlessDone(end, shownName(image.source), 'inspect', image.signal);
  // skopeo adds a line end of its own to the output of `--config`, but not to that of `--raw`.
  return end.stdout;
}

function pinned(source: string, digest: string): string {
  if (!DIGEST.test(digest)) throw new Error(`"${digest}" is not a sha256 digest`);
  const name = source.split('@', 1)[0]?.replace(/:[^/:]*$/, '');
  return `${name}@${digest}`;
}

function shownName(source: string): string {
  return source.replace(/^docker:\/\//, '');
}

function definedMaxBytes(maxBytes: number | undefined): { maxBytes?: number } {
  return maxBytes === undefined ? {} : { maxBytes };
}

function throwUnlessDone(
  end: SkopeoEnd,
  subject: string,
  action: 'fetch' | 'push' | 'inspect',
  signal: AbortSignal | undefined,
): void {
  if (end.code === 0) return;
  if (signal?.aborted) throw new RegistryError('cancelled', `${action} ${subject}: cancelled`);
  if (end.code > 128)
    throw new RegistryError('failed', `${action} ${subject}: skopeo was ended by signal ${end.code - 128}`);
  throw registryErrorOf(subject, action, end.stderr);
}
