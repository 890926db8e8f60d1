import { readApiError } from '@slipway/client/api-call-error.ts';
import { currentClient } from '../session/session.ts';

/** Reads a path of the native API, below `/api/v1`. Throws `ApiCallError` if the server refuses. */
export async function getNative<Reply>(path: string, signal?: AbortSignal): Promise<Reply> {
  const response = await fetchNative(path, signal);
  return (await response.json()) as Reply;
}

/** Like `getNative`, for replies that are not JSON. */
export async function fetchNative(
  path: string,
  signal?: AbortSignal,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await currentClient().fetch(`/api/v1${path}`, { headers, ...(signal ? { signal } : {}) });
  if (!response.ok) throw readApiError(response.status, await response.text());
  return response;
}

/** A query string such as `?a=1&b=2`, from the given parameters. */
export function queryOf(values: Record<string, string | number | boolean | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  if (given.length === 0) return '';
  // Encoded as the signature requires: a space is %20, never a plus sign.
  return `?${given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`;
}
