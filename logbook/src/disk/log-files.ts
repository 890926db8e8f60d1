import { join } from 'node:path';

/** Where the files of a log are. */
export interface LogFiles {
  folder: string;
  hotText: string;
  hotIndex: string;
  /** hot.idx while recovery rewrites it. */
  hotIndexTemp: string;
  archive: string;
  archiveTemp: string;
  sealedIndex: string;
  sealedIndexTemp: string;
}

const LOG_ID = /^[0-9a-z][0-9a-z-]{1,63}$/;

/** Whether a name is a valid log id, which is a safe file name on every system. */
export function isLogId(logId: string): boolean {
  return LOG_ID.test(logId);
}

/** Whether a file holds what recovery cut from a damaged log. It is not part of the log, and is removed only with it. */
export function isEvidence(name: string): boolean {
  return name.startsWith('cut-');
}

/** The paths of a log: `root/<first two characters>/<id>/…`. Throws if the id is invalid. */
export function logFiles(root: string, logId: string): LogFiles {
  if (!isLogId(logId)) throw new Error(`not a log id (2 to 64 of 0-9 a-z -): ${JSON.stringify(logId)}`);
  const folder = join(root, logId.slice(0, 2), logId);
  return {
    folder,
    hotText: join(folder, 'hot.ndjson'),
    hotIndex: join(folder, 'hot.idx'),
    hotIndexTemp: join(folder, 'hot.idx.tmp'),
    archive: join(folder, 'log.ndjson.gz'),
    archiveTemp: join(folder, 'log.ndjson.gz.tmp'),
    sealedIndex: join(folder, 'log.idx'),
    sealedIndexTemp: join(folder, 'log.idx.tmp'),
  };
}
