import { authorOf } from '#account/rule-author.ts';
import { getInstance } from '#instance/instance-store.ts';
import { repositoryResource } from '#repository/repository-resource-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { givenPriorityFile } from '../acceleration.ts';
import { rightsOfConversion } from '../acceleration-denied.ts';
import { saveAccelerationRule } from '../acceleration-store.ts';
import { checkArtifactType } from '../given-artifact.ts';

/** A repository has one rule; a second call changes it, because the API has no other operation for that. */
export default operation('CreateArtifactBuildRule', {
  async unlessDenied({ db }, { InstanceId, ScopeId }) {
    const resource = await repositoryResource(db, InstanceId, ScopeId);
    return rightsOfConversion(resource ?? `repository/${InstanceId}/*/*`);
  },

  async run(context, { InstanceId, ArtifactType, ScopeId, Parameters }) {
    const { db, now, newId } = context;
    await getInstance(db, InstanceId);
    checkArtifactType(ArtifactType);
    const { repoId } = await getRepository(db, InstanceId, ScopeId);
    const rule = {
      ruleId: newId('crabr'),
      instanceId: InstanceId,
      repoId,
      priorityFile: givenPriorityFile(Parameters),
      author: authorOf(context, 'cr:CreateArtifactBuildRule', `instance/${InstanceId}`),
    };
    return { BuildRuleId: await saveAccelerationRule(db, rule, now()) };
  },
});
