import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient, currentSession } from '../session/session.ts';
import { getNative, queryOf } from './native-api.ts';
import { unlessRefused } from './polling.ts';
import { soughtRepository } from './sought-repository.ts';

/** A page of tags. */
type TagList = NativeCalls['listTags']['reply'];

const PAGE_SIZE = 30;
const RULES_SHOWN = 100;
const NAMESPACES_SHOWN = 100;
const ASK_AGAIN_MS = 500;

/** The namespaces of the instance. */
export function namespacesQuery() {
  return queryOptions({
    queryKey: ['namespaces'],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, PageSize: NAMESPACES_SHOWN };
      return (await currentClient().call('ListNamespace', params, { signal })).Namespaces ?? [];
    },
  });
}

/** A page of the repositories that a text finds: a part of a name, `team/` or `team/app`. */
export function repositoryListQuery(search: { name?: string; page?: number }) {
  return queryOptions({
    queryKey: ['repositories', search],
    queryFn: ({ signal }) =>
      currentClient().call(
        'ListRepository',
        {
          InstanceId: currentSession().instanceId,
          PageNo: search.page ?? 1,
          PageSize: PAGE_SIZE,
          ...soughtRepository(search.name ?? ''),
        },
        { signal },
      ),
    // A repository that is deleted is in the list until nothing of it is left.
    refetchInterval: ({ state }) =>
      unlessRefused(
        state,
        state.data?.Repositories?.some(({ RepoStatus }) => RepoStatus === 'DELETING') ? ASK_AGAIN_MS : false,
      ),
    placeholderData: (before) => before,
  });
}

/** Whether there are more repositories after a page of `repositoryListQuery`. */
export function hasMoreRepositories(reply: { TotalCount?: string | undefined }, page: number): boolean {
  return Number(reply.TotalCount ?? 0) > page * PAGE_SIZE;
}

/** A repository by its name. */
export function repositoryQuery(namespace: string, name: string) {
  return queryOptions({
    queryKey: ['repository', namespace, name],
    queryFn: ({ signal }) =>
      currentClient().call(
        'GetRepository',
        { InstanceId: currentSession().instanceId, RepoNamespaceName: namespace, RepoName: name },
        { signal },
      ),
  });
}

/** The rules of a repository. */
export function rulesQuery(repoId: string) {
  return queryOptions({
    queryKey: ['rules', repoId],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, RepoId: repoId, PageSize: RULES_SHOWN };
      return (await currentClient().call('ListRepoBuildRule', params, { signal })).BuildRules ?? [];
    },
  });
}

/** What a repository is built from. Refused with SOURCE_CODE_REPO_NOT_EXIST if it has no source. */
export function sourceQuery(repoId: string) {
  return queryOptions({
    queryKey: ['source', repoId],
    queryFn: ({ signal }) =>
      currentClient().call(
        'GetRepoSourceCodeRepo',
        { InstanceId: currentSession().instanceId, RepoId: repoId },
        { signal },
      ),
  });
}

/** Which tags a page shows, and in which order; kept in the URL. */
export interface TagSearch {
  contains?: string;
  sort?: 'time' | 'name' | 'size';
  cursor?: string | undefined;
}

/** A page of a repository's tags. */
export function tagsQuery(namespace: string, name: string, search: TagSearch) {
  return queryOptions({
    queryKey: ['tags', namespace, name, search],
    queryFn: ({ signal }) =>
      getNative<TagList>(`/repositories/${namespace}/${name}/tags${queryOf({ limit: PAGE_SIZE, ...search })}`, signal),
    placeholderData: (before) => before,
  });
}

/** The last tags of a repository that can be restored. */
export function removedTagsQuery(namespace: string, name: string) {
  return queryOptions({
    queryKey: ['tags', namespace, name, 'removed'],
    queryFn: async ({ signal }) => {
      const path = `/repositories/${namespace}/${name}/removed-tags`;
      return (await getNative<NativeCalls['listRemovedTags']['reply']>(path, signal)).Tags;
    },
  });
}

/** Sets a tag to one of its former images again. */
export function restoreTag(namespace: string, name: string, tag: string, digest: string) {
  return callNative(currentClient(), 'restoreTag', { namespace, name, tag, digest });
}

/** The lifecycle rules that cover a repository, and what their runs would remove from it now. */
export function lifecyclePlanQuery(namespace: string, name: string) {
  return queryOptions({
    queryKey: ['tags', namespace, name, 'lifecycle'],
    queryFn: ({ signal }) =>
      getNative<NativeCalls['planRepositoryLifecycle']['reply']>(
        `/repositories/${namespace}/${name}/lifecycle`,
        signal,
      ),
  });
}

/** Runs a lifecycle rule, and waits for its end. */
export async function runLifecycleRule(ruleId: string) {
  let run = await callNative(currentClient(), 'runLifecycleRule', { ruleId });
  while (run.EndTime === undefined) {
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    run = await callNative(currentClient(), 'getLifecycleRun', { runId: run.RunId });
  }
  return run;
}
