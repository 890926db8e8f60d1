import { runCacheRounds } from '../test/support/cache-rounds.ts';

/** Holds images that were built with a cache against those built without, in so many rounds of random edits, and prints what they were. */
export async function soakCache(rounds: number, seed: number): Promise<void> {
  const { images, refused, cachedSteps } = await runCacheRounds(rounds, seed);
  console.log(
    `${rounds} rounds: ${images} images the same with a cache and without, ${refused} refused with and without, ${cachedSteps} steps of the cache`,
  );
}
