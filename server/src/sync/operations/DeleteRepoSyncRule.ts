import { getInstance } from '#instance/instance-store.ts';
import { operation } from '#rpc/operation.ts';
import { removeSyncRule } from '../sync-rule-store.ts';

/** Removes a rule. Tasks that it began continue. */
export default operation('DeleteRepoSyncRule', {
  async run({ db }, { InstanceId, SyncRuleId }) {
    await getInstance(db, InstanceId);
    await removeSyncRule(db, InstanceId, SyncRuleId);
    return {};
  },
});
