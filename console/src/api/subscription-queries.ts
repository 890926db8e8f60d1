import type { CallReply } from '@slipway/client/client.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient, currentSession } from '../session/session.ts';
import { unlessRefused } from './polling.ts';

const RULES_SHOWN = 100;
const PAGE_SIZE = 20;
const RESULTS_SHOWN = 100;
const POLL_MS = 1000;
/** How often to ask for runs that the server began on its own schedule. */
const REST_MS = 10_000;

/** A rule that mirrors images of another registry. */
export type SubscriptionRule = NonNullable<CallReply<'ListArtifactSubscriptionRule'>['Rules']>[number];

/** One run of a rule. */
export type SubscriptionTask = NonNullable<CallReply<'ListArtifactSubscriptionTask'>['Tasks']>[number];

/** The subscription rules of the instance. */
export function subscriptionRulesQuery() {
  return queryOptions({
    queryKey: ['subscription rules'],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, PageSize: RULES_SHOWN };
      return (await currentClient().call('ListArtifactSubscriptionRule', params, { signal })).Rules ?? [];
    },
  });
}

/** A page of the runs of all rules; read again while one is in progress. */
export function subscriptionTasksQuery(page: number) {
  return queryOptions({
    queryKey: ['subscription tasks', page],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, PageNo: page, PageSize: PAGE_SIZE };
      const reply = await currentClient().call('ListArtifactSubscriptionTask', params, { signal });
      return { tasks: reply.Tasks ?? [], hasMore: Number(reply.TotalCount ?? 0) > page * PAGE_SIZE };
    },
    refetchInterval: ({ state }) =>
      unlessRefused(state, state.data?.tasks.some(({ TaskStatus }) => TaskStatus !== 'COMPLETED') ? POLL_MS : REST_MS),
    placeholderData: (before) => before,
  });
}

/** The result for each tag of a run. */
export function subscriptionResultsQuery(taskId: string) {
  return queryOptions({
    queryKey: ['subscription tasks', 'results', taskId],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, TaskId: taskId, PageSize: RESULTS_SHOWN };
      return (await currentClient().call('GetArtifactSubscriptionTaskResult', params, { signal })).TaskResults ?? [];
    },
  });
}
