import type { Removals } from '#backup/backup-lock.ts';
import type { BlobStore } from '#blob/blob.ts';
import type { LogLimits } from '#build/logs/expired-log-store.ts';
import { LogRetention, type RetentionMeans } from '#build/logs/log-retention.ts';
import { sweepSentSources } from '#build/request/sent-sources.ts';
import { sweepCharts } from '#chart/push-chart.ts';
import { removeTakenEvents } from '#event/event-store.ts';
import { removeEndedJobs } from '#job/job-store.ts';
import type { Garbage } from '#registry/contents/garbage.ts';
import { type PushMeans, settlePushes } from '#registry/contents/push-manifest.ts';
import { sweepAdvisories } from '#scan/advisory/advisory-store.ts';
import type { Config } from '#settings/config.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MEBIBYTE = 1024 * 1024;
const SWEEP_EVERY_MS = 10 * 60_000;
/** An event that every consumer has taken is kept this long. */
const EVENT_KEEP_MS = DAY_MS;
/** A job that ended is shown this long. */
const JOB_KEEP_MS = 30 * DAY_MS;
const JOBS_AT_ONCE = 1000;
/** Distribution has a minute to answer a push: one that is open for longer than this was lost. */
const LOST_PUSH_MS = 2 * 60_000;
const SETTLE_EVERY_MS = 60_000;
/** What a server does when it starts comes first. */
const FIRST_COLLECTION_MS = 10 * 60_000;

/**
 * Removes expired logs, sent folders, unused archives of charts, events and ended jobs of a server, at once and then periodically,
 * until it is closed. Does nothing while another node has the upkeep.
 */
export function startRetention(
  config: Config,
  means: Omit<RetentionMeans, 'limits'> & { blobs: BlobStore; isMine: () => boolean } & Pick<Removals, 'unlessBackup'>,
): { close(): Promise<void> } {
  const keepMs = config['sent-source-keep-hours'] * HOUR_MS;
  const retention = new LogRetention({ ...means, limits: limitsOf(config) });
  const abort = new AbortController();
  let sweeping = Promise.resolve();
  const sweep = (): void => {
    if (!means.isMine()) return;
    sweeping = sweeping
      .then(() => means.unlessBackup(() => retention.sweep(abort.signal)))
      .catch((error: unknown) => means.report('logs could not be swept', error))
      .then(() => means.unlessBackup(() => sweepSources(means, means.now() - keepMs)))
      .catch((error: unknown) => means.report('sent folders could not be swept', error))
      .then(() => means.unlessBackup(() => sweepCharts(means, means.now() - HOUR_MS)))
      .catch((error: unknown) => means.report('charts could not be swept', error))
      .then(() => removeTakenEvents(means.db, means.now() - EVENT_KEEP_MS))
      .catch((error: unknown) => means.report('events could not be swept', error))
      .then(async () => void (await removeEndedJobs(means.db, means.now() - JOB_KEEP_MS, JOBS_AT_ONCE)))
      .catch((error: unknown) => means.report('jobs that ended could not be swept', error))
      .then(async () => {
        while (!abort.signal.aborted && (await sweepAdvisories(means.db, means.now() - DAY_MS)));
      })
      .catch((error: unknown) => means.report('advisories that were replaced could not be swept', error));
  };
  const timer = setInterval(sweep, SWEEP_EVERY_MS);
  sweep();
  return {
    close: async () => {
      clearInterval(timer);
      abort.abort();
      await sweeping;
    },
  };
}

/** How long an image without a tag is kept: forever where the setting is 0. */
export function untaggedKeepMs({ 'untagged-keep-days': days }: Pick<Config, 'untagged-keep-days'>): number {
  return days === 0 ? Number.POSITIVE_INFINITY : days * DAY_MS;
}

/**
 * Looks after the images of a server until it is closed: ends or drops lost pushes every minute, and once a day removes images and
 * layers that nothing uses. Does nothing while another node has the upkeep.
 */
export function startImageUpkeep(
  { config, isMine }: { config: Pick<Config, 'untagged-keep-days'>; isMine: () => boolean },
  images: PushMeans & { garbage: Pick<Garbage, 'collect'> },
  report: (message: string, error: unknown) => void,
): { close(): Promise<void> } {
  let collecting: Promise<unknown> = Promise.resolve();
  let settling = Promise.resolve();
  const collect = () => {
    if (isMine()) collecting = images.garbage.collect();
  };
  const settle = () => {
    if (!isMine()) return;
    settling = settling
      .then(() => settlePushes(images, images.now() - LOST_PUSH_MS, report))
      .catch((error: unknown) => report('lost pushes could not be settled', error));
  };
  const timers = [setInterval(settle, SETTLE_EVERY_MS)];
  if (config['untagged-keep-days'] > 0)
    timers.push(setTimeout(collect, FIRST_COLLECTION_MS), setInterval(collect, DAY_MS));
  return {
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      await Promise.all([collecting, settling]);
    },
  };
}

function limitsOf(config: Config): LogLimits {
  const { 'log-keep-days': days, 'log-keep-builds': builds, 'log-keep-mebibytes': mebibytes } = config;
  return {
    keepMs: days > 0 ? days * DAY_MS : undefined,
    perRepository: builds > 0 ? builds : undefined,
    totalBytes: mebibytes > 0 ? mebibytes * MEBIBYTE : undefined,
  };
}

function sweepSources(means: Parameters<typeof sweepSentSources>[0], beforeMs: number): Promise<number> {
  return sweepSentSources(means, { sentBeforeMs: beforeMs, keptBeforeMs: beforeMs });
}
