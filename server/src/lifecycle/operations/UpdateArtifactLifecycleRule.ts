import { getInstance } from '#instance/instance-store.ts';
import { coveredResources } from '#repository/repository-resource-store.ts';
import { operation } from '#rpc/operation.ts';
import { readGivenRule } from '../given-rule.ts';
import { getLifecycleRule, replaceLifecycleRule } from '../lifecycle-store.ts';

/** Replaces all fields of a rule, including those that the call leaves out. A run in progress stops. */
export default operation('UpdateArtifactLifecycleRule', {
  async unlessDenied({ db }, { InstanceId, NamespaceName, RepoName }) {
    const resources = await coveredResources(db, InstanceId, { namespaceName: NamespaceName, name: RepoName });
    return resources.map((resource) => ({ action: 'cr:DeleteRepositoryTag', resource }));
  },

  async run({ db, now }, params) {
    const { InstanceId: instanceId, RuleId: ruleId } = params;
    await getInstance(db, instanceId);
    await db.transaction().execute(async (db) => {
      const before = await getLifecycleRule(db, instanceId, ruleId);
      const words = await readGivenRule(db, params);
      // A rule's time of change identifies its version, even for two changes within a millisecond.
      const nowMs = Math.max(now(), before.modifiedMs + 1);
      await replaceLifecycleRule(db, { ...words, ruleId, instanceId, modifiedMs: nowMs, countedFromMs: nowMs });
    });
    return {};
  },
});
