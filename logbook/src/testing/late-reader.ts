import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TextSlice } from '../format/text-slice.ts';
import type { LogReader, LogState, Page, RunRow } from '../logbook.ts';

/** A log that answers as one that is elsewhere does: a turn later, after others have read. */
export class LateReader implements LogReader {
  readonly #log: LogReader;

  constructor(log: LogReader) {
    this.#log = log;
  }

  async reach(): Promise<LogState> {
    await nextTurn();
    return this.#log.reach();
  }

  async page(offset: number, limit?: number): Promise<Page> {
    const page = await this.#log.page(offset, limit);
    await nextTurn();
    return page;
  }

  async textFrom(fromLine: number): Promise<TextSlice> {
    const slice = await this.#log.textFrom(fromLine);
    await nextTurn();
    return slice;
  }

  async *runs(fromLine?: number, toLine?: number): AsyncGenerator<readonly RunRow[]> {
    for await (const runs of this.#log.runs(fromLine, toLine)) {
      await nextTurn();
      yield runs;
    }
  }

  whenMore(afterLine: number, wake: () => void): Disposable {
    return this.#log.whenMore(afterLine, () => setImmediate(wake));
  }
}
