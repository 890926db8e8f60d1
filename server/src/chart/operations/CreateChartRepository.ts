import { getInstance } from '#instance/instance-store.ts';
import { nameMistake } from '#namespace/namespace.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { CHART_REPOSITORY_NAME_LIMIT, checkChartSummary } from '../chart.ts';
import { getChartNamespace } from '../chart-namespace-store.ts';
import { insertChartRepository } from '../chart-repository-store.ts';

export default operation('CreateChartRepository', {
  async run({ db, now, newId, quotas }, params) {
    const { InstanceId: instanceId, RepoNamespaceName: namespaceName, RepoName: name, Summary: summary = '' } = params;
    await getInstance(db, instanceId);
    const mistake = nameMistake(name, CHART_REPOSITORY_NAME_LIMIT);
    if (mistake) throw invalidParameter('RepoName', `${JSON.stringify(name)}: ${mistake}`);
    checkChartSummary(summary);
    const { defaultRepoType } = await getChartNamespace(db, instanceId, namespaceName);
    const repoId = newId('crcr');
    const nowMs = now();
    const repository = {
      repoId,
      instanceId,
      namespaceName,
      name,
      summary,
      revision: 0,
      createdMs: nowMs,
      modifiedMs: nowMs,
      type: params.RepoType ?? defaultRepoType,
    };
    await insertChartRepository(db, repository, quotas.chartRepositories);
    return { RepoId: repoId };
  },
});
