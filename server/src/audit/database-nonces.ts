import { setImmediate as endOfTurn, setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '#db/database.ts';
import { addNonces, makeNonceMark, removeOldNonces, type TakenNonce } from './nonce-store.ts';
import { KEEP_MS, NONCES_LIMIT, type Nonces, type NonceUse, nonceKey, slotOf } from './nonces.ts';

/** How nonces are kept. */
export interface DatabaseNoncesMeans {
  readonly db: Database;
  /** Milliseconds since 1970. */
  now(): number;
  /** The maximum number that this server adds. Two million by default, which takes some 300 MB. */
  readonly limit?: number;
  /** Told when old nonces could not be removed. */
  onFault(error: unknown): void;
}

interface WaitingUse extends TakenNonce {
  resolve(use: NonceUse): void;
  reject(error: unknown): void;
}

const REMOVE_EVERY_MS = 60_000;
/** How long a statement waits for the uses that are expected. A statement costs the server more than the rest of a call. */
const GATHER_MS = 2;
/** After so long without a statement, no others are expected. */
const TOGETHER_MS = 10;

/**
 * The nonces of all servers with one database of PostgreSQL. All uses of one turn of the event loop are one statement; those that come
 * while it runs are the next one. Callers who wait for an answer come again when they have it, so the next one waits a moment for as many
 * as there were; a call that comes alone waits for none.
 */
export class DatabaseNonces implements Nonces {
  readonly #means: DatabaseNoncesMeans;
  readonly #limit: number;
  /** How many this server added, by the slot in which they expire. */
  readonly #added = new Map<number, number>();
  #waiting: WaitingUse[] = [];
  #deciding: Promise<void> | undefined;
  /** How many uses the next statement should have: those of the last one, and those that came while it ran. */
  #expected = 1;
  /** When the last one ended, by the monotonic clock. */
  #endedMs = Number.NEGATIVE_INFINITY;
  #haveAll: (() => void) | undefined;
  #removing: Promise<void> = Promise.resolve();
  #removedMs = Number.NEGATIVE_INFINITY;

  constructor(means: DatabaseNoncesMeans) {
    this.#means = means;
    this.#limit = means.limit ?? NONCES_LIMIT;
  }

  /**
   * Before the first use: marks a new table. Time stamps have whole seconds, so what is signed in the rest of this second would be
   * refused; it waits until that is over.
   */
  async begin(): Promise<void> {
    const { db, now } = this.#means;
    if ((await addNonces(db, [], { room: 0, keepMs: KEEP_MS })) !== undefined) return;
    const nowMs = now();
    await makeNonceMark(db, nowMs);
    await sleep(1000 - (nowMs % 1000));
  }

  use(accessKeyId: string, nonce: string, timeStampMs: number): Promise<NonceUse> {
    const { promise, resolve, reject } = Promise.withResolvers<NonceUse>();
    const key = nonceKey(accessKeyId, nonce);
    this.#waiting.push({ key, timeStampMs, resolve, reject });
    if (this.#waiting.length >= this.#expected) this.#haveAll?.();
    this.#deciding ??= this.#decideAll();
    return promise;
  }

  write(): void {
    // A use is answered when it is stored.
  }

  async close(): Promise<void> {
    await this.#deciding;
    await this.#removing;
  }

  async #decideAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      const uses = this.#waiting;
      this.#waiting = [];
      try {
        await this.#decide(uses);
      } catch (error) {
        for (const { reject } of uses) reject(error);
      }
      this.#expected = uses.length + this.#waiting.length;
      this.#endedMs = performance.now();
    }
    this.#deciding = undefined;
  }

  async #gather(): Promise<void> {
    if (performance.now() - this.#endedMs > TOGETHER_MS) this.#expected = 1;
    if (this.#waiting.length < this.#expected) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#haveAll = resolve;
      const timer = setTimeout(resolve, GATHER_MS);
      await promise;
      clearTimeout(timer);
      this.#haveAll = undefined;
    }
    await endOfTurn();
  }

  async #decide(uses: readonly WaitingUse[]): Promise<void> {
    const nowMs = this.#means.now();
    const room = this.#room(nowMs);
    const { notBeforeMs, ...answer } = await this.#add(uses, room, nowMs);
    const [refused, known, added] = [new Set(answer.refused), new Set(answer.known), new Set<string>()];
    for (const { key, timeStampMs, resolve } of uses) {
      if (timeStampMs < notBeforeMs) resolve({ notBeforeMs });
      // Of the same nonce twice in one statement, the first is new.
      else if (added.has(key) || known.has(key)) resolve('used');
      else if (refused.has(key)) resolve('full');
      else {
        added.add(key);
        const slot = slotOf(timeStampMs + KEEP_MS);
        this.#added.set(slot, (this.#added.get(slot) ?? 0) + 1);
        resolve('new');
      }
    }
    if (nowMs - this.#removedMs < REMOVE_EVERY_MS) return;
    this.#removedMs = nowMs;
    this.#removing = this.#removing.then(() => removeOldNonces(this.#means.db, nowMs)).catch(this.#means.onFault);
  }

  async #add(uses: readonly WaitingUse[], room: number, nowMs: number) {
    const { db } = this.#means;
    for (;;) {
      const answer = await addNonces(db, uses, { room, keepMs: KEEP_MS });
      if (answer !== undefined) return answer;
      // The table is new, or the database has emptied it: nobody knows what was in it.
      await makeNonceMark(db, nowMs);
    }
  }

  /** How many more this server may add. */
  #room(nowMs: number): number {
    let count = 0;
    for (const [slot, added] of this.#added) {
      if (slot < slotOf(nowMs)) this.#added.delete(slot);
      else count += added;
    }
    return Math.max(0, this.#limit - count);
  }
}
