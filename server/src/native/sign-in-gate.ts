import { Semaphore } from '#admission/semaphore.ts';
import { ApiError } from '#rpc/errors/api-error.ts';

const WINDOW_MS = 5 * 60 * 1000;
const FAILURES_OF_A_NAME = 10;
const FAILURES_OF_AN_ADDRESS = 50;
/** Each check of a password takes 32 MiB and a tenth of a second of a core. */
const AT_ONCE = 2;
const WAITING = 16;
const REMEMBERED = 10_000;

/**
 * Slows down the guessing of passwords: ten failures for a name from one address, or fifty from one address, within
 * five minutes; and a limit on concurrent checks. Kept in memory: a restarted server forgets.
 */
export class SignInGate {
  readonly #failures = new Map<string, { count: number; untilMs: number }>();
  readonly #now: () => number;
  readonly #semaphore = new Semaphore(AT_ONCE);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Throws `Throttling` 429 after too many failures. */
  refuse(address: string, userName: string): void {
    for (const [key, limit] of limitsOf(address, userName)) this.#refuseAbove(key, limit);
  }

  /** Checks a password with `check`. Throws `Throttling` 429 instead after too many failures. */
  async pass<R>(address: string, userName: string, check: () => Promise<R>): Promise<R> {
    this.refuse(address, userName);
    if (this.#semaphore.waiting >= WAITING) throw throttled(1000);
    return this.#semaphore.run(async () => {
      // The checks that this one waited for may have failed.
      this.refuse(address, userName);
      try {
        return await check();
      } catch (error) {
        if (error instanceof ApiError && error.code === 'IncorrectPassword')
          for (const [key] of limitsOf(address, userName)) this.#fail(key);
        throw error;
      }
    });
  }

  #refuseAbove(key: string, limit: number): void {
    const known = this.#failures.get(key);
    if (known === undefined || known.count < limit) return;
    const waitMs = known.untilMs - this.#now();
    if (waitMs > 0) throw throttled(waitMs);
    this.#failures.delete(key);
  }

  #fail(key: string): void {
    const nowMs = this.#now();
    const known = this.#failures.get(key);
    const count = known !== undefined && known.untilMs > nowMs ? known.count + 1 : 1;
    this.#failures.delete(key);
    this.#failures.set(key, { count, untilMs: nowMs + WINDOW_MS });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }
}

function limitsOf(address: string, userName: string): [key: string, failures: number][] {
  return [
    [`${address} ${userName}`, FAILURES_OF_A_NAME],
    [address, FAILURES_OF_AN_ADDRESS],
  ];
}

function throttled(waitMs: number): ApiError {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `Request was denied due to request throttling: too many sign-ins; try again in ${seconds} s.`;
  return new ApiError('Throttling', 429, message, { retryAfterMs: waitMs });
}
