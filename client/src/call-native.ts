import { readApiError } from './api-call-error.ts';
import type { Client, FetchInit } from './client.ts';
import type { NativeCalls, NativeName } from './native.gen.ts';
import { nativeRequests } from './native-requests.gen.ts';

/**
 * Calls an operation of the native API that answers JSON, by its name in `spec/native.json`. Throws `ApiCallError` if
 * the server refuses, `TypeError` (from fetch) if it cannot be reached. `sent` is the body of an operation that does
 * not take JSON.
 */
export async function callNative<Name extends NativeName>(
  client: Pick<Client, 'fetch'>,
  name: Name,
  params: NativeCalls[Name]['params'],
  sent?: Pick<FetchInit, 'headers' | 'body' | 'contentSha256'>,
): Promise<NativeCalls[Name]['reply']> {
  const { path, init } = nativeRequest(name, params as object);
  const response = await client.fetch(path, { ...init, ...sent });
  const text = await response.text();
  if (!response.ok) throw readApiError(response.status, text);
  return JSON.parse(text) as NativeCalls[Name]['reply'];
}

/**
 * The request of a call: path parameters go into the path, query parameters into the query, and the rest into a JSON
 * body.
 */
function nativeRequest(name: NativeName, params: object): { path: string; init: FetchInit } {
  const { method, path, query } = nativeRequests[name];
  const left = new Map(Object.entries(params).filter(([, value]) => value !== undefined));
  const take = (key: string) => {
    const value = left.get(key);
    left.delete(key);
    return value;
  };
  const filled = path.replace(/\{(\w+)\}/g, (_, place: string) => encodeURIComponent(String(take(place))));
  const sent = query.filter((key) => left.has(key)).map((key): [string, string] => [key, String(take(key))]);
  const asked = new URLSearchParams(sent);
  const target = `/api/v1${filled}${asked.size === 0 ? '' : `?${asked}`}`;
  if (left.size === 0) return { path: target, init: { method } };
  const body = JSON.stringify(Object.fromEntries(left));
  return { path: target, init: { method, headers: { 'content-type': 'application/json' }, body } };
}
