import type { SaidOfImage } from '#image/referrer-store.ts';
import type { CopySource, CopyTarget } from './copy-ends.ts';
import { copyContents } from './copy-image.ts';
import { planCopy } from './copy-plan.ts';

/** The largest number of signatures, SBOMs and attestations that go with one image. */
const REFERRERS_LIMIT = 100;
/** How many are looked at, with those that are left out. */
const LOOKS_LIMIT = 5000;
/** A signature of an SBOM of an image is at depth 2. */
const DEPTH_LIMIT = 3;

/**
 * Copies what a source says of manifests that the target has, and what it says of that: signatures, SBOMs, attestations. Those that are
 * there are not sent. A tag that is named after an image and points to something else at the target is replaced only with
 * `overrides`. With `leavesImages`, nothing goes along that can be run: an image that says of itself that it is about another. Returns
 * how many bytes were sent. Throws as a copy does.
 */
export async function copyReferrers(
  { source, target }: { source: CopySource; target: CopyTarget },
  digests: readonly string[],
  { overrides, leavesImages = false, signal }: { overrides: boolean; leavesImages?: boolean; signal: AbortSignal },
): Promise<number> {
  const known = new Set(digests);
  let [subjects, sentBytes, left, looks] = [[...digests], 0, REFERRERS_LIMIT, LOOKS_LIMIT];
  const ends = { source, target };
  for (let depth = 0; depth < DEPTH_LIMIT && subjects.length > 0 && left > 0; depth += 1) {
    const next: string[] = [];
    for await (const said of source.listReferrers?.(subjects) ?? []) {
      signal.throwIfAborted();
      if (looks === 0) return sentBytes;
      looks -= 1;
      const sent = await follow(ends, said, { overrides, leavesImages, signal });
      // What is left out leaves the place to others.
      if (sent === undefined) continue;
      sentBytes += sent;
      if (!known.has(said.digest)) next.push(said.digest);
      known.add(said.digest);
      left -= 1;
      if (left === 0) break;
    }
    subjects = next;
  }
  return sentBytes;
}

/** Copies what is said of an image, unless it is there. Returns how many bytes were sent; undefined if it is left out. */
async function follow(
  { source, target }: { source: CopySource; target: CopyTarget },
  { digest, tag }: SaidOfImage,
  { overrides, leavesImages, signal }: { overrides: boolean; leavesImages: boolean; signal: AbortSignal },
): Promise<number | undefined> {
  const present = tag === undefined ? undefined : await target.findTag(tag, signal);
  if (present === digest) return 0;
  if (present !== undefined && !overrides) return undefined;
  if (tag === undefined && (await target.hasManifest(digest, '', signal))) return 0;
  if (leavesImages && (await hasProgram(source, digest, signal))) return undefined;
  const copied = await copyContents({ source, target }, digest, { signal });
  await target.putManifest(tag ?? digest, copied.root, signal);
  return copied.sentBytes;
}

/** Whether a manifest, or one that it lists, can be run. */
async function hasProgram(source: CopySource, digest: string, signal: AbortSignal): Promise<boolean> {
  const { manifests } = await planCopy(source, digest, signal);
  return manifests.some(({ isRunnable }) => isRunnable);
}
