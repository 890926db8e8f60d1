import { randomUUID } from 'node:crypto';
import { Logbook } from '@slipway/logbook';
import type { Logger } from 'pino';
import { archiveRefs } from '#archive/archive-ref-store.ts';
import { blobArchives } from '#archive/blob-archives.ts';
import { LogCarrier } from '#archive/carry-logs.ts';
import { endOldUploads, sweepArchives } from '#archive/sweep-archives.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import type { Database } from '#db/database.ts';
import type { Config } from '#settings/config.ts';
import type { OpenStores } from './stores.ts';

/** What the logs of a server need. */
export interface LogsMeans {
  config: Config;
  folder: DataFolder;
  db: Database;
  /** Sealed logs are carried to its bucket; without one, they stay in the data folder. */
  stores: Pick<OpenStores, 'bucket' | 'checkOwner'>;
  /** Whether this server does the upkeep for all. */
  isMine: () => boolean;
  logger: Logger;
  report: (message: string, error: unknown) => void;
}

const MEBIBYTE = 1024 * 1024;
/** A page of a log that is in a bucket waits this long for it. */
const ANSWER_LIMIT_MS = 20_000;
/** Indexes of logs in a bucket. That of ten million lines has less than 2 MB. */
const INDEX_BYTES = 32 * MEBIBYTE;
const DAY_MS = 24 * 3_600_000;
/** What a server does when it starts comes first. */
const FIRST_SWEEP_MS = 10 * 60_000;

/** Opens the logs of a server, and carries the sealed ones to its bucket if it has one. */
export async function openLogs(means: LogsMeans): Promise<{ logbook: Logbook; close(): Promise<void> }> {
  const { config, folder, db, stores, isMine, logger, report } = means;
  const { bucket: blobs, checkOwner } = stores;
  const blockBytes = config['log-cache-mebibytes'] * MEBIBYTE;
  const settings = {
    folder: folder.logs,
    logLimitBytes: config['log-limit-mebibytes'] * MEBIBYTE,
    blockCacheBytes: blockBytes,
  };
  if (blobs === undefined) {
    const logbook = await Logbook.open(settings);
    return { logbook, close: () => logbook.close() };
  }
  const archives = blobArchives({ blobs, newId: randomUUID, answerLimitMs: ANSWER_LIMIT_MS });
  const onLeft = (ref: string, error: unknown) => report(`objects of the removed log ${ref} stay for now`, error);
  const elsewhere = { archives, refs: archiveRefs(db), indexBytes: INDEX_BYTES, blockBytes, onLeft };
  const logbook = await Logbook.open({ ...settings, elsewhere });
  const onReturn = () => logger.info('the store of sealed logs answers again');
  const carrier = new LogCarrier({ logbook, report, onReturn });
  const stop = new AbortController();
  let sweeping = Promise.resolve();
  const sweep = () => {
    if (!isMine()) return;
    sweeping = sweeping
      // Nothing is removed from a bucket that has become another's.
      .then(checkOwner)
      .then(() => sweepArchives({ db, blobs, report }, { ageMs: DAY_MS, signal: stop.signal }))
      .then(() => endOldUploads(blobs))
      .catch((error: unknown) => report('the bucket could not be swept', error));
  };
  const timers = [setTimeout(sweep, FIRST_SWEEP_MS), setInterval(sweep, DAY_MS)];
  return {
    logbook,
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      stop.abort();
      await sweeping;
      await carrier.close();
      await logbook.close();
    },
  };
}
