import { authorOf } from '#account/rule-author.ts';
import { getInstance } from '#instance/instance-store.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';
import { operation } from '#rpc/operation.ts';
import type { EventRule } from '../event-rule.ts';
import { changeEventRule } from '../event-rule-store.ts';
import { checkEventRule, readEventConfig } from '../given-event-rule.ts';

/** Changes the given parameters and keeps the rest. The resulting rule as a whole must be valid. */
export default operation('UpdateEventCenterRule', {
  async run(context, { InstanceId, RuleId, ...given }) {
    await getInstance(context.db, InstanceId);
    if (given.EventChannel !== undefined && given.EventChannel !== 'EVENT_BRIDGE')
      throw invalidParameter('EventChannel', 'it must be EVENT_BRIDGE.');
    const config = given.EventConfig === undefined ? undefined : readEventConfig(given.EventConfig, context.mail);
    await changeEventRule(context, { instanceId: InstanceId, ruleId: RuleId }, (before) => {
      const isOtherScope = given.EventScope !== undefined && given.EventScope !== before.scope;
      const rule: EventRule = {
        ...before,
        name: given.RuleName ?? before.name,
        eventType: given.EventType ?? before.eventType,
        scope: given.EventScope ?? before.scope,
        // The lists of one scope are useless for another.
        namespaces: given.Namespaces ?? (isOtherScope ? [] : before.namespaces),
        repoNames: given.RepoNames ?? (isOtherScope ? [] : before.repoNames),
        tagPattern: given.RepoTagFilterPattern ?? before.tagPattern,
        method: config?.method ?? before.method,
        modifiedMs: context.now(),
        author: authorOf(context, 'cr:UpdateEventCenterRule', `instance/${InstanceId}`),
      };
      checkEventRule(rule, { name: 'RuleName', scope: 'EventScope' });
      return { rule, url: config?.url };
    });
    return { RuleId };
  },
});
