import { getInstance } from '#instance/instance-store.ts';
import { missingParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import { findAccelerationRule } from '../acceleration-store.ts';
import { accelerationRuleNotFound } from '../errors.ts';
import { checkArtifactType } from '../given-artifact.ts';

export default operation('GetArtifactBuildRule', {
  async run({ db }, { InstanceId, BuildRuleId: ruleId, ScopeId: repoId, ArtifactType = 'ACCELERATED_IMAGE' }) {
    await getInstance(db, InstanceId);
    checkArtifactType(ArtifactType);
    if (ruleId === undefined && repoId === undefined) throw missingParameter('BuildRuleId');
    const named = ruleId === undefined ? { repoId: repoId ?? '' } : { ruleId };
    const rule = await findAccelerationRule(db, InstanceId, named);
    // If both are given, the id must be that of the repository's rule.
    if (!rule || (repoId ?? rule.repoId) !== rule.repoId) throw accelerationRuleNotFound();
    return {
      ArtifactType: 'ACCELERATED_IMAGE',
      BuildRuleId: rule.ruleId,
      Parameters: { ImageIndexOnly: false, PriorityFile: rule.priorityFile },
      ScopeId: rule.repoId,
      ScopeType: 'REPOSITORY',
    };
  },
});
