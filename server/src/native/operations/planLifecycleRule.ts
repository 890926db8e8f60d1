import { nativeOperation } from '../native-operation.ts';
import { beginForCaller } from '../replies/lifecycle-reply.ts';

/** `POST /lifecycle-rules/RULE/plans`: begins a dry run and does not wait for its end. */
export default nativeOperation('planLifecycleRule', (context, { ruleId }) =>
  beginForCaller(context, { ruleId, dryRun: true }),
);
