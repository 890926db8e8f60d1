import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient } from '../session/session.ts';
import { getNative, queryOf } from './native-api.ts';

type TriggerList = NativeCalls['listTriggers']['reply'];
type DeliveryList = NativeCalls['listDeliveries']['reply'];

/** A trigger, with how its receiver does. */
export type Trigger = TriggerList['Triggers'][number];

/** One call of a trigger. */
export type Delivery = DeliveryList['Deliveries'][number];

/** The triggers of a repository. */
export function triggersQuery(namespace: string, name: string) {
  return queryOptions({
    queryKey: ['triggers', namespace, name],
    queryFn: async ({ signal }) =>
      (await getNative<TriggerList>(`/repositories/${namespace}/${name}/triggers`, signal)).Triggers,
  });
}

/** A page of what a trigger sent. */
export function deliveriesQuery(namespace: string, name: string, triggerId: string, cursor?: string) {
  const path = `/repositories/${namespace}/${name}/triggers/${triggerId}/deliveries${queryOf({ cursor })}`;
  return queryOptions({
    queryKey: ['triggers', namespace, name, triggerId, cursor],
    queryFn: ({ signal }) => getNative<DeliveryList>(path, signal),
    placeholderData: (before) => before,
  });
}

/** Replaces the secret of a trigger, and gives the new one. */
export async function renewTriggerSecret(namespace: string, name: string, triggerId: string): Promise<string> {
  return (await callNative(currentClient(), 'createTriggerSecret', { namespace, name, triggerId })).Secret;
}
