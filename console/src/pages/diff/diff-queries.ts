import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import type { LogPage } from '../../api/build.ts';
import { getNative, queryOf } from '../../api/native-api.ts';

export type Diff = NativeCalls['diffBuilds']['reply'];

/** Lines of one request, behind the lines that are aligned. */
export const PAGE_LINES = 200;
/** How long a page stays in memory after it was scrolled away. */
const PAGE_KEPT_MS = 15_000;

/** Where a build differs from another one; from the last good one before it if `other` is undefined. */
export function diffQuery(id: string, other: string | undefined) {
  return queryOptions({
    queryKey: ['build', id, 'diff', other],
    queryFn: ({ signal }) => getNative<Diff>(`/builds/${id}/diff${queryOf({ with: other })}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Lines of a log, after the first `offset` ones. */
export function linesQuery(id: string, offset: number, limit: number) {
  return queryOptions({
    queryKey: ['build', id, 'lines', offset, limit],
    queryFn: ({ signal }) => getNative<LogPage>(`/builds/${id}/log${queryOf({ offset, limit })}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: PAGE_KEPT_MS,
  });
}
