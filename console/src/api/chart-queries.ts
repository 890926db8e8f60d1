import { readApiError } from '@slipway/client/api-call-error.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient, currentSession } from '../session/session.ts';
import { saveFile } from '../ui/save-file.ts';

const SHOWN = 100;
const PAGE_SIZE = 30;

/** The namespaces of charts. */
export function chartNamespacesQuery() {
  return queryOptions({
    queryKey: ['charts', 'namespaces'],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, PageSize: SHOWN };
      return (await currentClient().call('ListChartNamespace', params, { signal })).Namespaces ?? [];
    },
  });
}

/** The chart repositories. */
export function chartRepositoriesQuery() {
  return queryOptions({
    queryKey: ['charts', 'repositories'],
    queryFn: async ({ signal }) => {
      const params = { InstanceId: currentSession().instanceId, PageSize: SHOWN };
      return (await currentClient().call('ListChartRepository', params, { signal })).Repositories ?? [];
    },
  });
}

/** A page of the charts of a repository, most recently pushed first. */
export function chartReleasesQuery(namespace: string, name: string, page = 1) {
  return queryOptions({
    queryKey: ['charts', 'releases', namespace, name, page],
    queryFn: async ({ signal }) => {
      const repository = { RepoNamespaceName: namespace, RepoName: name };
      const params = { InstanceId: currentSession().instanceId, ...repository, PageNo: page, PageSize: PAGE_SIZE };
      const { ChartReleases = [], TotalCount } = await currentClient().call('ListChartRelease', params, { signal });
      return { releases: ChartReleases, hasMore: Number(TotalCount ?? 0) > page * PAGE_SIZE };
    },
    placeholderData: (before) => before,
  });
}

/** Saves a packed chart as a file. Throws `ApiCallError` if the server refuses. */
export async function downloadChart(namespace: string, name: string, file: string): Promise<void> {
  const response = await currentClient().fetch(`/chart/${namespace}/${name}/charts/${encodeURIComponent(file)}`);
  if (!response.ok) throw readApiError(response.status, await response.text());
  saveFile(await response.blob(), file);
}
