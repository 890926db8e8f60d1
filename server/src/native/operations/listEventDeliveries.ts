import { eventRuleNotFound } from '#event-rule/errors.ts';
import { listEventRules } from '#event-rule/event-rule-store.ts';
import { nativeOperation } from '../native-operation.ts';
import { deliveryPage } from '../replies/delivery-page.ts';

/** `GET /event-rules/RULE_ID/deliveries`: like the vendor's records, with the answers of the receiver. */
export default nativeOperation('listEventDeliveries', async ({ db, instanceId }, { ruleId, ...page }) => {
  const rules = await listEventRules(db, instanceId);
  if (!rules.some((rule) => rule.ruleId === ruleId)) throw eventRuleNotFound();
  return deliveryPage(db, ruleId, page);
});
