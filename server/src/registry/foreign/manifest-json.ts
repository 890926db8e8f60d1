import { countJsonParts } from './json-parts.ts';
import { RegistryError } from './registry-error.ts';

/** A stranger's manifest; one of a thousand layers has 200 KB. */
export const MANIFEST_LIMIT_BYTES = 2 ** 20;
const PARTS_LIMIT = 50_000;

/** Reads a manifest of schema version 2, which anybody may have made. Throws RegistryError for any other text, and for one that costs much to read. */
export function parseManifest(bytes: Buffer, source: string): Record<string, unknown> {
  const refused = (what: string, cause?: unknown) =>
    new RegistryError('refused', `${source}: the manifest ${what}`, '', { cause });
  if (bytes.length > MANIFEST_LIMIT_BYTES) throw refused(`is longer than ${MANIFEST_LIMIT_BYTES} bytes`);
  if (countJsonParts(bytes) > PARTS_LIMIT) throw refused(`has more than ${PARTS_LIMIT} parts`);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString());
  } catch (cause) {
    throw refused('is not JSON', cause);
  }
  const isManifest =
    typeof json === 'object' && json !== null && (json as { schemaVersion?: unknown }).schemaVersion === 2;
  if (!isManifest) throw refused('is not of schema version 2; push the image again');
  return json as Record<string, unknown>;
}
