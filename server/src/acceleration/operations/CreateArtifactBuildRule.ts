import { getInstance } from '#instance/instance-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import { operation } from '#rpc/operation.ts';
import { givenPriorityFile } from '../acceleration.ts';
import { saveAccelerationRule } from '../acceleration-store.ts';
import { checkArtifactType } from '../given-artifact.ts';

/** A repository has one rule; a second call changes it, as the API has no other way to. */
export default operation('CreateArtifactBuildRule', {
  async run({ db, now, newId }, { InstanceId, ArtifactType, ScopeId, Parameters }) {
    await getInstance(db, InstanceId);
    checkArtifactType(ArtifactType);
    const { repoId } = await getRepository(db, InstanceId, ScopeId);
    const rule = {
      ruleId: newId('crabr'),
      instanceId: InstanceId,
      repoId,
      priorityFile: givenPriorityFile(Parameters),
    };
    return { BuildRuleId: await saveAccelerationRule(db, rule, now()) };
  },
});
