import { RegistryError } from './registry-error.ts';

/** A stranger's manifest; one of a thousand layers has 200 KB. */
export const MANIFEST_LIMIT_BYTES = 2 ** 20;
/** Objects, lists and what stands between commas: what JSON costs to read, in time and in memory. */
const PARTS_LIMIT = 50_000;

/** Reads a manifest of schema version 2, which anybody may have made. Throws RegistryError for any other text, and for one that costs much to read. */
export function parseManifest(bytes: Buffer, source: string): Record<string, unknown> {
  const refused = (what: string, cause?: unknown) =>
    new RegistryError('refused', `${source}: the manifest ${what}`, '', { cause });
  if (bytes.length > MANIFEST_LIMIT_BYTES) throw refused(`is longer than ${MANIFEST_LIMIT_BYTES} bytes`);
  if (countParts(bytes) > PARTS_LIMIT) throw refused(`has more than ${PARTS_LIMIT} parts`);
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

/** At least as many as there are: signs in texts count too. */
function countParts(json: Buffer): number {
  let count = 0;
  for (const byte of json) if (byte === 0x7b || byte === 0x5b || byte === 0x2c) count += 1;
  return count;
}
