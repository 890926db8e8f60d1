import type { AuthorRightsMeans } from '#account/rule-author.ts';
import type { Removals } from '#backup/backup-lock.ts';
import type { Database } from '#db/database.ts';
import { listUnneeded } from '#image/sweep-store.ts';
import type { Jobs } from '#job/jobs.ts';
import { beginDueRuns, LIFECYCLE_RUN, lifecycleRunner } from '#lifecycle/run-rule.ts';
import { repeat } from '#process/repeat.ts';
import { type SweepMeans, sweepRepository } from '#registry/contents/sweep.ts';

const LOOK_EVERY_MS = 30_000;
const DAY_MS = 86_400_000;

/**
 * A rule removes an image without a tag this long after its last use, independent of the server's own collections:
 * until then it can be restored.
 */
const UNTAGGED_KEEP_MS = 7 * DAY_MS;

/** Registers how lifecycle rules are run. Call it before the jobs start. */
export function registerLifecycle(
  jobs: Pick<Jobs, 'register'>,
  images: SweepMeans & Pick<Removals, 'unlessBackup'>,
  means: AuthorRightsMeans,
): void {
  jobs.register(
    LIFECYCLE_RUN,
    lifecycleRunner({
      db: images.db,
      now: images.now,
      accountId: means.accountId,
      regionId: means.regionId,
      noteDecision: means.noteDecision,
      removeUntagged: async (repository, trial) => {
        // What stays because of a backup is removed by the next run, or when garbage is collected.
        if (!trial)
          return (await images.unlessBackup(() => sweepRepository(images, repository, UNTAGGED_KEEP_MS))) ?? 0;
        return (await listUnneeded(images.db, repository.repoId, images.now() - UNTAGGED_KEEP_MS)).length;
      },
    }),
  );
}

/** Begins runs of lifecycle rules whose date has come, until it is closed. */
export function startLifecycle(means: {
  db: Database;
  timeZone: string;
  now(): number;
  newId(prefix: string): string;
  jobsChanged(): void;
  report(message: string, error: unknown): void;
}): { close(): Promise<void> } {
  const look = async () => {
    const begun = await beginDueRuns(means.db, { timeZone: means.timeZone, nowMs: means.now(), newId: means.newId });
    if (begun > 0) means.jobsChanged();
  };
  return repeat(LOOK_EVERY_MS, look, (error) =>
    means.report('the lifecycle rules that are due could not be started', error),
  );
}
