import { authorOf } from '#account/rule-author.ts';
import { transaction } from '#db/transaction.ts';
import { getInstance } from '#instance/instance-store.ts';
import { coveredResources } from '#repository/repository-resource-store.ts';
import { operation } from '#rpc/operation.ts';
import { readGivenRule } from '../given-rule.ts';
import { rightsOfRetention } from '../lifecycle-denied.ts';
import { insertLifecycleRule } from '../lifecycle-store.ts';

/** Creates a rule about which tags to keep. It never runs before its next date. */
export default operation('CreateArtifactLifecycleRule', {
  async unlessDenied({ db }, { InstanceId, NamespaceName, RepoName }) {
    const resources = await coveredResources(db, InstanceId, { namespaceName: NamespaceName, name: RepoName });
    return rightsOfRetention(resources);
  },

  async run(context, params) {
    const { db, now, newId } = context;
    const { InstanceId: instanceId } = params;
    await getInstance(db, instanceId);
    const author = authorOf(context, 'cr:CreateArtifactLifecycleRule', `instance/${instanceId}`);
    const [ruleId, nowMs] = [newId('cralr'), now()];
    await transaction(db, async (db) => {
      const words = await readGivenRule(db, params);
      const times = { createdMs: nowMs, modifiedMs: nowMs, countedFromMs: nowMs };
      await insertLifecycleRule(db, { ...words, ...times, ruleId, instanceId, author });
    });
    return { RuleId: ruleId };
  },
});
