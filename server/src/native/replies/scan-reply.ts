import type { ImageScan } from '#rpc/native-types.gen.ts';
import type { Scan } from '#scan/scan.ts';

/** A scan; its advisories are old if they were older than `keepMs` when it began. */
export function scanReply(scan: Scan, keepMs: number): ImageScan {
  const { database, counts } = scan;
  return {
    ScanTaskId: scan.scanId,
    Digest: scan.digest,
    ScanType: scan.type,
    Status: scan.status,
    ...(scan.reason === undefined ? {} : { Reason: scan.reason }),
    CreateTime: scan.createdMs,
    ...(scan.endedMs === undefined ? {} : { EndTime: scan.endedMs }),
    Scanner: scan.scanner,
    ...(database === undefined ? {} : { DatabaseVersion: database.version }),
    ...(database?.dataMs === undefined ? {} : { DatabaseTime: database.dataMs }),
    DatabaseIsOld: isOld(scan, keepMs),
    ...(counts === undefined ? {} : { Counts: counts }),
    Unchecked: [...scan.unchecked],
  };
}

/** Judged when it was scanned: what became known later, no result has. */
function isOld({ database, createdMs }: Scan, keepMs: number): boolean {
  return database !== undefined && createdMs - (database.dataMs ?? 0) > keepMs;
}
