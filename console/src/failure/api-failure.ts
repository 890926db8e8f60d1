import { ApiCallError } from '@slipway/client/api-call-error.ts';

/** A failure as the page shows it. */
export interface ToldFailure {
  title: string;
  detail: string;
}

/** Whether the same request may succeed soon: the network failed, or the server is starting or busy. */
export function mayAnswerLater(error: unknown): boolean {
  if (error instanceof ApiCallError) return error.status === 429 || error.status >= 502;
  return error instanceof TypeError;
}

/** What the page says about a failed call. A refusal names the missing action. */
export function tellFailure(error: unknown): ToldFailure {
  if (error instanceof ApiCallError) {
    const on = error.deniedResource === undefined ? '' : ` on ${error.deniedResource}`;
    const missing = error.deniedAction === undefined ? '' : ` Your policies lack ${error.deniedAction}${on}.`;
    return { title: error.code, detail: `${error.message}${missing}` };
  }
  if (error instanceof TypeError) return { title: 'The server does not answer', detail: 'Trying again.' };
  return { title: 'Something failed in the console', detail: error instanceof Error ? error.message : String(error) };
}
