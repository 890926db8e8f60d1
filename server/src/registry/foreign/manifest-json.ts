import { ManifestMistake, parseManifestObject } from '#image/manifest.ts';
import { RegistryError } from './registry-error.ts';

/** The limit for a foreign manifest; one of a thousand layers has 200 KB. */
export const MANIFEST_LIMIT_BYTES = 2 ** 20;

/**
 * Reads a manifest of schema version 2 from an untrusted source. Throws RegistryError for any other text, and for one
 * that is expensive to read.
 */
export function parseManifest(bytes: Buffer, source: string): Record<string, unknown> {
  try {
    return parseManifestObject(bytes, MANIFEST_LIMIT_BYTES);
  } catch (cause) {
    if (!(cause instanceof ManifestMistake)) throw cause;
    throw new RegistryError('refused', `${source}: the manifest ${cause.message}`, '', { cause });
  }
}
