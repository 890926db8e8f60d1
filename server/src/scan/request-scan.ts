import type { RuleAuthor } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { findManifestState } from '#image/manifest-store.ts';
import { addJob } from '#job/job-store.ts';
import { findAdvisoryDatabase } from './advisory/advisory-store.ts';
import { cannotScan } from './errors.ts';
import { isImage } from './image-content.ts';
import { isScanning } from './scan.ts';
import { SCAN } from './scan-job.ts';
import { findLastScan, insertScan } from './scan-store.ts';
import type { ScanType } from './scan-type.ts';
import { ADAPTER, BUILT_IN } from './scanner.ts';

/** An image to scan, and the caller. */
export interface ScanRequest {
  scanId: string;
  instanceId: string;
  repoId: string;
  digest: string;
  type: ScanType;
  /** Whether another scanner than the built-in one looks for vulnerabilities. */
  hasOtherScanner: boolean;
  by: string;
  author: RuleAuthor;
  nowMs: number;
}

/**
 * Requests a scan of an image, in the caller's transaction. If one is running, or one with the same advisories is
 * complete, returns that one. Throws UnsupportedOperation if no advisories were imported.
 */
export async function requestScan(db: Database, request: ScanRequest): Promise<void> {
  const { scanId, instanceId, repoId, digest, type, nowMs } = request;
  const isOther = request.hasOtherScanner && type === 'VUL';
  const manifest = await findManifestState(db, repoId, digest);
  if (manifest === undefined || !isImage(manifest))
    throw cannotScan('Only container images can be scanned: this is another kind of artifact.', 'Scan an image.');
  const version = type === 'VUL' && !isOther ? await databaseVersion(db, instanceId) : undefined;
  const last = await findLastScan(db, request);
  if (last !== undefined && isScanning(last)) return;
  if (last?.status === 'COMPLETE') {
    // Only the other scanner knows how new its data is, so its result is reused for a while.
    if (isOther ? last.scanner === ADAPTER && nowMs - last.createdMs < RESCAN_MS : last.database?.version === version)
      return;
  }
  await insertScan(db, { ...request, scanner: isOther ? ADAPTER : BUILT_IN });
  await addJob(db, SCAN, {
    jobId: scanId,
    subject: { instanceId },
    once: `${repoId} ${digest} ${type}`,
    nowMs,
  });
}

/** How long a result of another scanner is reused for further tags of an image. */
const RESCAN_MS = 3_600_000;

async function databaseVersion(db: Database, instanceId: string): Promise<string> {
  const database = await findAdvisoryDatabase(db, instanceId);
  if (database === undefined)
    throw cannotScan(
      'There is nothing to scan with: no advisories were imported.',
      'Import advisories with slipway scan import FILE (an export of OSV, the JSON of Debian’s tracker, or a file of Alpine’s secdb), or set scanner-url to use another scanner.',
    );
  return database.version;
}
