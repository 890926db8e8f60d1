import type { Database } from '../../server/src/db/database.ts';
import type { Action } from '../../server/src/rpc/spec.gen.ts';
import { finishScans, importOneAdvisory } from '../../server/src/scan/testing/finished-scan.ts';

/** Calls the operations of scans for an image: `image` names its instance, repository and tag. */
export async function callScans(
  db: Database,
  call: (action: Action, params: Record<string, string>) => Promise<unknown>,
  image: { InstanceId: string; RepoId: string; Tag: string },
): Promise<void> {
  await importOneAdvisory(db, image.InstanceId);
  await call('CreateRepoTagScanTask', { ...image, ScanType: 'VUL' });
  await finishScans(db);
  for (const action of ['GetRepoTagScanStatus', 'GetRepoTagScanSummary', 'ListRepoTagScanResult'] as const)
    await call(action, image);
}
