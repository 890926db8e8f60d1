import { pullRequestOf } from '#source/source.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { BuildJob, BuildMeans } from './build-job.ts';

/** The arguments for fetching a build's source or another input; `folder` defaults to the source's. */
export function fetchArguments(means: BuildMeans, { place, log, signal }: BuildJob, folder: WorkFolder = place.folder) {
  return {
    folder,
    start: place.start,
    limitBytes: means.limits.sourceBytes,
    signal,
    env: means.childEnvironment,
    onOutput: (chunk: Buffer) => log.output(chunk),
  };
}

/** Like `fetchArguments`, for a repository. */
export function gitArguments(means: BuildMeans, job: BuildJob, folder?: WorkFolder) {
  const { allowed, reach } = means;
  // Anyone may have written the addresses of a pull request's submodules, and they are fetched with the host's login.
  const submodules = means.submodules && pullRequestOf(job.record) === undefined;
  const say = (line: string) => job.log.line(line);
  return { ...fetchArguments(means, job, folder), allowed, reach, submodules, say };
}
