import { callNative } from '@slipway/client/call-native.ts';
import { queryOptions } from '@tanstack/react-query';
import { currentClient } from '../session/session.ts';

const AGAIN_MS = 30_000;

/** Whether the server takes builds, or why not. */
interface Readiness {
  Problems: string[];
  Platforms?: { Native: string[]; Emulated: string[] };
}

/** What `/readyz` says; it answers 503 if there are problems. */
export function readinessQuery() {
  return queryOptions({
    queryKey: ['system', 'readiness'],
    queryFn: async ({ signal }) => (await (await fetch('/readyz', { signal })).json()) as Readiness,
    refetchInterval: AGAIN_MS,
  });
}

/** The machine, and what may become a problem. */
export function machineQuery() {
  return queryOptions({
    queryKey: ['system', 'machine'],
    queryFn: () => callNative(currentClient(), 'getMachine', {}),
    refetchInterval: AGAIN_MS,
  });
}

/** What takes disk, part by part. */
export function spaceQuery() {
  return queryOptions({
    queryKey: ['system', 'space'],
    queryFn: () => callNative(currentClient(), 'getSpace', {}),
    refetchInterval: AGAIN_MS,
  });
}

/** Every setting as it is; they change only when the server starts. */
export function settingsQuery() {
  return queryOptions({
    queryKey: ['system', 'settings'],
    queryFn: () => callNative(currentClient(), 'listSettings', {}),
  });
}
