import { getInstance } from '#instance/instance-store.ts';
import { nameMistake } from '#namespace/namespace.ts';
import { getNamespace } from '#namespace/namespace-store.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { checkSummary, REPOSITORY_NAME_LIMIT, type Repository } from '../repository.ts';
import { insertRepository } from '../repository-store.ts';

export default operation('CreateRepository', {
  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    const mistake = nameMistake(params.RepoName, REPOSITORY_NAME_LIMIT);
    if (mistake) throw invalidParameter('RepoName', `${JSON.stringify(params.RepoName)}: ${mistake}`);
    checkSummary(params.Summary);
    const namespace = await getNamespace(context.db, params.InstanceId, params.RepoNamespaceName);
    const nowMs = context.now();
    const repoId = context.newId('crr');
    const repository: Repository = {
      repoId,
      instanceId: params.InstanceId,
      namespaceName: params.RepoNamespaceName,
      name: params.RepoName,
      type: params.RepoType,
      summary: params.Summary,
      detail: params.Detail,
      tagImmutability: params.TagImmutability ?? namespace.defaultTagImmutability,
      status: 'NORMAL',
      createdMs: nowMs,
      modifiedMs: nowMs,
    };
    await insertRepository(context.db, repository, context.quotas.repositories);
    return { RepoId: repoId };
  },
});
