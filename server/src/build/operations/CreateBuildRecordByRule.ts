import { requesterOf } from '#account/requester.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { getSourceBinding } from '#source/source-store.ts';
import { dockerfilePath } from '../build.ts';
import { insertBuildRecord } from '../build-store.ts';
import { buildRuleNotLiteral, refuseWithoutBuilds } from '../errors.ts';
import { requestersByRule } from '../request/build-requesters.ts';
import { getBuildRule } from '../rules/build-rule-store.ts';
import { isPushPattern } from '../rules/push-pattern.ts';

export default operation('CreateBuildRecordByRule', {
  resource: (context, params) => repositoryResource(context.db, params.InstanceId, params.RepoId),

  async run(context, params) {
    refuseWithoutBuilds(context);
    await getInstance(context.db, params.InstanceId);
    await getRepository(context.db, params.InstanceId, params.RepoId);
    const rule = await getBuildRule(context.db, params.RepoId, params.BuildRuleId);
    if (isPushPattern(rule.pushName)) throw buildRuleNotLiteral(rule.pushName);
    const binding = await getSourceBinding(context.db, params.RepoId);
    const buildRecordId = context.newBuildRecordId();
    await insertBuildRecord(context.db, {
      buildRecordId,
      instanceId: params.InstanceId,
      repoId: params.RepoId,
      imageTag: rule.imageTag,
      source: {
        kind: 'code-host',
        type: binding.codeRepoType,
        namespaceName: binding.codeRepoNamespaceName,
        name: binding.codeRepoName,
        ref: `${rule.pushType === 'GIT_TAG' ? 'refs/tags' : 'refs/heads'}/${rule.pushName}`,
      },
      dockerfile: dockerfilePath(rule.dockerfileLocation, rule.dockerfileName) ?? 'Dockerfile',
      buildArgs: rule.buildArgs,
      options: { platforms: [...rule.platforms] },
      useCache: !binding.disableCacheBuild,
      createdMs: context.now(),
      requesters: requestersByRule(requesterOf(context.principal), rule, binding),
      buildRuleId: rule.buildRuleId,
      trigger: 'rule',
    });
    context.buildQueued();
    return { BuildRecordId: buildRecordId };
  },
});
