import { callNative } from '@slipway/client/call-native.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient, currentSession } from '../session/session.ts';
import { getNative } from './native-api.ts';
import { unlessRefused } from './polling.ts';

type Acceleration = NativeCalls['getAcceleration']['reply'];

/** One conversion of an image. */
export type Conversion = Acceleration['Tasks'][number];

const POLL_MS = 2000;
/** How often to ask for what a push elsewhere may have begun. */
const REST_MS = 10_000;
const LOG_PAGE_SIZE = 100;

/** Whether the images of a repository are converted, and the last conversions; read again while one is in progress. */
export function accelerationQuery(namespace: string, name: string) {
  return queryOptions({
    queryKey: ['acceleration', namespace, name],
    queryFn: ({ signal }) => getNative<Acceleration>(`/repositories/${namespace}/${name}/acceleration`, signal),
    refetchInterval: ({ state }) => unlessRefused(state, state.data?.Tasks.some(isConverting) ? POLL_MS : REST_MS),
  });
}

function isConverting({ TaskStatus: status }: Conversion): boolean {
  return status === 'PENDING' || status === 'BUILDING';
}

/** Converts the images of a repository from now on; the files at these paths, one per line, come first in them. */
export async function accelerate(repoId: string, priorityPaths: string): Promise<void> {
  const text = priorityPaths.trim();
  const bytes = Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
  const Parameters = text === '' ? {} : { PriorityFile: btoa(bytes) };
  const scope = { ScopeId: repoId, ScopeType: 'REPOSITORY', ArtifactType: 'ACCELERATED_IMAGE' } as const;
  const { instanceId: InstanceId } = currentSession();
  await currentClient().call('CreateArtifactBuildRule', { InstanceId, ...scope, Parameters });
}

/** Has no images converted any more. */
export function stopAccelerating(namespace: string, name: string) {
  return callNative(currentClient(), 'removeAcceleration', { namespace, name });
}

/** A page of the log of a conversion. */
export function conversionLogQuery(taskId: string, page: number) {
  return queryOptions({
    queryKey: ['conversion log', taskId, page],
    queryFn: async ({ signal }) => {
      const key = { InstanceId: currentSession().instanceId, BuildTaskId: taskId };
      const asked = { ...key, Page: page, PageSize: LOG_PAGE_SIZE };
      const reply = await currentClient().call('ListArtifactBuildTaskLog', asked, { signal });
      const lines = (reply.BuildTaskLogs ?? []).map(({ Message }) => Message ?? '');
      return { lines, hasMore: Number(reply.TotalCount ?? 0) > page * LOG_PAGE_SIZE };
    },
    placeholderData: (before) => before,
  });
}
