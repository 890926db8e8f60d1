import { readApiError } from '@slipway/client/api-call-error.ts';

/** The body of an answer of the native API. Throws `ApiCallError` when the server refused. */
export async function readReply(response: Response): Promise<Record<string, unknown>> {
  const text = await response.text();
  if (!response.ok) throw readApiError(response.status, text);
  return JSON.parse(text) as Record<string, unknown>;
}
