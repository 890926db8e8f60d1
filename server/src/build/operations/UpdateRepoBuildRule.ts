import { requesterOf } from '#account/requester.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { getBuildRule, updateBuildRule } from '../rules/build-rule-store.ts';
import { checkedRuleInput } from '../rules/rule-input.ts';

/** Changes the given parameters and keeps the rest. The resulting rule as a whole must be valid. */
export default operation('UpdateRepoBuildRule', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const rule = await getBuildRule(context.db, params.RepoId, params.BuildRuleId);
    const input = checkedRuleInput({
      pushType: params.PushType ?? rule.pushType,
      pushName: params.PushName ?? rule.pushName,
      imageTag: params.ImageTag ?? rule.imageTag,
      dockerfileLocation: params.DockerfileLocation ?? rule.dockerfileLocation,
      dockerfileName: params.DockerfileName ?? rule.dockerfileName,
      buildArgs: params.BuildArgs ?? rule.buildArgs,
      platforms: params.Platforms ?? rule.platforms,
    });
    await updateBuildRule(context.db, {
      ...rule,
      ...input,
      modifiedMs: context.now(),
      requester: requesterOf(context.principal),
    });
    return { BuildRuleId: rule.buildRuleId };
  },
});
