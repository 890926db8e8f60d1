import { isStoreUnreachable } from '#blob/blob.ts';
import { BuildFailed } from '../failure/build-failed.ts';
import { storagePatiently } from '../failure/patience.ts';
import { unpackArchive } from '../work/unpack.ts';
import type { WorkFolder } from '../work/work-folder.ts';
import type { BuildJob, BuildMeans } from './build-job.ts';
import { fetchArguments } from './fetch-arguments.ts';

/** Unpacks a folder that was sent into `folder.context`. Returns the SHA-256 of its archive. */
export function unpackSent(
  means: BuildMeans,
  job: BuildJob,
  archiveId: string,
  folder: WorkFolder = job.place.folder,
): Promise<string> {
  const { signal, log } = job;
  const unpack = async () => {
    const archive = await means.blobs.get(`sources/${archiveId}`);
    return unpackArchive({ ...fetchArguments(means, job, folder), archive });
  };
  const say = (line: string) => log.line(line);
  return storagePatiently({ signal, say }, 'reading the folder that was sent', unpack).catch((error: unknown) => {
    if (!isStoreUnreachable(error)) throw error;
    throw new BuildFailed('storage-away', 'the folder that was sent cannot be read now', { cause: error });
  });
}
