import { isUtf8 } from 'node:buffer';
import { ConfinedWork, ConfinedWorkExhausted } from '#confined/confined-work.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { isPullRequestEvent, type PullRequestEvent, parsePullRequestEvent } from './pull-request-event.ts';
import { type PushEvent, parsePushEvent } from './push-event.ts';

/** What a code host reports to a hook. */
export type HookEvent = PushEvent | PullRequestEvent;

/** Smaller bodies are parsed in-process. Most events have about ten thousand bytes. */
const INLINE_BYTES = 1024 * 1024;
/**
 * The event in a delivery's body, or a sentence why there is nothing to build. Throws `InvalidParameter` for a body that is not
 * JSON or takes too much to parse.
 */
export async function readHookEvent(body: Buffer): Promise<HookEvent | string> {
  if (!isUtf8(body)) throw new ApiError('InvalidParameter', 400, NOT_JSON);
  await using work = new ConfinedWork({ inlineChars: INLINE_BYTES });
  const answer = await work.runText({ module: import.meta.url, run: eventOf }, body).catch((error: unknown) => {
    if (!(error instanceof ConfinedWorkExhausted)) throw error;
    throw new ApiError('InvalidParameter', 400, `The body cannot be read: ${error.message}.`);
  });
  if ('refusal' in answer) throw new ApiError('InvalidParameter', 400, answer.refusal);
  return answer.event;
}

const NOT_JSON = 'The body is not JSON.';

/** The part of `readHookEvent` that runs in the confined process. */
export function eventOf(text: string): { event: HookEvent | string } | { refusal: string } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || Array.isArray(body))
      return { refusal: 'The body is not a JSON object.' };
    return { event: parseHookEvent(body as Record<string, unknown>) };
  } catch (error) {
    if (error instanceof SyntaxError) return { refusal: NOT_JSON };
    throw error;
  }
}

function parseHookEvent(body: Record<string, unknown>): HookEvent | string {
  return isPullRequestEvent(body) ? parsePullRequestEvent(body) : parsePushEvent(body);
}
