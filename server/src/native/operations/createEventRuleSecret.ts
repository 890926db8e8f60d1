import { changeReceiverSecret, newReceiverSecret } from '#delivery/receiver-store.ts';
import { eventRuleNotFound } from '#event-rule/errors.ts';
import { listEventRules } from '#event-rule/event-rule-store.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /event-rules/RULE_ID/secret` */
export default nativeOperation('createEventRuleSecret', async (context, { ruleId }) => {
  const rules = await listEventRules(context.db, context.instanceId);
  if (!rules.some((rule) => rule.ruleId === ruleId)) throw eventRuleNotFound();
  const secret = newReceiverSecret();
  await changeReceiverSecret(context, ruleId, secret);
  return { Secret: secret };
});
