import { Semaphore } from '#admission/semaphore.ts';
import { Shares } from '#admission/shares.ts';
import type { NativeMeans } from '#native/native-operation.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import type { RemoteRefs } from '#source/remote-refs.ts';
import type { SourceBinding } from '#source/source.ts';

/** Each runs git for up to 20 seconds. */
const LIMITS = { running: 2, each: 2, total: 8 };

/** Asks a few sources at once, few of them for one caller, and refuses when too many callers wait. */
export function gatedSources(ask: (binding: SourceBinding) => Promise<RemoteRefs>): NativeMeans['remoteRefs'] {
  const turns = new Semaphore(LIMITS.running);
  const shares = new Shares();
  return async (binding, { arn }) => {
    const own = shares.of(arn);
    if (own >= LIMITS.each) throw throttled(`this caller already has ${own} sources checked`);
    if (turns.held >= LIMITS.total) throw throttled('too many sources are being checked');
    shares.add(arn, 1);
    try {
      return await turns.run(() => ask(binding));
    } finally {
      shares.add(arn, -1);
    }
  };
}

function throttled(why: string): ApiError {
  return new ApiError('Throttling', 429, `Request was denied due to request throttling: ${why}. Try again later.`);
}
