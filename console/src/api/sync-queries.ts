import type { CallReply } from '@slipway/client/client.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient, currentSession } from '../session/session.ts';
import { unlessRefused } from './polling.ts';

const RULES_SHOWN = 100;
const PAGE_SIZE = 20;
const POLL_MS = 1000;
/** How often to ask for what a push elsewhere may have begun. */
const REST_MS = 10_000;

type SyncRules = NonNullable<CallReply<'ListRepoSyncRule'>['SyncRules']>;
type SyncTasks = NonNullable<CallReply<'ListRepoSyncTask'>['SyncTasks']>;

/** A rule that copies images to other repositories or registries. */
export type SyncRule = SyncRules[number];

/** One copy of a tag. */
export type SyncTask = SyncTasks[number];

/** The replication rules of the instance. */
export function syncRulesQuery() {
  return queryOptions({
    queryKey: ['sync rules'],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, PageSize: RULES_SHOWN };
      return (await currentClient().call('ListRepoSyncRule', params, { signal })).SyncRules ?? [];
    },
  });
}

/** A page of the copies of a repository, or of all; read again while one is in progress. */
export function syncTasksQuery(of: { namespace?: string; name?: string }, page: number) {
  return queryOptions({
    queryKey: ['sync tasks', of, page],
    queryFn: async ({ signal }) => {
      const params = {
        InstanceId: currentSession().instanceId,
        PageNo: page,
        PageSize: PAGE_SIZE,
        RepoNamespaceName: of.namespace,
        RepoName: of.name,
      };
      const { SyncTasks = [], TotalCount = '0' } = await currentClient().call('ListRepoSyncTask', params, { signal });
      return { tasks: SyncTasks, hasMore: Number(TotalCount) > page * PAGE_SIZE };
    },
    refetchInterval: ({ state }) => unlessRefused(state, state.data?.tasks.some(isCopying) ? POLL_MS : REST_MS),
    placeholderData: (before) => before,
  });
}

/** Whether a copy waits or runs. */
export function isCopying({ TaskStatus: status }: SyncTask): boolean {
  return status === 'PENDING' || status === 'SYNCHRONIZING';
}

/** Sends what a form has, with the instance and region that an empty target means. */
export function sendToTarget(action: 'CreateRepoSyncRule' | 'CreateRepoSyncTask') {
  return (given: Readonly<Record<string, unknown>>) => {
    const { instanceId: InstanceId, regionId } = currentSession();
    const target = { TargetInstanceId: InstanceId, TargetRegionId: regionId };
    const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    // A region without an instance would name another place than the form shows.
    const { elsewhere, ...rest } = named;
    return currentClient().callAny(action, { InstanceId, ...target, ...rest });
  };
}
