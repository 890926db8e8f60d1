import { ApiCallError } from '@slipway/client/api-call-error.ts';
import { mayAnswerLater } from '../failure/api-failure.ts';

/** For `refetchInterval`: the interval, until the server refuses. A missing right or page stays missing. */
export function unlessRefused({ error }: { error: unknown }, interval: number | false): number | false {
  const isRefused = error instanceof ApiCallError && error.status < 500 && !mayAnswerLater(error);
  return isRefused ? false : interval;
}
