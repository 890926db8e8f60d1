import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { coveredResources } from '#repository/repository-resource-store.ts';
import { operation } from '#rpc/operation.ts';
import { readGivenRule } from '../given-rule.ts';
import { rightsOfRetention } from '../lifecycle-denied.ts';
import { getLifecycleRule, replaceLifecycleRule } from '../lifecycle-store.ts';

/** Replaces all fields of a rule, including those that the call leaves out. A run in progress stops. */
export default operation('UpdateArtifactLifecycleRule', {
  async unlessDenied({ db }, { InstanceId, NamespaceName, RepoName }) {
    const resources = await coveredResources(db, InstanceId, { namespaceName: NamespaceName, name: RepoName });
    return rightsOfRetention(resources);
  },

  async run(context, params) {
    const { db, now } = context;
    const { InstanceId: instanceId, RuleId: ruleId } = params;
    await getInstance(db, instanceId);
    const author = authorOf(context, 'cr:UpdateArtifactLifecycleRule', `instance/${instanceId}`);
    await transaction(db, async (db) => {
      const before = await getLifecycleRule(db, instanceId, ruleId);
      const words = await readGivenRule(db, params);
      // A rule's time of change identifies its version, even for two changes within a millisecond.
      const nowMs = Math.max(now(), before.modifiedMs + 1);
      await replaceLifecycleRule(db, { ...words, ruleId, instanceId, modifiedMs: nowMs, countedFromMs: nowMs, author });
    });
    return {};
  },
});
