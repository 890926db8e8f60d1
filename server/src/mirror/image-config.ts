import { isDigest } from '#image/image.ts';
import { ManifestMistake, PUSHED_MANIFEST_LIMIT_BYTES, parseManifestObject } from '#image/manifest.ts';
import type { CopySource } from '#registry/copy/copy-ends.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';

const CONFIG_LIMIT_BYTES = 4 * 2 ** 20;
const CONFIG_LIMIT_MS = 300_000;

/** The configuration of an image; empty if it is not JSON. Throws RegistryError. */
export async function readConfig(
  source: CopySource,
  manifest: Record<string, unknown>,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const digest = (manifest.config as { digest?: unknown } | undefined | null)?.digest;
  if (typeof digest !== 'string' || !isDigest(digest)) return {};
  const late = AbortSignal.timeout(CONFIG_LIMIT_MS);
  const body = await source.readBlob(digest, AbortSignal.any([signal, late]));
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > CONFIG_LIMIT_BYTES)
        throw new RegistryError('refused', `the configuration ${digest} is larger than ${CONFIG_LIMIT_BYTES} bytes`);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof RegistryError) throw cause;
    throw new RegistryError('unreachable', `the configuration ${digest} broke off`, '', { cause });
  }
  try {
    const json: unknown = JSON.parse(Buffer.concat(chunks).toString());
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  } catch {
    // In an artifact that is not an image, it can be anything.
    return {};
  }
}

/**
 * When an image was created, according to its configuration; for an index, that of its first image. Undefined if it does
 * not say. Throws RegistryError.
 */
export async function readCreatedMs(source: CopySource, tag: string, signal: AbortSignal): Promise<number | undefined> {
  const read = async (reference: string) => {
    const { bytes } = await source.readManifest(reference, PUSHED_MANIFEST_LIMIT_BYTES, signal);
    return parseManifestObject(bytes, PUSHED_MANIFEST_LIMIT_BYTES);
  };
  try {
    let manifest = await read(tag);
    const [first] = Array.isArray(manifest.manifests) ? (manifest.manifests as ({ digest?: unknown } | null)[]) : [];
    if (typeof first?.digest === 'string' && isDigest(first.digest)) manifest = await read(first.digest);
    const { created } = await readConfig(source, manifest, signal);
    const date = typeof created === 'string' ? Date.parse(created) : Number.NaN;
    return Number.isNaN(date) ? undefined : date;
  } catch (error) {
    // An image that cannot be read is not newer than others.
    if (error instanceof ManifestMistake) return undefined;
    if (error instanceof RegistryError && error.kind === 'not-found') return undefined;
    throw error;
  }
}
