import type { Database } from '../../../server/src/db/database.ts';
import type { Action } from '../../../server/src/rpc/spec.gen.ts';
import { finishScans, importOneAdvisory } from '../../../server/src/scan/testing/finished-scan.ts';

/** Calls the operations of scans for an image: its repository is `app` of the namespace. */
export async function callScans(
  db: Database,
  call: (action: Action, params: Record<string, string>) => Promise<unknown>,
  { NamespaceName, ...image }: { InstanceId: string; RepoId: string; Tag: string; NamespaceName: string },
): Promise<void> {
  await importOneAdvisory(db, image.InstanceId);
  await call('CreateRepoTagScanTask', { ...image, ScanType: 'VUL' });
  await finishScans(db);
  for (const action of ['GetRepoTagScanStatus', 'GetRepoTagScanSummary', 'ListRepoTagScanResult'] as const)
    await call(action, image);
  const { InstanceId } = image;
  const rule = { InstanceId, RuleName: 'r', ScanScope: 'REPO', TriggerType: 'AUTO', RepoTagFilterPattern: '.*' };
  const given = { ...rule, Namespaces: JSON.stringify([NamespaceName]), RepoNames: '["app"]' };
  const { ScanRuleId = '' } = (await call('CreateScanRule', given)) as { ScanRuleId?: string };
  await call('UpdateScanRule', { ...given, ScanRuleId });
  await call('GetScanRule', { InstanceId, ScanRuleId });
  await call('ListScanRule', { InstanceId });
  await call('DeleteScanRule', { InstanceId, ScanRuleId });
}
