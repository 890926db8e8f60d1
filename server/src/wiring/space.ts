import type { Logger } from 'pino';
import type { Removals } from '#backup/backup-lock.ts';
import type { BlobStore } from '#blob/blob.ts';
import { sumUnneededSources, sweepSentSources } from '#build/request/sent-sources.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import type { Database } from '#db/database.ts';
import { repeat } from '#process/repeat.ts';
import type { Garbage } from '#registry/contents/garbage.ts';
import type { Metrics } from '#routes/metrics.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';
import type { Config } from '#settings/config.ts';
import type { OldSources } from '#source/source-store.ts';
import { Space } from '#space/space.ts';
import { measureStored } from './stored-parts-store.ts';
import type { OpenStores } from './stores.ts';

const MEBIBYTE = 2 ** 20;
const LOOK_EVERY_MS = 60_000;
/** A folder that was sent a moment ago may still get its build. */
const SENT_LATELY_MS = 60 * 60_000;
/** Folders that are kept after their build make the next build faster, and nothing needs them. */
const ALL_KEPT = { keptBeforeMs: Number.MAX_SAFE_INTEGER };

/** What takes disk on a server, until it is closed. When little is free, removes kept folders and layer caches, and says so in the log. */
export function openSpace(means: {
  config: Config;
  folder: DataFolder;
  db: Database;
  blobs: BlobStore;
  /** Undefined if they, the images and the records are in the data folder. */
  inBucket: OpenStores['images'];
  sandbox: Sandbox;
  images: { garbage: Garbage };
  unlessBackup: Removals['unlessBackup'];
  metrics: Metrics;
  logger: Logger;
  waitReason: () => Promise<string | undefined>;
  now: () => number;
  report: (message: string, error: unknown) => void;
}): { space: Space; close(): Promise<void> } {
  const { config, folder, db, blobs, sandbox, images, unlessBackup, logger, now } = means;
  const unneeded = () => ({ sentBeforeMs: now() - SENT_LATELY_MS, ...ALL_KEPT });
  const removeSources = async (old: OldSources) =>
    (await unlessBackup(() => sweepSentSources({ db, blobs }, old))) ?? 0;
  const space = new Space({
    root: folder.reachable,
    folders: { logs: folder.logs, images: folder.registry, sources: folder.blobs, database: folder.databaseFolder },
    sandbox,
    measureStored: means.inBucket !== undefined ? () => measureStored(db) : undefined,
    unusedImageBytes: () => images.garbage.unusedBytes(),
    unneededSourceBytes: () => sumUnneededSources(db, unneeded()),
    removeSources: async () => void (await removeSources(unneeded())),
    removeKeptSources: () => removeSources({ sentBeforeMs: 0, ...ALL_KEPT }),
  });
  means.metrics.addSpace({ space, waitReason: means.waitReason, report: means.report });
  const lowBytes = config['disk-low-mebibytes'] * MEBIBYTE;
  const heldBytes = config['build-disk-free-mebibytes'] * MEBIBYTE;
  const look = async () => {
    const { freeBytes } = await space.disk();
    const done = await space.relieve({ lowBytes, heldBytes });
    if (freeBytes >= lowBytes && done.foldersRemoved === 0) return;
    const after = await space.disk();
    logger.warn({ freeBytes, freeBytesAfter: after.freeBytes, ...done }, 'the disk of the data folder is nearly full');
  };
  const watch = repeat(LOOK_EVERY_MS, look, (error) => means.report('the disk could not be looked at', error));
  return { space, close: () => watch.close() };
}
