import { writePlatform } from '#platform/platform.ts';
import type { ImageFacts } from '../protocol/reply.ts';

/** The most bytes of a configuration that are read. */
export const LARGEST_CONFIG_BYTES = 2 ** 20;
const DEEPEST = 64;
/** The most objects, lists and values between commas. The largest image has some thousands. */
const MOST_PARTS = 50_000;
const LONGEST_PLATFORM_PART = 40;
const MOST_ON_BUILD_BYTES = 64 * 1024;

/** Like `readOnBuild`, with the image's platform. */
export function readImageFacts(json: string): ImageFacts {
  const onBuild = readOnBuild(json);
  const config: unknown = JSON.parse(json);
  const [os, architecture, variant] = ['os', 'architecture', 'variant'].map((name) => {
    const value = fieldOf(config, name);
    return typeof value === 'string' && value.length < LONGEST_PLATFORM_PART ? value : '';
  });
  return architecture
    ? { onBuild, platform: writePlatform({ os: os || 'linux', architecture, variant: variant ?? '' }) }
    : { onBuild };
}

/**
 * The instructions that an image adds to a Dockerfile that starts from it, from its configuration
 * (https://github.com/opencontainers/image-spec/blob/main/config.md). The builder ignores the case of field names and
 * takes both of two fields of one name. A configuration that has such fields is refused, since another reader could see
 * another image in it. Throws with the second half of a sentence.
 */
export function readOnBuild(json: string): string[] {
  const config = fieldOf(parseUnambiguous(json, 'configuration'), 'config');
  const onBuild = fieldOf(config, 'onbuild') ?? [];
  if (!Array.isArray(onBuild)) throw new Error('its ONBUILD is not a list');
  const texts = onBuild.map(String);
  if (texts.join('').length > MOST_ON_BUILD_BYTES)
    throw new Error(`its ONBUILD is longer than ${MOST_ON_BUILD_BYTES} bytes`);
  return texts;
}

/**
 * Reads a stranger's JSON only if all readers read it alike, and at low cost; `what` names it. Throws in the same way.
 */
export function parseUnambiguous(json: string, what: string): unknown {
  const repeated = repeatedKey(json, what);
  if (repeated !== undefined) throw new Error(`its ${what} has ${JSON.stringify(repeated)} twice`);
  return JSON.parse(json);
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name)?.[1];
}

/**
 * A key that some object of the text has twice, ignoring case. Case is folded as in Go, where the long s and the kelvin
 * sign fold to ASCII letters.
 */
function repeatedKey(json: string, what: string): string | undefined {
  const open: Set<string>[] = [];
  let parts = 0;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{' || character === '[' || character === ',') parts += 1;
    if (parts > MOST_PARTS) throw new Error(`its ${what} has more than ${MOST_PARTS} parts`);
    if (character === '{' || character === '[') open.push(new Set());
    if (open.length > DEEPEST) throw new Error(`its ${what} is more than ${DEEPEST} levels deep`);
    if (character === '}' || character === ']') open.pop();
    if (character !== '"') continue;
    const end = endOfString(json, at);
    if (isKey(json, end)) {
      const key = (JSON.parse(json.slice(at, end)) as string).toUpperCase().toLowerCase();
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    at = end - 1;
  }
  return undefined;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  for (; at < json.length && json[at] !== '"'; at++) if (json[at] === '\\') at++;
  return at + 1;
}

function isKey(json: string, end: number): boolean {
  let at = end;
  while (' \t\r\n'.includes(json[at] ?? '"')) at++;
  return json[at] === ':';
}
