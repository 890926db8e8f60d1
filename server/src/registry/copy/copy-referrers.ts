import type { CopySource, CopyTarget } from './copy-ends.ts';
import { copyContents } from './copy-image.ts';
import { planCopy } from './copy-plan.ts';

/** The largest number of signatures, SBOMs and attestations that go with one image. */
const REFERRERS_LIMIT = 100;
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
  let [subjects, sentBytes, left] = [[...digests], 0, REFERRERS_LIMIT];
  for (let depth = 0; depth < DEPTH_LIMIT && subjects.length > 0; depth += 1) {
    const said = ((await source.listReferrers?.(subjects, left)) ?? []).slice(0, left);
    left -= said.length;
    for (const { digest, tag } of said) {
      signal.throwIfAborted();
      const present = tag === undefined ? undefined : await target.findTag(tag, signal);
      if (present === digest || (present !== undefined && !overrides)) continue;
      if (tag === undefined && (await target.hasManifest(digest, '', signal))) continue;
      if (leavesImages && (await hasProgram(source, digest, signal))) continue;
      const copied = await copyContents({ source, target }, digest, { signal });
      await target.putManifest(tag ?? digest, copied.root, signal);
      sentBytes += copied.sentBytes;
    }
    subjects = said.map(({ digest }) => digest).filter((digest) => !known.has(digest));
    for (const digest of subjects) known.add(digest);
  }
  return sentBytes;
}

/** Whether a manifest, or one that it lists, can be run. */
async function hasProgram(source: CopySource, digest: string, signal: AbortSignal): Promise<boolean> {
  const { manifests } = await planCopy(source, digest, signal);
  return manifests.some(({ isRunnable }) => isRunnable);
}
