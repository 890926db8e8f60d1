import type { LogFn, Logger } from 'pino';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';

/** While the database is away, everything fails because of it, again and again: one line says that it began, and one that it ended. */
export class OutageLog {
  #isAway = false;
  #hidden = 0;

  /** For pino. */
  get hooks() {
    const hides = this.#hides.bind(this);
    return {
      logMethod(this: Logger, args: Parameters<LogFn>, log: LogFn): void {
        if (!hides(args[0])) log.apply(this, args);
      },
    };
  }

  began(logger: Logger, error: unknown): void {
    logger.error({ err: error }, 'the database cannot be reached; calls that need it answer 503 until it is back');
    this.#isAway = true;
    this.#hidden = 0;
  }

  ended(logger: Logger, awayMs: number): void {
    this.#isAway = false;
    logger.info({ seconds: Math.round(awayMs) / 1000, linesLeftOut: this.#hidden }, 'the database is back');
  }

  #hides(details: unknown): boolean {
    const { err, code, status } = (details ?? {}) as { err?: unknown; code?: unknown; status?: unknown };
    const isPassing = isDatabaseUnavailable(err) || code === 'ServiceUnavailable' || status === 503;
    const isHidden = this.#isAway && isPassing;
    if (isHidden) this.#hidden += 1;
    return isHidden;
  }
}
