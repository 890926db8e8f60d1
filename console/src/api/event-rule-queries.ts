import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient, currentSession } from '../session/session.ts';
import { getNative, queryOf } from './native-api.ts';

type EventRuleList = NativeCalls['listEventRules']['reply'];

/** A rule that sends events, with how its receiver does. */
export type EventRule = EventRuleList['Rules'][number];

/** What can be sent, and the words for it. */
export const EVENT_TYPES = {
  'cr:Artifact:PushCompleted': 'An image was pushed',
  'cr:Artifact:BuildCompleted': 'A build ended',
  'cr:Artifact:ScanCompleted': 'An image was scanned',
  'cr:Artifact:SynchronizationCompleted': 'An image was copied',
  'cr:Artifact:DeliveryChainCompleted': 'A delivery chain ended',
} as const;

/** The event rules of the instance. */
export function eventRulesQuery() {
  return queryOptions({
    queryKey: ['event rules'],
    queryFn: async ({ signal }) => (await getNative<EventRuleList>('/event-rules', signal)).Rules,
  });
}

/** A page of what a rule sent. */
export function eventDeliveriesQuery(ruleId: string, cursor?: string) {
  const path = `/event-rules/${ruleId}/deliveries${queryOf({ cursor })}`;
  return queryOptions({
    queryKey: ['event rules', ruleId, cursor],
    queryFn: ({ signal }) => getNative<NativeCalls['listEventDeliveries']['reply']>(path, signal),
    placeholderData: (before) => before,
  });
}

/** Makes a rule. */
export function createEventRule(rule: object) {
  const given = rule as NativeCalls['createEventRule']['params'];
  return callNative(currentClient(), 'createEventRule', { ...given, Url: receiverOf(given.Method, given.Url) });
}

/** People enter mail addresses alone. */
function receiverOf(method: string, entered: string): string {
  return method === 'mail' && !entered.startsWith('mailto:') ? `mailto:${entered}` : entered;
}

/** Changes a rule. Address and method are one parameter of the API; without an address both stay. */
export function changeEventRule(rule: EventRule, given: Readonly<Record<string, unknown>>) {
  const { EventConfig: url, Method: method, ...rest } = given;
  if (url === undefined && method !== rule.Method)
    throw new Error('Enter the address too: how events are sent changes with it.');
  const config =
    url && JSON.stringify({ notifyMethod: method, notifyConfig: { Url: receiverOf(String(method), String(url)) } });
  // What was emptied is sent, or it would stay.
  const kept = { Namespaces: [], RepoNames: [], RepoTagFilterPattern: '' };
  const entered = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const changes = { ...kept, ...entered, ...(config === undefined ? {} : { EventConfig: config }) };
  const { instanceId: InstanceId } = currentSession();
  return currentClient().callAny('UpdateEventCenterRule', { InstanceId, RuleId: rule.RuleId, ...changes });
}
