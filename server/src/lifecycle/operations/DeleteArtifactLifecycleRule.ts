import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeLifecycleRule } from '../lifecycle-store.ts';

/** Removes a rule. A run in progress stops; what it removed so far can be restored. */
export default operation('DeleteArtifactLifecycleRule', {
  async run({ db }, { InstanceId, RuleId }) {
    await getInstance(db, InstanceId);
    await removeLifecycleRule(db, InstanceId, RuleId);
    return {};
  },
});
