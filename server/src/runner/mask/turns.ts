import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** Bytes, or work of the same cost: about 20 ms of processor time. */
const TURN_WORK = 512 * 1024;

/**
 * Splits long work on outside text, so that other work on the server's thread can run in between. The work is counted,
 * not timed, so the same input always pauses at the same places.
 */
export class Turns {
  #done = 0;

  /** Reports that `bytes` more were processed; if it returns a promise, await it so that other work can run. */
  after(work: number): Promise<void> | undefined {
    this.#done += work;
    if (this.#done < TURN_WORK) return undefined;
    this.#done = 0;
    return yieldToOthers();
  }
}
