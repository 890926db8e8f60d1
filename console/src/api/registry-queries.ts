import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient, currentSession } from '../session/session.ts';
import { getNative } from './native-api.ts';
import { unlessRefused } from './polling.ts';

const LIFECYCLE_RULES_SHOWN = 100;
const POLL_MS = 1000;

/** What an endpoint serves, in the API's words. */
export type Module = 'Registry' | 'Chart';

/** How many of its repositories, namespaces and networks the instance has. */
export function usageQuery() {
  return queryOptions({
    queryKey: ['usage'],
    queryFn: ({ signal }) =>
      currentClient().call('GetInstanceUsage', { InstanceId: currentSession().instanceId }, { signal }),
  });
}

/** The instance itself. */
export function instanceQuery() {
  return queryOptions({
    queryKey: ['instance'],
    queryFn: ({ signal }) =>
      currentClient().call('GetInstance', { InstanceId: currentSession().instanceId }, { signal }),
  });
}

/** The layer caches of builds on this machine. */
export function cachesQuery() {
  return queryOptions({
    queryKey: ['caches'],
    queryFn: async ({ signal }) => (await getNative<NativeCalls['listCaches']['reply']>('/caches', signal)).Caches,
  });
}

/** Whether garbage is collected now, and what the last collection removed. */
export function garbageQuery() {
  return queryOptions({
    queryKey: ['garbage'],
    queryFn: ({ signal }) => getNative<NativeCalls['getGarbageCollection']['reply']>('/garbage-collection', signal),
    refetchInterval: ({ state }) => unlessRefused(state, state.data?.RunningSince === undefined ? false : POLL_MS),
  });
}

/** The endpoint to the internet, with its allow-list and host names. */
export function endpointQuery(module: Module) {
  return queryOptions({
    queryKey: ['endpoints', module],
    queryFn: ({ signal }) =>
      currentClient().call(
        'GetInstanceEndpoint',
        { InstanceId: currentSession().instanceId, EndpointType: 'internet', ModuleName: module },
        { signal },
      ),
  });
}

/** The networks whose clients reach the endpoint whatever its allow-list says. */
export function networksQuery(module: Module) {
  return queryOptions({
    queryKey: ['endpoints', module, 'networks'],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, ModuleName: module };
      return (await currentClient().call('GetInstanceVpcEndpoint', params, { signal })).LinkedVpcs ?? [];
    },
  });
}

/** The lifecycle rules of the instance. */
export function lifecycleRulesQuery() {
  return queryOptions({
    queryKey: ['lifecycle rules'],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, PageSize: LIFECYCLE_RULES_SHOWN };
      return (await currentClient().call('ListArtifactLifecycleRule', params, { signal })).Rules ?? [];
    },
  });
}

/** The last runs of the lifecycle rules. */
export function lifecycleRunsQuery() {
  return queryOptions({
    queryKey: ['lifecycle rules', 'runs'],
    queryFn: async ({ signal }) =>
      (await getNative<NativeCalls['listLifecycleRuns']['reply']>('/lifecycle-runs', signal)).Runs,
  });
}
