import { requesterOf } from '#account/requester.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { checkBindingInput } from '../source-input.ts';
import { insertSourceBinding } from '../source-store.ts';

export default operation('CreateRepoSourceCodeRepo', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    checkBindingInput(params);
    const nowMs = context.now();
    await insertSourceBinding(context.db, {
      repoId: params.RepoId,
      instanceId: params.InstanceId,
      codeRepoType: params.CodeRepoType,
      codeRepoNamespaceName: params.CodeRepoNamespaceName,
      codeRepoName: params.CodeRepoName,
      autoBuild: params.AutoBuild ?? false,
      overseaBuild: params.OverseaBuild ?? false,
      disableCacheBuild: params.DisableCacheBuild ?? false,
      createdMs: nowMs,
      modifiedMs: nowMs,
      requester: requesterOf(context.principal),
    });
    return {};
  },
});
