import { authorOf } from '#account/rule-author.ts';
import { insertEventRule } from '#event-rule/event-rule-store.ts';
import { checkEventReceiver, checkEventRule } from '#event-rule/given-event-rule.ts';
import { nativeOperation } from '../native-operation.ts';

/** `POST /event-rules`: the vendor makes rules only in its console. */
export default nativeOperation('createEventRule', async (context, given) => {
  const rule = {
    name: given.Name,
    eventType: given.EventType,
    scope: given.Scope ?? 'INSTANCE',
    namespaces: given.Namespaces ?? [],
    repoNames: given.RepoNames ?? [],
    tagPattern: given.RepoTagFilterPattern ?? '',
    method: given.Method,
  };
  checkEventRule(rule, { name: 'Name', scope: 'Scope' });
  const url = checkEventReceiver('Url', { method: rule.method, url: given.Url }, context.mail);
  const ruleId = context.newId('crecr');
  const [instanceId, nowMs] = [context.instanceId, context.now()];
  const author = authorOf(context, 'cr:CreateEventCenterRule', `instance/${instanceId}`);
  const stored = { ...rule, ruleId, instanceId, createdMs: nowMs, modifiedMs: nowMs, author };
  await insertEventRule(context, stored, url);
  return { RuleId: ruleId };
});
