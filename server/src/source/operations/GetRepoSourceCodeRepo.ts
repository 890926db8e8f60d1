import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { findCodeHost } from '../hosts/code-host-store.ts';
import { getSourceBinding } from '../source-store.ts';

export default operation('GetRepoSourceCodeRepo', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const binding = await getSourceBinding(context.db, params.RepoId);
    const host = await findCodeHost(context.db, params.InstanceId, binding.codeRepoType);
    return {
      AutoBuild: String(binding.autoBuild),
      CodeRepoDomain: host?.baseUrl,
      CodeRepoName: binding.codeRepoName,
      CodeRepoNamespaceName: binding.codeRepoNamespaceName,
      CodeRepoType: binding.codeRepoType,
      DisableCacheBuild: String(binding.disableCacheBuild),
      OverseaBuild: String(binding.overseaBuild),
      RepoId: binding.repoId,
    };
  },
});
