import { writePlatform } from '#platform/platform.ts';
import { countJsonParts } from './json-parts.ts';

const PARTS_LIMIT = 50_000;
/** More platforms than any image has; an index can list more images. */
const PLATFORMS_LIMIT = 64;
const NAME = /^[a-z0-9][a-z0-9._-]{0,31}$/;

/**
 * The platforms of an image, each once, from what a client pushed: the JSON of an index, which names the platform of each image that it
 * lists, or the configuration of one image, which names its own. Attestations have none, and neither has anything that is not an image.
 */
export function platformsOf(json: Buffer): string[] {
  const parsed = parseBounded(json);
  const images = Array.isArray(parsed.manifests)
    ? parsed.manifests.map((each) => objectOf(objectOf(each).platform))
    : [parsed];
  const platforms = new Set(images.flatMap(platformOf));
  return [...platforms].slice(0, PLATFORMS_LIMIT);
}

/** An attestation is listed for the platform `unknown/unknown`. */
function platformOf({ os, architecture, variant }: Record<string, unknown>): string[] {
  if (!isName(os) || !isName(architecture) || os === 'unknown') return [];
  return [writePlatform({ os, architecture, variant: isName(variant) ? variant : '' })];
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value);
}

function parseBounded(json: Buffer): Record<string, unknown> {
  if (countJsonParts(json) > PARTS_LIMIT) return {};
  try {
    return objectOf(JSON.parse(json.toString()));
  } catch {
    // The configuration of an artifact that is not an image can be anything.
    return {};
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
