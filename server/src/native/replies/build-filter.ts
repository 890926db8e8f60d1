import type { BuildFilter } from '#build/build-list-store.ts';
import type { NativeContext, NativeParams } from '../native-operation.ts';

type FilterParams = Pick<NativeParams<'listBuilds'>, 'status' | 'trigger' | 'branch' | 'author' | 'since' | 'until'>;

/** The filter that lists of builds and searches over them share: the builds that the caller may list, and fit the query. */
export function buildFilterOf(
  { instanceId, repoIds }: Pick<NativeContext, 'instanceId' | 'repoIds'>,
  { status, trigger, branch, author, since, until }: FilterParams,
): BuildFilter {
  return {
    instanceId,
    repoIds,
    statuses: status,
    triggers: trigger,
    branch,
    authorPrefix: author,
    sinceMs: since,
    untilMs: until,
  };
}
