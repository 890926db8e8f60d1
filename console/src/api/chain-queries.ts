import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { getNative, queryOf } from './native-api.ts';
import { unlessRefused } from './polling.ts';

const CHAINS_SHOWN = 100;
const EXECUTIONS_SHOWN = 20;
const POLL_MS = 2000;
/** How often to ask for what a push elsewhere may have begun. */
const REST_MS = 10_000;

type ChainList = NativeCalls['listChains']['reply'];
type ExecutionList = NativeCalls['listChainInstances']['reply'];

/** A delivery chain. */
export type Chain = ChainList['Chains'][number];

/** The way of one image through a chain. */
export type Execution = ExecutionList['ChainInstances'][number];

/** The delivery chains of the instance. */
export function chainsQuery() {
  return queryOptions({
    queryKey: ['chains'],
    queryFn: async ({ signal }) =>
      (await getNative<ChainList>(`/chains${queryOf({ limit: CHAINS_SHOWN })}`, signal)).Chains,
  });
}

/** A page of the images that went through chains, of a repository, a chain or all; read again while one is in progress. */
export function executionsQuery(of: { namespace?: string; name?: string; chainId?: string }, cursor?: string) {
  const path = `/chain-instances${queryOf({ ...of, limit: EXECUTIONS_SHOWN, cursor })}`;
  return queryOptions({
    queryKey: ['chains', 'executions', of, cursor],
    queryFn: ({ signal }) => getNative<ExecutionList>(path, signal),
    refetchInterval: ({ state }) =>
      unlessRefused(state, state.data?.ChainInstances.some(({ Status }) => Status === 'RUNNING') ? POLL_MS : REST_MS),
    placeholderData: (before) => before,
  });
}
