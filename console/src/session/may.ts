import { queryOptions, useQuery } from '@tanstack/react-query';
import { currentClient, currentSession } from './session.ts';

/** A call that policies may allow: a RAM action, and a resource path below the account. */
export interface AskedCall {
  action: string;
  resource: string;
}

/** Whether each of some calls is allowed. */
export type Rights<Asked extends readonly unknown[]> = { readonly [Index in keyof Asked]: boolean };

/** The server's limit for one request. */
const ASKED_AT_ONCE = 50;

/**
 * Which calls the caller's policies allow, in order; false until known. The console does not offer what is not allowed;
 * the server checks again on every call.
 */
export function useMay<const Calls extends readonly AskedCall[]>(calls: Calls): Rights<Calls> {
  const { data } = useQuery(rightsQuery(calls));
  return calls.map((_, index) => data?.[index] ?? false) as unknown as Rights<Calls>;
}

/** Whether the caller's policies allow one call; undefined until known. */
export function useRight(action: string, resource: string): boolean | undefined {
  return useQuery(rightsQuery([{ action, resource }])).data?.[0];
}

function rightsQuery(calls: readonly AskedCall[]) {
  return queryOptions({
    queryKey: ['may', currentSession().arn, calls],
    queryFn: async ({ signal }) => {
      const parts = Array.from({ length: Math.ceil(calls.length / ASKED_AT_ONCE) }, (_, index) =>
        calls.slice(index * ASKED_AT_ONCE, (index + 1) * ASKED_AT_ONCE),
      );
      return (await Promise.all(parts.map((part) => ask(part, signal)))).flat();
    },
    staleTime: 60_000,
  });
}

async function ask(calls: readonly AskedCall[], signal: AbortSignal): Promise<boolean[]> {
  const body = JSON.stringify({
    Calls: calls.map(({ action, resource }) => ({ Action: action, Resource: resource })),
  });
  const headers = { 'content-type': 'application/json' };
  const response = await currentClient().fetch('/api/v1/session/may', { method: 'POST', headers, body, signal });
  const { Allowed } = (await response.json()) as { Allowed?: boolean[] };
  return Allowed ?? [];
}

/** The resource of a repository, `NAMESPACE/NAME`. */
export function repositoryResource(repository: string): string {
  return `repository/${currentSession().instanceId}/${repository}`;
}
