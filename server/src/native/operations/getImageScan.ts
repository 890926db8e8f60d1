import { getRepositoryByName } from '#repository/repository-store.ts';
import type { Scan } from '#scan/scan.ts';
import { getLastScan } from '#scan/scan-store.ts';
import { namedDigest } from '#scan/scanned-image.ts';
import { nativeOperation } from '../native-operation.ts';

/** `GET /repositories/NAMESPACE/NAME/scans/REFERENCE` */
export default nativeOperation('getImageScan', async (context, { namespace, name, reference, type = 'VUL' }) => {
  const { db, instanceId, scanDatabaseKeepMs } = context;
  const { repoId } = await getRepositoryByName(db, instanceId, namespace, name);
  const digest = await namedDigest(db, repoId, reference.includes(':') ? { Digest: reference } : { Tag: reference });
  const scan = await getLastScan(db, { repoId, digest, type });
  const { database, counts } = scan;
  return {
    ScanTaskId: scan.scanId,
    Digest: digest,
    ScanType: type,
    Status: scan.status,
    ...(scan.reason === undefined ? {} : { Reason: scan.reason }),
    CreateTime: scan.createdMs,
    ...(scan.endedMs === undefined ? {} : { EndTime: scan.endedMs }),
    Scanner: scan.scanner,
    ...(database === undefined ? {} : { DatabaseVersion: database.version }),
    ...(database?.dataMs === undefined ? {} : { DatabaseTime: database.dataMs }),
    DatabaseIsOld: isOld(scan, scanDatabaseKeepMs),
    ...(counts === undefined ? {} : { Counts: counts }),
    Unchecked: [...scan.unchecked],
  };
});

/** Judged when it was scanned: what became known later, no result has. */
function isOld({ database, createdMs }: Scan, keepMs: number): boolean {
  return database !== undefined && createdMs - (database.dataMs ?? 0) > keepMs;
}
