import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeBuildRule } from '../rules/build-rule-store.ts';

/** Removes a rule. Records that it started stay. */
export default operation('DeleteRepoBuildRule', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    await removeBuildRule(context.db, params.RepoId, params.BuildRuleId);
    return {};
  },
});
