import type { ImageScan, NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient, currentSession } from '../session/session.ts';
import { getNative, queryOf } from './native-api.ts';
import { unlessRefused } from './polling.ts';
import type { TagSearch } from './repository-queries.ts';

const POLL_MS = 1000;
const PAGE_SIZE = 30;

/** A severity, as scans name it. */
export type Severity = 'High' | 'Medium' | 'Low' | 'Unknown';

export const SEVERITIES: readonly Severity[] = ['High', 'Medium', 'Low', 'Unknown'];

/** Whether a scan will still change. */
export function isScanning(scan: ImageScan | undefined): boolean {
  return scan?.Status === 'SCANNING' || scan?.Status === 'RETRYING';
}

/** The last scans of the images on a page of tags; read again while one of them runs. */
export function tagScansQuery(namespace: string, name: string, search: TagSearch) {
  const path = `/repositories/${namespace}/${name}/scans${queryOf({ limit: PAGE_SIZE, ...search })}`;
  return queryOptions({
    queryKey: ['scans', namespace, name, search],
    queryFn: async ({ signal }) => (await getNative<NativeCalls['listTagScans']['reply']>(path, signal)).Scans,
    refetchInterval: ({ state }) => unlessRefused(state, state.data?.some(isScanning) ? POLL_MS : false),
  });
}

/** A page of what a scan found, the most severe first. */
export function findingsQuery(repoId: string, scanTaskId: string, filter: { severity?: Severity; page: number }) {
  return queryOptions({
    queryKey: ['findings', repoId, scanTaskId, filter],
    queryFn: async ({ signal }) => {
      const key = { InstanceId: currentSession().instanceId, RepoId: repoId, ScanTaskId: scanTaskId };
      const page = { PageNo: filter.page, PageSize: PAGE_SIZE, Severity: filter.severity };
      const reply = await currentClient().call('ListRepoTagScanResult', { ...key, ...page }, { signal });
      const total = Number(reply.TotalCount ?? 0);
      return { findings: reply.Vulnerabilities ?? [], total, hasMore: total > filter.page * PAGE_SIZE };
    },
    placeholderData: (before) => before,
  });
}

/** Begins to scan the image of a tag, and reads what is known of that scan. */
export async function beginScan(repoId: string, tag: string, type: ImageScan['ScanType']): Promise<void> {
  const image = { InstanceId: currentSession().instanceId, RepoId: repoId, Tag: tag, ScanType: type };
  await currentClient().call('CreateRepoTagScanTask', image);
}
