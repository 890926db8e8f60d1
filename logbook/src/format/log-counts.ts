import { encodeRecord, RECORD, readUint64, writeUint64 } from './record.ts';
import type { Seal } from './seal.ts';

/** Counts that cannot be derived from a log's lines. Undefined means unknown. */
export interface Counts {
  maskedValues: number | undefined;
  droppedLines: number | undefined;
}

export const NO_COUNTS: Counts = { maskedValues: 0, droppedLines: 0 };
const UNKNOWN_COUNTS: Counts = { maskedValues: undefined, droppedLines: undefined };
const FIXED_BYTES = 16;

/** The `counts` record of hot.idx. */
export function encodeCounts(counts: Counts): Buffer {
  const payload = Buffer.alloc(FIXED_BYTES, 0xff);
  [counts.maskedValues, counts.droppedLines].forEach((count, at) => {
    if (count !== undefined) writeUint64(payload, count, at * 8);
  });
  return encodeRecord(RECORD.counts, payload);
}

/** Reads the payload of a `counts` record. */
export function decodeCounts(payload: Buffer): Counts {
  const count = (at: number): number | undefined => {
    const value = payload.length < FIXED_BYTES ? Number.POSITIVE_INFINITY : readUint64(payload, at);
    return Number.isSafeInteger(value) ? value : undefined;
  };
  return { maskedValues: count(0), droppedLines: count(8) };
}

/** Keeps the counts while a log is written, starting from an earlier writer's. */
export class LogCounts {
  #masked: number | undefined;
  #dropped: number;
  /** Whether an earlier writer may have dropped more lines than it persisted. */
  readonly #isLeast: boolean;
  readonly #limitBytes: number;

  constructor(before: Counts, limitBytes: number) {
    this.#masked = before.maskedValues;
    this.#dropped = before.droppedLines ?? 0;
    this.#isLeast = before.droppedLines !== 0;
    this.#limitBytes = limitBytes;
  }

  get hasDropped(): boolean {
    return this.#dropped > 0;
  }

  /** Adds to the number of masked values. */
  mask(values: number): void {
    if (this.#masked !== undefined) this.#masked += values;
  }

  /** Counts a dropped line. Returns true at powers of two, when the count should be persisted: a dropped line must cost nothing. */
  drop(): boolean {
    this.#dropped += 1;
    return (this.#dropped & (this.#dropped - 1)) === 0;
  }

  get now(): Counts {
    return { maskedValues: this.#masked, droppedLines: this.#isLeast && !this.hasDropped ? undefined : this.#dropped };
  }

  /** The counts in the seal. */
  get sealed(): Pick<Seal, 'maskedValues' | 'droppedLines'> {
    return {
      ...(this.#masked === undefined ? {} : { maskedValues: this.#masked }),
      ...(this.#isLeast ? {} : { droppedLines: this.#dropped }),
    };
  }

  /** The notice in a log's last line and its seal if lines were dropped. */
  get notice(): string | undefined {
    if (!this.hasDropped) return undefined;
    const lines = `${this.#isLeast ? 'at least ' : ''}${this.#dropped} more lines`;
    return `${lines} are not stored: the log reached its limit of ${this.#limitBytes} bytes`;
  }
}

/** The counts of an index. If it lost records, the counts may have been among them. */
export function countsOf(found: Counts | undefined, isWhole: boolean): Counts {
  return isWhole ? (found ?? NO_COUNTS) : UNKNOWN_COUNTS;
}
