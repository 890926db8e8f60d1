import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { HOST_PLATFORM, runnablePlatforms, writePlatform } from '#platform/platform.ts';
import { type ForeignAccess, type ForeignRepository, openForeignRepository } from './foreign-registry.ts';
import { parseImageReference } from './image-reference.ts';
import { MANIFEST_LIMIT_BYTES, parseManifest } from './manifest-json.ts';
import { readBody } from './pinned-request.ts';
import { RegistryError } from './registry-error.ts';

/** An image in a registry that a Dockerfile names; it is fetched only from addresses that `pin` allows. */
export interface ForeignImage extends ForeignAccess {
  /** `docker://host/name:tag` or `docker://host/name@sha256:…`. */
  source: string;
}

interface Descriptor {
  mediaType?: string;
  digest: string;
  size: number;
  urls?: string[];
  platform?: { os?: string; architecture?: string; variant?: string };
}

const MANIFEST_TYPES = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
];
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const MAX_BLOBS = 1024;
const DEFAULT_MAX_BYTES = 64 * 2 ** 30;
const ATTEMPTS = 3;

/**
 * The current digest of a name, of an image or a list of images; undefined if the registry tells it only by sending
 * everything. Registries count this less than a fetch. Throws RegistryError.
 */
export async function listedForeignDigest(image: ForeignImage): Promise<string | undefined> {
  const { repository, reference } = open(image);
  if (DIGEST.test(reference)) return reference;
  const answer = await repository.head(`manifests/${reference}`, MANIFEST_TYPES.join(', '));
  const digest = answer?.['docker-content-digest'];
  return typeof digest === 'string' && DIGEST.test(digest) ? digest : undefined;
}

/** The image that a name refers to. */
export interface ChosenImage {
  digest: string;
  /** It was chosen from a list by its platform; else it is the only image of its name, whatever its platform. */
  isListed: boolean;
}

/** The image that a name currently refers to on a platform. Throws RegistryError. */
export async function inspectForeignDigest(image: ForeignImage, platform = HOST_PLATFORM): Promise<ChosenImage> {
  const { repository, reference } = open(image);
  return chooseImage(await readManifest(repository, reference, image.source), image.source, platform);
}

/**
 * The image of a manifest on a platform: the manifest itself, or an entry if it is a list. Throws RegistryError
 * (`no-platform`).
 */
export function chooseImage(manifest: Buffer, source: string, platform: string): ChosenImage {
  const { manifests } = parseManifest(manifest, source);
  if (!Array.isArray(manifests)) return { digest: sha256Of(manifest), isListed: false };
  return { digest: choosePlatform(descriptorsOf(manifests, source), source, platform).digest, isListed: true };
}

/**
 * Fetches an image for this machine's platform into `folder` in `dir:` form, byte for byte, as `copyFromRegistry` does.
 * Each digest and size is checked. skopeo is not used here, because it follows a foreign registry's redirects, token
 * realms and layer URLs to any address. Returns the digest of the manifest written. Throws RegistryError.
 */
export async function fetchForeignImage(
  image: ForeignImage & { digest?: string | undefined; folder: string; maxBytes?: number | undefined },
): Promise<{ digest: string }> {
  const { repository, reference } = open(image);
  let bytes = await readManifest(repository, image.digest ?? reference, image.source);
  let manifest = parseManifest(bytes, image.source);
  if (Array.isArray(manifest.manifests)) {
    const { digest } = choosePlatform(descriptorsOf(manifest.manifests, image.source), image.source, HOST_PLATFORM);
    bytes = await readManifest(repository, digest, image.source);
    manifest = parseManifest(bytes, image.source);
  }
  const blobs = blobsOf(manifest, image);
  await mkdir(image.folder, { recursive: true });
  for (const blob of blobs) await fetchBlob(repository, blob, image);
  await writeFile(join(image.folder, 'version'), 'Directory Transport Version: 1.1\n');
  await writeFile(join(image.folder, 'manifest.json'), bytes);
  return { digest: sha256Of(bytes) };
}

