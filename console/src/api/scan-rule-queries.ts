import type { CallReply } from '@slipway/client/client.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient, currentSession } from '../session/session.ts';
import { getNative } from './native-api.ts';

const RULES_SHOWN = 100;

/** A rule about which images are scanned automatically. */
export type ScanRule = NonNullable<CallReply<'ListScanRule'>['ScanRules']>[number];

/** The scan rules of the instance. */
export function scanRulesQuery() {
  return queryOptions({
    queryKey: ['scan rules'],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, PageSize: RULES_SHOWN };
      return (await currentClient().call('ListScanRule', params, { signal })).ScanRules ?? [];
    },
  });
}

/** The advisories that scans look packages up in. */
export function advisorySetsQuery() {
  return queryOptions({
    queryKey: ['advisory sets'],
    queryFn: async ({ signal }) =>
      (await getNative<NativeCalls['listAdvisorySets']['reply']>('/advisory-sets', signal)).AdvisorySets,
  });
}
