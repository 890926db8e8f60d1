import { ApiCallError } from '@slipway/client/api-call-error.ts';

/** A failure as the page shows it. */
export interface ToldFailure {
  title: string;
  detail: string;
  /** What the caller's policies lack, if that is why. */
  denied?: { action: string; resource: string | undefined };
}

/** What the server puts where the call gave no name, such as `{RepoName}`. A policy would have `*` there. */
const UNNAMED = /\{\w+\}/g;

/** Whether the same request may succeed soon: the network failed, or the server is starting or busy. */
export function mayAnswerLater(error: unknown): boolean {
  if (error instanceof ApiCallError) return error.status === 429 || error.status >= 502;
  return error instanceof TypeError;
}

/** Whether the caller's policies do not allow a call. */
export function isDenied(error: unknown): boolean {
  return error instanceof ApiCallError && error.deniedAction !== undefined;
}

/** What the page says about a failed call. A refusal names the missing action. */
export function tellFailure(error: unknown): ToldFailure {
  if (error instanceof ApiCallError) {
    const { code: title, message, deniedAction } = error;
    const deniedResource = error.deniedResource?.replace(UNNAMED, '*');
    if (deniedAction === undefined) return { title, detail: message };
    const on = deniedResource === undefined ? '' : ` on ${deniedResource}`;
    const denied = { action: deniedAction, resource: deniedResource };
    return { title, detail: `Your policies lack ${deniedAction}${on}.`, denied };
  }
  if (error instanceof TypeError) return { title: 'The server does not answer', detail: 'Trying again.' };
  const detail = error instanceof Error ? error.message : String(error);
  return { title: 'Something failed in the console', detail };
}