function open(image: ForeignImage): { repository: ForeignRepository; reference: string } {
  const { host, repository, tag, digest } = parseImageReference(image.source.replace(/^docker:\/\//, ''));
  return { repository: openForeignRepository(host, repository, image), reference: digest ?? tag ?? 'latest' };
}

async function readManifest(repository: ForeignRepository, reference: string, source: string): Promise<Buffer> {
  const answer = await repository.get(`manifests/${reference}`, MANIFEST_TYPES.join(', '));
  const bytes = await readBody(answer, MANIFEST_LIMIT_BYTES, `${source}: the manifest`);
  if (DIGEST.test(reference) && sha256Of(bytes) !== reference) {
    throw new RegistryError('refused', `${source}: the registry sent another manifest than ${reference}`);
  }
  return bytes;
}

/** The image in a list that runs on a platform: the best match. */
function choosePlatform(descriptors: readonly Descriptor[], source: string, wanted: string): Descriptor {
  const named = descriptors.map((descriptor) => ({ descriptor, platform: writePlatform(descriptor.platform ?? {}) }));
  for (const platform of runnablePlatforms(wanted)) {
    const found = named.find((each) => each.platform === platform);
    if (found) return found.descriptor;
  }
  // The list also has entries that describe where an image comes from; they have no platform.
  const offered = named
    .map(({ platform }) => platform.slice(0, 40))
    .filter((platform) => !platform.startsWith('unknown/'));
  const shown = [...new Set(offered)].slice(0, 20).join(', ');
  throw new RegistryError('no-platform', `${source} is not published for ${wanted}, only for ${shown}`);
}

function blobsOf(
  manifest: Record<string, unknown>,
  image: ForeignImage & { maxBytes?: number | undefined },
): Descriptor[] {
  const layers = Array.isArray(manifest.layers) ? (manifest.layers as unknown[]) : [];
  const blobs = descriptorsOf([manifest.config, ...layers], image.source);
  const outside = blobs.find(({ urls }) => urls !== undefined && urls.length > 0);
  if (outside) {
    throw new RegistryError('refused', `${image.source}: layer ${outside.digest} is kept outside the registry`);
  }
  const foreign = blobs.find(({ mediaType }) => /foreign|nondistributable/.test(String(mediaType)));
  if (foreign) {
    const why = 'is of a kind that may not be passed on (nondistributable), as those of Windows images are';
    throw new RegistryError('refused', `${image.source}: layer ${foreign.digest} ${why}`);
  }
  const unique = [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
  const totalBytes = unique.reduce((sum, { size }) => sum + size, 0);
  const { maxBytes = DEFAULT_MAX_BYTES } = image;
  if (totalBytes > maxBytes || unique.length > MAX_BLOBS) {
    const has = `${totalBytes} bytes in ${unique.length} parts`;
    throw new RegistryError('refused', `${image.source} has ${has}; ${maxBytes} in ${MAX_BLOBS} are allowed`);
  }
  return unique;
}

function descriptorsOf(values: readonly unknown[], source: string): Descriptor[] {
  const isDescriptor = (value: unknown): value is Descriptor => {
    const descriptor = value as Partial<Descriptor> | null | undefined;
    const { digest, size } = descriptor ?? {};
    return typeof digest === 'string' && DIGEST.test(digest) && Number.isSafeInteger(size) && (size ?? -1) >= 0;
  };
  if (!values.every(isDescriptor)) throw new RegistryError('refused', `${source}: the manifest is malformed`);
  return [...values];
}

async function fetchBlob(
  repository: ForeignRepository,
  blob: Descriptor,
  image: ForeignImage & { folder: string },
): Promise<void> {
  const file = join(image.folder, blob.digest.slice('sha256:'.length));
  for (let attempt = 1; ; attempt++) {
    try {
      await fetchBlobOnce(repository, blob, file, image);
      return;
    } catch (cause) {
      await rm(file, { force: true });
      const isWorthAnother = cause instanceof RegistryError && cause.kind === 'unreachable' && attempt < ATTEMPTS;
      if (!isWorthAnother) throw cause;
    }
  }
}

async function fetchBlobOnce(
  repository: ForeignRepository,
  blob: Descriptor,
  file: string,
  image: ForeignImage,
): Promise<void> {
  const answer = await repository.get(`blobs/${blob.digest}`);
  const hash = createHash('sha256');
  let sizeBytes = 0;
  async function* checked(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length;
      if (sizeBytes > blob.size) throw new RegistryError('refused', `${image.source}: ${blob.digest} is too long`);
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    await pipeline(answer, checked, createWriteStream(file));
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    if (code === 'ENOSPC' || code === 'EACCES' || code === 'EROFS') throw new Error(`write ${file}`, { cause });
    const [kind, word] = image.signal?.aborted
      ? (['cancelled', 'was cancelled'] as const)
      : (['unreachable', 'broke off'] as const);
    throw new RegistryError(kind, `${image.source}: ${blob.digest} ${word}`, '', { cause });
  }
  if (sizeBytes !== blob.size || `sha256:${hash.digest('hex')}` !== blob.digest) {
    throw new RegistryError('refused', `${image.source}: the registry sent other content than ${blob.digest}`);
  }
}

function sha256Of(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
