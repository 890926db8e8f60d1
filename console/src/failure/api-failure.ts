import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { NoAnswer } from './reach.ts';

/** A failure as the page shows it. */
export interface ToldFailure {
  title: string;
  detail: string;
  /** What the caller's policies lack, if that is why. */
  denied?: { action: string; resource: string | undefined };
}

/** Whether the same request may succeed soon: the network failed, or the server is starting or busy. */
export function mayAnswerLater(error: unknown): boolean {
  if (error instanceof ApiCallError) return error.status === 429 || error.status >= 502;
  return error instanceof NoAnswer;
}

/** Whether the caller's policies do not allow a call. */
export function isDenied(error: unknown): boolean {
  return error instanceof ApiCallError && error.deniedAction !== undefined;
}

/** What the page says about a failed call, and whether it is asked again by itself. A refusal names the missing action. */
export function tellFailure(error: unknown, isAskedAgain: boolean): ToldFailure {
  if (error instanceof ApiCallError) {
    const { code: title, message, deniedAction, deniedResource } = error;
    if (deniedAction === undefined) return { title, detail: message };
    const on = deniedResource === undefined ? '' : ` on ${deniedResource}`;
    const denied = { action: deniedAction, resource: deniedResource };
    return { title, detail: `Your policies lack ${deniedAction}${on}.`, denied };
  }
  if (error instanceof NoAnswer)
    return { title: error.message, detail: isAskedAgain ? 'Trying again.' : 'Try again when it does.' };
  const detail = error instanceof Error ? error.message : String(error);
  return { title: 'Something failed in the console', detail };
}
