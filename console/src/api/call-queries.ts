import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient } from '../session/session.ts';

/** A page of the record of calls. */
export function callsQuery(filter: NativeCalls['listCalls']['params']) {
  return queryOptions({
    queryKey: ['calls', filter],
    queryFn: () => callNative(currentClient(), 'listCalls', filter),
    placeholderData: (before: NativeCalls['listCalls']['reply'] | undefined) => before,
  });
}
