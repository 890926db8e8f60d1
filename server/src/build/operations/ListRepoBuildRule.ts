import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { planPage } from '#rpc/page.ts';
import { listBuildRules } from '../rules/build-rule-store.ts';

export default operation('ListRepoBuildRule', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const page = planPage(params);
    const { rules, total } = await listBuildRules(context.db, params.RepoId, page);
    return {
      BuildRules: rules.map((rule) => ({
        BuildArgs: rule.buildArgs,
        BuildRuleId: rule.buildRuleId,
        DockerfileLocation: rule.dockerfileLocation,
        DockerfileName: rule.dockerfileName,
        ImageTag: rule.imageTag,
        Platforms: rule.platforms,
        PushName: rule.pushName,
        PushType: rule.pushType,
      })),
      PageNo: page.pageNo,
      PageSize: page.pageSize,
      TotalCount: String(total),
    };
  },
});
