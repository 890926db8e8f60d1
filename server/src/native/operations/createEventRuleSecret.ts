import { changeReceiverSecret, newReceiverSecret } from '#delivery/receiver-store.ts';
import { eventRuleNotFound } from '#event-rule/errors.ts';
import { listEventRules } from '#event-rule/event-rule-store.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /event-rules/RULE_ID/secret` */
export default nativeOperation('createEventRuleSecret', async (context, { ruleId }) => {
  const rules = await listEventRules(context.db, context.instanceId);
  const rule = rules.find((each) => each.ruleId === ruleId);
  if (rule === undefined) throw eventRuleNotFound();
  if (rule.method === 'mail')
    throw invalidParameter('ruleId', 'this rule sends mail, which is not signed with a secret.');
  const secret = newReceiverSecret();
  await changeReceiverSecret(context, ruleId, secret);
  return { Secret: secret };
});
