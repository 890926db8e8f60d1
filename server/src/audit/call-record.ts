import { channel } from 'node:diagnostics_channel';
import type { Database } from '#db/database.ts';
import {
  type CallCursor,
  type CallFilter,
  type CallPage,
  findCall,
  insertCalls,
  type ListedCall,
  listCalls,
  removeOldCalls,
} from './call-record-store.ts';
import type { RecordedCall } from './recorded-call.ts';

/** Publishes each `RecordedCall` when it is noted. */
export const notedCalls = channel('slipway:call-noted');

/** Where the record is kept, and for how long. */
export interface CallRecordMeans {
  readonly db: Database;
  now(): number;
  /** How long to keep calls. */
  readonly keepMs: number;
  /** The maximum number of rows. Above it, the oldest are removed. */
  readonly keepRows: number;
  /** Whether this node removes old calls; absent if it is the only one. */
  readonly removesOld?: () => boolean;
  /** Called when calls could not be written. They are kept for the next batch while there is room. */
  onFault(error: unknown): void;
}

const BATCH_AFTER_MS = 100;
const RETRY_AFTER_MS = 5_000;
const WAITING_LIMIT = 10_000;
const MINUTE_MS = 60_000;
const CLEAN_EVERY_MS = 60 * MINUTE_MS;
/** A flood of calls is cleaned up before the hour ends: when the new rows exceed this share of `keepRows`. */
const CLEAN_AFTER_SHARE = 0.05;
/** The maximum number of rows that one read looks at. It takes about ten milliseconds on the thread that answers calls. */
const SCAN_LIMIT = 5_000;
const UNSIGNED_LIMIT = 10_000;

/**
 * The record of calls, in the database. Writes and refusals are stored one by one, and are durable within a tenth of a
 * second. Successful reads are counted by caller, action and minute; the count is stored when its minute is over. Refusals
 * of unauthenticated calls are kept in memory only, the last 10 000 of them, so that a stranger cannot write to the disk or
 * push other callers' calls out of the record.
 */
export class CallRecord {
  readonly #options: CallRecordMeans;
  readonly #counts = new Map<string, { call: RecordedCall; minuteMs: number; calls: number }>();
  readonly #unsigned = new Map<string, RecordedCall>();
  #waiting: (RecordedCall & { calls: number })[] = [];
  #timer: { dueMs: number; handle: NodeJS.Timeout } | undefined;
  #writing: Promise<void> = Promise.resolve();
  #lost = 0;
  #cleanDueMs: number;
  #rowsSinceClean = 0;

  constructor(options: CallRecordMeans) {
    this.#options = options;
    this.#cleanDueMs = options.now();
  }

  /** Records a call. Returns at once; a batch writes it later. */
  note(call: RecordedCall): void {
    notedCalls.publish(call);
    if (call.callerArn === '') {
      this.#keepUnsigned(call);
    } else if (call.reads && (call.code === 'success' || call.code === 'allowed')) {
      this.#count(call);
      this.#flushWithin(MINUTE_MS);
    } else {
      this.#wait({ ...call, calls: 1 });
      this.#flushWithin(BATCH_AFTER_MS);
    }
  }

  /** Writes the waiting calls, and the counts of minutes that are over. */
  flush(): Promise<void> {
    clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
    this.#takeCounts(Math.floor(this.#options.now() / MINUTE_MS) * MINUTE_MS);
    if (this.#counts.size > 0) this.#flushWithin(MINUTE_MS);
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** The calls that match a filter, newest first: all that were answered so far, except the reads of the current minute. */
  async list(filter: CallFilter, page: { limit: number; before?: CallCursor | undefined }): Promise<CallPage> {
    await this.flush();
    return listCalls(this.#options.db, filter, { ...page, scanLimit: SCAN_LIMIT });
  }

  /** The call that was answered with this RequestId. Of counted reads, only the first in each minute can be found. */
  async find(requestId: string): Promise<ListedCall | undefined> {
    const unsigned = this.#unsigned.get(requestId);
    if (unsigned) return { ...unsigned, count: 1 };
    await this.flush();
    return findCall(this.#options.db, requestId);
  }

  /** Writes everything, including the counts of the current minute. */
  async close(): Promise<void> {
    this.#takeCounts(Number.POSITIVE_INFINITY);
    await this.flush();
    clearTimeout(this.#timer?.handle);
  }

  #flushWithin(delayMs: number): void {
    const dueMs = performance.now() + delayMs;
    if (this.#timer && this.#timer.dueMs <= dueMs) return;
    clearTimeout(this.#timer?.handle);
    this.#timer = { dueMs, handle: setTimeout(() => void this.flush(), delayMs).unref() };
  }

  #keepUnsigned(call: RecordedCall): void {
    const [oldest] = this.#unsigned.keys();
    if (oldest !== undefined && this.#unsigned.size >= UNSIGNED_LIMIT) this.#unsigned.delete(oldest);
    this.#unsigned.set(call.requestId, call);
  }

  #count(call: RecordedCall): void {
    const minuteMs = Math.floor(call.timeMs / MINUTE_MS) * MINUTE_MS;
    const key = `${minuteMs} ${call.callerArn} ${call.accessKeyId} ${call.action}`;
    const known = this.#counts.get(key);
    if (known) known.calls++;
    else {
      if (this.#counts.size >= WAITING_LIMIT) this.#takeCounts(Number.POSITIVE_INFINITY);
      this.#counts.set(key, { call, minuteMs, calls: 1 });
    }
  }

  #takeCounts(beforeMs: number): void {
    for (const [key, { call, minuteMs, calls }] of this.#counts) {
      if (minuteMs >= beforeMs) continue;
      this.#counts.delete(key);
      this.#wait({ ...call, timeMs: minuteMs, calls });
    }
  }

  #wait(call: RecordedCall & { calls: number }): void {
    if (this.#waiting.length < WAITING_LIMIT) this.#waiting.push(call);
    else this.#lost += call.calls;
  }

  async #write(): Promise<void> {
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      if (batch.length > 0) await insertCalls(this.#options.db, batch);
    } catch (cause) {
      const room = Math.max(0, WAITING_LIMIT - this.#waiting.length);
      this.#lost += Math.max(0, batch.length - room);
      this.#waiting.unshift(...batch.slice(0, room));
      const message = `write ${batch.length} calls to the record (${this.#lost} calls lost so far because the buffer was full)`;
      this.#flushWithin(RETRY_AFTER_MS);
      this.#options.onFault(new Error(message, { cause }));
      return;
    }
    this.#rowsSinceClean += batch.length;
    await this.#clean().catch((cause) => this.#options.onFault(new Error('remove old calls', { cause })));
  }

  async #clean(): Promise<void> {
    const { db, keepMs, keepRows, now, removesOld } = this.#options;
    if (removesOld?.() === false) return;
    if (now() < this.#cleanDueMs && this.#rowsSinceClean <= keepRows * CLEAN_AFTER_SHARE) return;
    this.#cleanDueMs = now() + CLEAN_EVERY_MS;
    this.#rowsSinceClean = 0;
    await removeOldCalls(db, now() - keepMs, keepRows);
  }
}
