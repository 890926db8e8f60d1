import { setImmediate as yieldToOthers } from 'node:timers/promises';

/** Bytes, or what costs as much: some 20 ms of the processor. */
const TURN_WORK = 512 * 1024;

/**
 * Long work on what a stranger sent, in turn with everybody else's on the server's thread. It is counted, not timed, so that
 * the same input always stops at the same places.
 */
export class Turns {
  #done = 0;

  /** So many bytes more were worked on; whoever gets a promise awaits it, and others have a turn. */
  after(work: number): Promise<void> | undefined {
    this.#done += work;
    if (this.#done < TURN_WORK) return undefined;
    this.#done = 0;
    return yieldToOthers();
  }
}
