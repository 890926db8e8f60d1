import { ACCOUNT_AUTHOR } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { eventTransaction } from '#event/event-store.ts';
import { addAdvisories, insertAdvisorySet, publishAdvisorySet } from '../advisory/advisory-store.ts';
import { countSeverities, type Finding } from '../advisory/finding.ts';
import { endScan, insertScan, replaceFindings } from '../scan-store.ts';

const FINDING: Finding = {
  name: 'CVE-2023-1',
  alias: '',
  severity: 'High',
  kind: 'cve',
  package: 'libssl3',
  version: '3.0.9-1',
  fixedVersion: '3.0.10-1',
  format: 'dpkg',
  path: 'var/lib/dpkg/status',
  layer: 'sha256:1',
  link: '',
  description: '',
  fixCommand: '',
};

/** Imports an advisory, so that images can be scanned. */
export async function importOneAdvisory(db: Database, instanceId: string): Promise<void> {
  const setId = '00000000-0000-4000-8000-000000000001';
  await insertAdvisorySet(db, { setId, instanceId, name: 'a', source: 'OSV', createdBy: 'me', dataMs: 1, nowMs: 1 });
  const advisory = { ecosystem: 'Debian:12', package: 'openssl', name: 'CVE-2023-1', severity: 'High' as const };
  await addAdvisories(db, instanceId, setId, [{ ...advisory, ranges: [] }]);
  await publishAdvisorySet(db, instanceId, setId, 1);
}

/** Ends every scan that was asked for, with one finding. */
export async function finishScans(db: Database): Promise<void> {
  const scans = await db.selectFrom('scan').select('scan_id').where('status', '=', 'SCANNING').execute();
  for (const { scan_id } of scans) {
    await replaceFindings(db, scan_id, [FINDING]);
    const database = { version: 'a', dataMs: 1 };
    const end = { database, counts: countSeverities([FINDING]), unchecked: [] };
    await eventTransaction(db, (trx) => endScan(trx, scan_id, end, 2));
  }
}

/** A scan of an image that has ended. Returns its id. */
export async function scanUnderTest(
  db: Database,
  image: { instanceId: string; repoId: string; digest: string },
): Promise<string> {
  const scanId = `scan-${image.repoId}`;
  await insertScan(db, {
    scanId,
    ...image,
    type: 'VUL',
    scanner: 'slipway',
    by: 'me',
    author: ACCOUNT_AUTHOR,
    nowMs: 1,
  });
  await finishScans(db);
  return scanId;
}
