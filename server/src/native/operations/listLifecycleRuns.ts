import { listRuns } from '#lifecycle/run-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { lifecycleReply } from '../replies/lifecycle-reply.ts';

const LIST_DEFAULT = 30;

/** `GET /lifecycle-runs` */
export default nativeOperation('listLifecycleRuns', async (context, { rule: ruleId, limit = LIST_DEFAULT }) => {
  const runs = await listRuns(context.db, { instanceId: context.instanceId, ruleId }, limit);
  return { Runs: runs.map(lifecycleReply) };
});
