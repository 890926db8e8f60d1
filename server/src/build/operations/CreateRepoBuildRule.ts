import { requesterOf } from '#account/requester.ts';
import { getInstance } from '#instance/instance-store.ts';
import { HOST_PLATFORM } from '#platform/platform.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { tooManyBuildRules } from '../errors.ts';
import { RULES_LIMIT } from '../rules/build-rule.ts';
import { insertBuildRule, listBuildRules } from '../rules/build-rule-store.ts';
import { checkedRuleInput } from '../rules/rule-input.ts';

export default operation('CreateRepoBuildRule', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const input = checkedRuleInput({
      pushType: params.PushType,
      pushName: params.PushName,
      imageTag: params.ImageTag,
      dockerfileLocation: params.DockerfileLocation ?? '/',
      dockerfileName: params.DockerfileName ?? 'Dockerfile',
      buildArgs: params.BuildArgs ?? [],
      platforms: params.Platforms ?? [HOST_PLATFORM],
    });
    const { total } = await listBuildRules(context.db, params.RepoId, { offset: 0, limit: 1 });
    if (total >= RULES_LIMIT) throw tooManyBuildRules(RULES_LIMIT);
    const nowMs = context.now();
    const buildRuleId = context.newId('crbr');
    await insertBuildRule(context.db, {
      ...input,
      buildRuleId,
      instanceId: params.InstanceId,
      repoId: params.RepoId,
      createdMs: nowMs,
      modifiedMs: nowMs,
      requester: requesterOf(context.principal),
    });
    return { BuildRuleId: buildRuleId };
  },
});
