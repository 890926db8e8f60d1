import { setImmediate } from 'node:timers/promises';
import { type Counts, NO_COUNTS } from '../format/log-counts.ts';
import type { Run } from '../format/run.ts';
import {
  type Journal,
  type JournalBatch,
  type JournalHolder,
  type JournalLog,
  type Recovered,
  refusalOf,
} from '../hot/journal.ts';
import { LineIndex } from '../hot/line-index.ts';

/** What is stored of a log, shared by all that have it open. */
interface Stored {
  text: Buffer;
  runs: Run[];
  counts: Counts;
  epoch: number;
  writer: MemoryLog;
  views: Set<MemoryLog>;
}

/** What journals of several processes would share, for example a broker. */
export type MemoryStore = Map<string, Stored>;

/**
 * A journal without files: batches are passed by value to all that have the log open, its writer and its readers alike.
 * It shows that another transport can replace the local one.
 */
export class MemoryJournal implements Journal {
  readonly #store: MemoryStore;

  constructor(store: MemoryStore) {
    this.#store = store;
  }

  async create(logId: string, { epoch = 0 }: JournalHolder): Promise<JournalLog> {
    if (this.#store.has(logId)) throw new Error(`there is a log ${logId} already`);
    const writer = new MemoryLog();
    const stored = { text: Buffer.alloc(0), runs: [], counts: NO_COUNTS, epoch, writer, views: new Set<MemoryLog>() };
    this.#store.set(logId, stored);
    return writer.attach(stored);
  }

  open(logId: string): JournalLog | undefined {
    const stored = this.#store.get(logId);
    return stored && new MemoryLog().attach(stored);
  }

  async recover(logId: string, holder: JournalHolder): Promise<Recovered> {
    const stored = this.#store.get(logId);
    if (stored === undefined) throw new Error(`there is no log ${logId}`);
    const epoch = holder.epoch ?? stored.epoch;
    if (stored.epoch > epoch) {
      throw new Error(`log ${logId} has a holder of epoch ${stored.epoch}, which is higher than ${epoch}`);
    }
    stored.epoch = epoch;
    stored.writer = new MemoryLog();
    const log = stored.writer.attach(stored);
    const recovery = { keptLines: log.lineCount, cutBytes: 0, damage: [] };
    return { log, counts: stored.counts, recovery, lastRun: stored.runs.at(-1) };
  }

  async remove(logId: string): Promise<void> {
    this.#store.delete(logId);
  }
}

class MemoryLog implements JournalLog {
  lineCount = 0;
  textBytes = 0;
  readonly lines = new LineIndex();
  onGrowth: () => void = () => undefined;
  /** A run's position is its number. */
  #runCount = 0;
  #stored: Stored | undefined;
  #isBusy = false;

  attach(stored: Stored): this {
    this.#stored = stored;
    stored.views.add(this);
    this.admit(stored.runs);
    return this;
  }

  async append(batch: JournalBatch): Promise<void> {
    const refusal = this.#isBusy ? 'another one is in progress' : (this.#refusal() ?? refusalOf(this, batch));
    if (refusal !== undefined) throw new Error(`the batch is refused: ${refusal}`);
    this.#isBusy = true;
    const { text, runs, counts } = structuredClone(batch);
    await setImmediate();
    this.#isBusy = false;
    const stored = this.#stored;
    if (stored?.writer !== this) throw new Error(`the batch is refused: ${this.#refusal()}`);
    stored.text = Buffer.concat([stored.text, ...text]);
    stored.runs.push(...runs);
    stored.counts = counts ?? stored.counts;
    for (const view of stored.views) view.admit(runs);
    for (const view of stored.views) view.onGrowth();
  }

  read(target: Uint8Array, offsetBytes: number): number {
    const bytes = this.#stored?.text.subarray(offsetBytes, Math.min(offsetBytes + target.length, this.textBytes));
    target.set(bytes ?? []);
    return bytes?.length ?? 0;
  }

  runs(recordBytes: number): Iterable<Run> {
    return this.#stored?.runs.slice(recordBytes, this.#runCount) ?? [];
  }

  close(): void {
    this.#stored?.views.delete(this);
    this.#stored = undefined;
  }

  admit(runs: readonly Run[]): void {
    for (const run of runs) {
      this.lines.add(run, this.#runCount, this.#runCount + 1);
      this.#runCount += 1;
      this.lineCount = run.firstLine + run.lineCount - 1;
      this.textBytes = run.offsetBytes + run.lengthBytes;
    }
  }

  #refusal(): string | undefined {
    if (this.#stored === undefined) return 'the log is closed';
    return this.#stored.writer === this
      ? undefined
      : `the log was taken over, by a holder of epoch ${this.#stored.epoch}`;
  }
}
