import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient } from '../session/session.ts';
import { getNative } from './native-api.ts';
import { unlessRefused } from './polling.ts';

/** One delivery of a code host. */
export type HookDelivery = NativeCalls['getHook']['reply']['Deliveries'][number];

const LOOK_AGAIN_MS = 5000;
/** Long enough to open a form twice without asking the code host twice. */
const REFS_FRESH_MS = 30_000;

/** The address for push events, and what code hosts sent; read again, because someone may be setting it up now. */
export function hookQuery(namespace: string, name: string) {
  return queryOptions({
    queryKey: ['hook', namespace, name],
    queryFn: ({ signal }) =>
      getNative<NativeCalls['getHook']['reply']>(`/repositories/${namespace}/${name}/hook`, signal),
    refetchInterval: ({ state }) => unlessRefused(state, LOOK_AGAIN_MS),
  });
}

/** Makes a new address and secret, and ends the old ones. */
export function makeHook(namespace: string, name: string) {
  return callNative(currentClient(), 'createHook', { namespace, name });
}

/** Has a delivery processed again. */
export function redeliver(namespace: string, name: string, deliveryId: string) {
  return callNative(currentClient(), 'redeliverHook', { namespace, name, deliveryId });
}

/** Whether a build could read the source, and its branches and tags. */
export function sourceRefsQuery(namespace: string, name: string) {
  return queryOptions({
    queryKey: ['source refs', namespace, name],
    queryFn: ({ signal }) =>
      getNative<NativeCalls['listSourceRefs']['reply']>(`/repositories/${namespace}/${name}/source/refs`, signal),
    staleTime: REFS_FRESH_MS,
    retry: false,
  });
}

/** Builds a rule without a push. A rule with a pattern needs the branch or tag. */
export function buildRule(namespace: string, name: string, buildRuleId: string, push?: string) {
  return callNative(currentClient(), 'buildRule', { namespace, name, buildRuleId, push });
}
