import { join } from 'node:path';
import { ACCELERATE } from '#acceleration/acceleration.ts';
import { listJoblessTasks, removeAccelerationTask } from '#acceleration/acceleration-store.ts';
import type { Jobs } from '#job/jobs.ts';
import { repeat } from '#process/repeat.ts';
import type { OwnCopyMeans } from '#registry/copy/own-copy.ts';
import type { Means } from '#rpc/context.ts';
import { accelerateRunner } from '#stargz/accelerate-job.ts';
import { clearLayerFolders } from '#stargz/layer-file.ts';

const SWEEP_EVERY_MS = 10 * 60_000;
const TASKS_AT_ONCE = 1000;

/** Has `jobs` convert images, and sweeps conversions that ended until it is closed. Call it before the jobs start. */
export async function startAcceleration(wiring: {
  means: Means;
  own: OwnCopyMeans;
  jobs: Jobs;
  /** The folder of the server's objects. */
  blobsFolder: string;
  report: (message: string, error: unknown) => void;
}): Promise<{ close(): Promise<void> }> {
  const { means, own, jobs, report } = wiring;
  const folder = join(wiring.blobsFolder, 'conversions');
  await clearLayerFolders(folder);
  jobs.register(ACCELERATE, accelerateRunner({ means, own, folder }));
  return repeat(
    SWEEP_EVERY_MS,
    () => sweepTasks(means),
    (error) => report('conversions that ended could not be swept', error),
  );
}

/** Removes tasks with their logs once their jobs are gone. */
async function sweepTasks({ db, logbook }: Pick<Means, 'db' | 'logbook'>): Promise<void> {
  for (const taskId of await listJoblessTasks(db, TASKS_AT_ONCE)) {
    if (await logbook.open(taskId)) await logbook.remove(taskId);
    await removeAccelerationTask(db, taskId);
  }
}
