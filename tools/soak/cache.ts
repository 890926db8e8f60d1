import { runCacheRounds } from '../../test/support/projects/cache-rounds.ts';

/**
 * Compares images built with a cache to those built without, over `rounds` rounds of random edits, and prints the
 * counts.
 */
export async function soakCache(rounds: number, seed: number): Promise<void> {
  const { images, refused, cachedSteps } = await runCacheRounds(rounds, seed);
  console.log(
    `${rounds} rounds: ${images} images are the same with and without the cache, ${refused} refused both ways, ${cachedSteps} cached steps`,
  );
}
