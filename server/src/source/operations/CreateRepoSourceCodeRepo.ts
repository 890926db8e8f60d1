import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource.ts';
import { getRepository } from '#repository/repository-store.ts';
import { invalidParameter } from '#rpc/api-error.ts';
import { parameterNotImplemented } from '#rpc/not-implemented.ts';
import { operation } from '#rpc/operation.ts';
import { isCodeRepoPath } from '../source.ts';
import { insertSourceBinding } from '../source-store.ts';

export default operation('CreateRepoSourceCodeRepo', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    for (const name of ['CodeRepoNamespaceName', 'CodeRepoName'] as const)
      if (!isCodeRepoPath(params[name]))
        throw invalidParameter(name, `${JSON.stringify(params[name])} is not the path of a code repository`);
    if (params.AutoBuild) throw parameterNotImplemented('AutoBuild');
    const nowMs = context.now();
    await insertSourceBinding(context.db, {
      repoId: params.RepoId,
      instanceId: params.InstanceId,
      codeRepoType: params.CodeRepoType,
      codeRepoNamespaceName: params.CodeRepoNamespaceName,
      codeRepoName: params.CodeRepoName,
      autoBuild: false,
      overseaBuild: params.OverseaBuild ?? false,
      disableCacheBuild: params.DisableCacheBuild ?? false,
      createdMs: nowMs,
      modifiedMs: nowMs,
    });
    return {};
  },
});
