import { callNative } from '@slipway/client/call-native.ts';
import { queryOptions } from '@tanstack/react-query';
import { reach } from '../failure/reach.ts';
import { currentClient } from '../session/session.ts';
import { unlessRefused } from './polling.ts';
import { readReadiness } from './readiness.ts';

const AGAIN_MS = 30_000;

/** What `/readyz` says; it answers 503 if there are problems. */
export function readinessQuery() {
  return queryOptions({
    queryKey: ['system', 'readiness'],
    queryFn: async ({ signal }) => {
      const response = await reach('/readyz', { signal });
      return readReadiness(response.status, await response.text());
    },
    refetchInterval: ({ state }) => unlessRefused(state, AGAIN_MS),
  });
}

/** The machine, and what may become a problem. */
export function machineQuery() {
  return queryOptions({
    queryKey: ['system', 'machine'],
    queryFn: () => callNative(currentClient(), 'getMachine', {}),
    refetchInterval: ({ state }) => unlessRefused(state, AGAIN_MS),
  });
}

/** What takes disk, part by part. */
export function spaceQuery() {
  return queryOptions({
    queryKey: ['system', 'space'],
    queryFn: () => callNative(currentClient(), 'getSpace', {}),
    refetchInterval: ({ state }) => unlessRefused(state, AGAIN_MS),
  });
}

/** Every setting as it is; they change only when the server starts. */
export function settingsQuery() {
  return queryOptions({
    queryKey: ['system', 'settings'],
    queryFn: () => callNative(currentClient(), 'listSettings', {}),
  });
}
