import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { refuseWithoutBuilds } from '../errors.ts';
import { buildByRule } from '../rules/build-by-rule.ts';

export default operation('CreateBuildRecordByRule', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    refuseWithoutBuilds(context);
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const { InstanceId: instanceId, RepoId: repoId, BuildRuleId: buildRuleId } = params;
    const { buildRecordId } = await buildByRule(context, { instanceId, repoId, buildRuleId, push: undefined });
    return { BuildRecordId: buildRecordId };
  },
});
