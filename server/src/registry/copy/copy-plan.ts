import { type Blob, ManifestMistake, PUSHED_MANIFEST_LIMIT_BYTES, readManifest } from '#image/manifest.ts';
import { digestOf } from '../contents/push-manifest.ts';
import { MANIFEST_TYPES } from '../distribution/child-registry.ts';
import { RegistryError } from '../foreign/registry-error.ts';
import type { CopySource, SentManifest } from './copy-ends.ts';

/** A manifest to copy, with its own layers and configuration. */
export interface PlannedManifest extends SentManifest {
  digest: string;
  blobs: readonly Blob[];
  isRunnable: boolean;
}

export interface CopyPlan {
  digest: string;
  /** What a list lists comes before it, and the image itself last. */
  manifests: readonly PlannedManifest[];
  /** Each once. */
  blobs: readonly Blob[];
}

/** What one copy may be. */
const LIMITS = { manifests: 500, manifestBytes: 16 * 2 ** 20, blobs: 10_000, bytes: 64 * 2 ** 30, depth: 4 };
const KNOWN_TYPES: readonly string[] = MANIFEST_TYPES.split(', ');

/** Reads the manifests of an image and of everything that it lists. Throws RegistryError. */
export async function planCopy(source: CopySource, reference: string, signal: AbortSignal): Promise<CopyPlan> {
  const planned = new Map<string, PlannedManifest>();
  const blobs = new Map<string, number>();
  let leftBytes = LIMITS.manifestBytes;
  const add = async (wanted: string, depth: number): Promise<string> => {
    if (planned.has(wanted)) return wanted;
    if (depth > LIMITS.depth) throw tooLarge(`lists in lists, deeper than ${LIMITS.depth}`);
    if (planned.size >= LIMITS.manifests) throw tooLarge(`more than ${LIMITS.manifests} manifests`);
    const limitBytes = Math.min(PUSHED_MANIFEST_LIMIT_BYTES, leftBytes);
    const { bytes, mediaType } = await source.readManifest(wanted, limitBytes, signal);
    leftBytes -= bytes.length;
    const digest = digestOf(bytes);
    if (wanted.includes(':') && wanted !== digest)
      throw new RegistryError('refused', `the registry sent another manifest than ${wanted}`);
    const type = typeOf(bytes, mediaType);
    const manifest = understood(bytes, type);
    for (const child of manifest.children) await add(child, depth + 1);
    for (const [blob, sizeBytes] of manifest.blobs) {
      if ((blobs.get(blob) ?? sizeBytes) !== sizeBytes) throw new RegistryError('refused', `${blob} has two sizes`);
      blobs.set(blob, sizeBytes);
    }
    const { blobs: own, isRunnable } = manifest;
    planned.set(digest, { digest, bytes, mediaType: type, blobs: own, isRunnable });
    return digest;
  };
  const digest = await add(reference, 0);
  const total = [...blobs.values()].reduce((sum, size) => sum + size, 0);
  if (blobs.size > LIMITS.blobs) throw tooLarge(`more than ${LIMITS.blobs} layers`);
  if (total > LIMITS.bytes) throw tooLarge(`${total} bytes, more than ${LIMITS.bytes}`);
  return { digest, manifests: [...planned.values()], blobs: [...blobs] };
}

/** The digests of an image and of everything that it lists. Throws RegistryError. */
export async function plannedDigests(source: CopySource, reference: string, signal: AbortSignal): Promise<string[]> {
  return (await planCopy(source, reference, signal)).manifests.map(({ digest }) => digest);
}

/** An image beyond what is copied. */
export class CopyTooLarge extends RegistryError {}

function tooLarge(what: string): CopyTooLarge {
  return new CopyTooLarge('refused', `the image has ${what}`);
}

function understood(bytes: Buffer, mediaType: string) {
  try {
    return readManifest(bytes, mediaType);
  } catch (cause) {
    if (!(cause instanceof ManifestMistake)) throw cause;
    throw new RegistryError('refused', `the manifest ${cause.message}`, '', { cause });
  }
}

/** A manifest says itself what it is, or the registry says it: https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md */
function typeOf(bytes: Buffer, sent: string): string {
  const named = sent.split(';', 1)[0]?.trim() ?? '';
  if (KNOWN_TYPES.includes(named)) return named;
  const own = understoodType(bytes);
  if (own !== undefined && KNOWN_TYPES.includes(own)) return own;
  throw new RegistryError('refused', 'the manifest is of a kind that is not known');
}

function understoodType(bytes: Buffer): string | undefined {
  try {
    const { mediaType } = JSON.parse(bytes.toString()) as { mediaType?: unknown };
    return typeof mediaType === 'string' ? mediaType : undefined;
  } catch {
    // What is no JSON has no type.
    return undefined;
  }
}
