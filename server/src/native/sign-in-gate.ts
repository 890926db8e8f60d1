import { Semaphore } from '#admission/semaphore.ts';
import type { Database } from '#db/database.ts';
import { ApiError } from '#rpc/errors/api-error.ts';
import { addFailedSignIn, readFailedSignIns } from './sign-in-attempt-store.ts';

const FAILURES_OF_A_NAME = 10;
const FAILURES_OF_AN_ADDRESS = 50;
/** Each check of a password takes 32 MiB and a tenth of a second of a core. */
const AT_ONCE = 2;
const WAITING = 16;

/**
 * Slows down the guessing of passwords: ten failures for a name from one address, or fifty from one address, within five minutes, at all
 * servers with one database; and a limit on concurrent checks at this one.
 */
export class SignInGate {
  readonly #db: Database;
  readonly #semaphore = new Semaphore(AT_ONCE);

  constructor(db: Database) {
    this.#db = db;
  }

  /** Throws `Throttling` 429 after too many failures. */
  async refuse(address: string, userName: string): Promise<void> {
    const limits = limitsOf(address, userName);
    const known = await readFailedSignIns(this.#db, sourcesOf(address, userName));
    for (const [at, failed] of known.entries())
      if (failed !== undefined && failed.failures >= (limits[at]?.[1] ?? 0)) throw throttled(failed.waitMs);
  }

  /** Checks a password with `check`. Throws `Throttling` 429 instead after too many failures. */
  async pass<R>(address: string, userName: string, check: () => Promise<R>): Promise<R> {
    await this.refuse(address, userName);
    if (this.#semaphore.waiting >= WAITING) throw throttled(1000);
    return this.#semaphore.run(async () => {
      // The checks that this one waited for may have failed.
      await this.refuse(address, userName);
      try {
        return await check();
      } catch (error) {
        if (error instanceof ApiError && error.code === 'IncorrectPassword')
          await addFailedSignIn(this.#db, sourcesOf(address, userName));
        throw error;
      }
    });
  }
}

function limitsOf(address: string, userName: string): [key: string, failures: number][] {
  return [
    [`${address} ${userName}`, FAILURES_OF_A_NAME],
    [address, FAILURES_OF_AN_ADDRESS],
  ];
}

function sourcesOf(address: string, userName: string): string[] {
  return limitsOf(address, userName).map(([source]) => source);
}

function throttled(waitMs: number): ApiError {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `Request was denied due to request throttling: too many sign-ins; try again in ${seconds} s.`;
  return new ApiError('Throttling', 429, message, { retryAfterMs: waitMs });
}
