import { isDigest } from '#image/image.ts';
import { ManifestMistake, PUSHED_MANIFEST_LIMIT_BYTES, parseManifestObject } from '#image/manifest.ts';
import { type PlatformParts, platformParts, writePlatform } from '#platform/platform.ts';
import { digestOf } from '#registry/contents/push-manifest.ts';
import type { CopySource, SentManifest } from '#registry/copy/copy-ends.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { readConfig } from './image-config.ts';

/** Where Docker says which image an attestation is about: https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const ABOUT = 'vnd.docker.reference.digest';
const SHOWN_PLATFORMS = 20;

/** An image for the wanted platforms only, and a source that has it. */
export interface ChosenImage {
  digest: string;
  source: CopySource;
}

/**
 * Reduces an image to some platforms. An index keeps the images for these platforms, their attestations and its own annotations, and so
 * gets another digest. If only one image is left, the result is that image. Throws RegistryError (`no-platform`).
 */
export async function choosePlatforms(
  source: CopySource,
  tag: string,
  { platforms, signal }: { platforms: readonly string[]; signal: AbortSignal },
): Promise<ChosenImage> {
  const wanted = new Set(platforms.map((platform) => writePlatform(platformParts(platform.toLowerCase()))));
  const sent = await source.readManifest(tag, PUSHED_MANIFEST_LIMIT_BYTES, signal);
  const manifest = parsed(sent.bytes, tag);
  if (!Array.isArray(manifest.manifests)) {
    await checkPlatform(source, manifest, { tag, wanted, signal });
    return withRoot(source, sent);
  }
  const entries = (manifest.manifests as unknown[]).filter(isObject);
  const kept = entries.filter(
    ({ digest, platform }) => isDigest(String(digest)) && isObject(platform) && wanted.has(nameOf(platform)),
  );
  const [first, ...others] = kept;
  if (first === undefined)
    throw noPlatform(
      tag,
      wanted,
      entries.map(({ platform }) => platform),
    );
  if (others.length === 0) return { digest: String(first.digest), source };
  const digests = new Set(kept.map(({ digest }) => digest));
  const stays = (entry: Record<string, unknown>) =>
    kept.includes(entry) || (isObject(entry.annotations) && digests.has(entry.annotations[ABOUT]));
  const manifests = entries.filter(stays);
  if (manifests.length === entries.length) return withRoot(source, sent);
  return withRoot(source, { ...sent, bytes: Buffer.from(JSON.stringify({ ...manifest, manifests })) });
}

/** A source with one additional manifest. */
function withRoot(source: CopySource, root: SentManifest): ChosenImage {
  const digest = digestOf(root.bytes);
  return {
    digest,
    source: {
      ...source,
      readManifest: async (reference, limitBytes, signal) =>
        reference === digest ? root : source.readManifest(reference, limitBytes, signal),
    },
  };
}

/** A single image names its platform in its configuration; one that names none is not a program. */
async function checkPlatform(
  source: CopySource,
  manifest: Record<string, unknown>,
  { tag, wanted, signal }: { tag: string; wanted: ReadonlySet<string>; signal: AbortSignal },
): Promise<void> {
  const config = await readConfig(source, manifest, signal);
  const hasPlatform = typeof config.os === 'string' && typeof config.architecture === 'string';
  if (hasPlatform && !wanted.has(nameOf(config))) throw noPlatform(tag, wanted, [config]);
}

function parsed(bytes: Buffer, tag: string): Record<string, unknown> {
  try {
    return parseManifestObject(bytes, PUSHED_MANIFEST_LIMIT_BYTES);
  } catch (cause) {
    if (!(cause instanceof ManifestMistake)) throw cause;
    throw new RegistryError('refused', `the manifest of ${tag} ${cause.message}`, '', { cause });
  }
}

function noPlatform(tag: string, wanted: ReadonlySet<string>, offered: readonly unknown[]): RegistryError {
  const names = new Set(offered.map((each) => (isObject(each) ? nameOf(each).slice(0, 40) : 'no platform')));
  const shown = [...names].filter((name) => !name.startsWith('unknown/')).slice(0, SHOWN_PLATFORMS);
  return new RegistryError(
    'no-platform',
    `${tag} is for ${shown.join(', ')}, not for ${[...wanted].slice(0, SHOWN_PLATFORMS).join(', ')}`,
  );
}

function nameOf(platform: Record<string, unknown>): string {
  const { os, architecture, variant } = platform;
  const parts = Object.entries({ os, architecture, variant }).filter(([, part]) => typeof part === 'string');
  return writePlatform(Object.fromEntries(parts) as Partial<PlatformParts>);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
