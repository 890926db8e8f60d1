import { nativeOperation } from '../native-operation.ts';
import { beginForCaller } from '../replies/lifecycle-reply.ts';

/** `POST /lifecycle-rules/RULE/runs`: begins a run and does not wait for its end. A rule with DryRun has dry runs only. */
export default nativeOperation('runLifecycleRule', (context, { ruleId }) =>
  beginForCaller(context, { ruleId, dryRun: false }),
);
