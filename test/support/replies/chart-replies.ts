import { insertChartRelease } from '../../../server/src/chart/chart-release-store.ts';
import type { Database } from '../../../server/src/db/database.ts';
import type { ReplyUnderTest } from '../../../server/src/gateway/testing/caller.ts';
import type { Action } from '../../../server/src/rpc/spec.gen.ts';

/** Calls every operation about charts once with a good reply. */
export async function callAboutCharts(
  call: (action: Action, params: Record<string, string>) => Promise<ReplyUnderTest['body']>,
  db: Database,
  namespace: { InstanceId: string; NamespaceName: string },
): Promise<void> {
  const { InstanceId, NamespaceName } = namespace;
  const repository = { InstanceId, RepoNamespaceName: NamespaceName, RepoName: 'charts' };
  await call('CreateChartNamespace', { ...namespace, AutoCreateRepo: 'true', DefaultRepoType: 'PRIVATE' });
  const { RepoId } = await call('CreateChartRepository', { ...repository, RepoType: 'PRIVATE', Summary: 'ours' });
  const release = { chart: 'web', version: '1.0.0', sha256: 'a'.repeat(64), sizeBytes: 1, metadata: '{}', pushedMs: 1 };
  const stored = { ...release, pushedBy: 'me', provenance: undefined, objectKey: 'charts/1' };
  await insertChartRelease(db, RepoId, stored, false);
  await call('UpdateChartNamespace', { ...namespace, AutoCreateRepo: 'false' });
  await call('GetChartNamespace', namespace);
  await call('ListChartNamespace', { InstanceId });
  await call('UpdateChartRepository', { ...repository, Summary: 'all' });
  await call('GetChartRepository', repository);
  await call('ListChartRepository', { InstanceId });
  await call('ListChartRelease', repository);
  await call('DeleteChartRelease', { ...repository, Chart: 'web', Release: '1.0.0' });
  await call('DeleteChartRepository', repository);
  await call('DeleteChartNamespace', namespace);
}
