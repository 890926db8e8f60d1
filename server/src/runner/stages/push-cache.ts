import { pushingBuild } from '#build/build.ts';
import type { PushedCache } from '../bases/build-cache.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import type { BuildJob, BuildMeans, PushRequest } from './build-job.ts';

/** Pushes the cache of a build. The image is already pushed, so the build succeeds even if this fails or is cancelled. */
export async function pushCache(
  means: BuildMeans,
  { record, place, log, signal }: BuildJob,
  { repository, tag }: PushedCache,
  told: Pick<PushRequest, 'onSecret' | 'onOutput' | 'say'>,
): Promise<void> {
  const { folder, start } = place;
  const push = () =>
    means.push({ build: pushingBuild(record), repository, tag, folder, isCache: true, start, signal, ...told });
  try {
    const { digest } = await place.limited('pushing the cache', push);
    await log.line(`pushed the cache ${repository}:${tag}, digest ${digest}`);
  } catch (error) {
    const reason: unknown = signal.aborted ? signal.reason : error;
    if (!(reason instanceof BuildFailed)) throw error;
    await log.line(`the cache was not pushed: ${reason.message}`);
  }
}
