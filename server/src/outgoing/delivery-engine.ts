import { Shares } from '#admission/shares.ts';
import type { Database } from '#db/database.ts';
import type { Attempt, Delivery, Receiver } from '#delivery/delivery.ts';
import { findFirstWaiting, markReceiverIdle, noteAttempt, removeOldDeliveries } from '#delivery/delivery-store.ts';
import { type ClaimedReceiver, claimReceivers, nextDueMs } from '#delivery/receiver-store.ts';
import type { SecretBox } from '#rpc/context.ts';

/** What the engine needs. */
export interface DeliveryEngineMeans {
  db: Database;
  secrets: SecretBox;
  now: () => number;
  /** Whether nothing is sent for now. */
  isPaused?: () => boolean;
  post(call: { receiver: Receiver; delivery: Delivery; signal: AbortSignal }): Promise<Attempt>;
  report: (message: string, error: unknown) => void;
}

/** How many receivers are sent to at once. */
const RUNNING_LIMIT = 256;
/** How many of them may be at one host, so that a slow host delays nobody else. */
const RUNNING_EACH_ORIGIN = 16;
/** Longer than any attempt: after that, the server that made the claim is dead. */
const CLAIM_MS = 30_000;
/** A changed address makes its receiver due, without a call to the engine. */
const LONGEST_SLEEP_MS = 2000;
const REST_AFTER_FAULT_MS = 10_000;
const CLEAN_EVERY_MS = 10 * 60_000;
const KEEP_MS = 30 * 24 * 3_600_000;
const KEEP_EACH = 1000;

/**
 * Sends waiting deliveries until it is closed. A receiver gets its deliveries one after the other, in the order of the
 * events. They wait in the database, not in memory. If the server dies while it sends one, the next server sends it
 * again.
 */
export class DeliveryEngine {
  readonly #means: DeliveryEngineMeans;
  readonly #running = new Map<string, Promise<void>>();
  readonly #origins = new Shares();
  readonly #abort = new AbortController();
  #looking = Promise.resolve();
  #isWanted = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #cleaning: NodeJS.Timeout;
  #cleaned = Promise.resolve();

  constructor(means: DeliveryEngineMeans) {
    this.#means = means;
    this.#cleaning = setInterval(() => this.#clean(), CLEAN_EVERY_MS);
    this.wake();
  }

  /** Looks for due deliveries; call it after some were added. */
  wake(): void {
    if (this.#isWanted || this.#abort.signal.aborted) return;
    this.#isWanted = true;
    this.#looking = this.#looking.then(() => this.#look());
  }

  /** Ends running attempts; the next server repeats them. */
  async close(): Promise<void> {
    this.#abort.abort();
    clearTimeout(this.#timer);
    clearInterval(this.#cleaning);
    await Promise.all([this.#looking, this.#cleaned]);
    await Promise.all(this.#running.values());
  }

  async #look(): Promise<void> {
    this.#isWanted = false;
    clearTimeout(this.#timer);
    if (this.#abort.signal.aborted) return;
    let dueMs: number | undefined;
    try {
      if (this.#means.isPaused?.()) dueMs = this.#means.now() + LONGEST_SLEEP_MS;
      else {
        await this.#claim();
        dueMs = await nextDueMs(this.#means.db);
      }
    } catch (error) {
      this.#means.report('due deliveries could not be read', error);
      dueMs = this.#means.now() + REST_AFTER_FAULT_MS;
    }
    if (dueMs === undefined || this.#abort.signal.aborted) return;
    // A due delivery that was not claimed waits until an attempt ends, which wakes the engine.
    const sleepMs = dueMs - this.#means.now();
    if (sleepMs > 0 || this.#running.size === 0)
      this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(sleepMs, 1), LONGEST_SLEEP_MS));
  }

  async #claim(): Promise<void> {
    const free = RUNNING_LIMIT - this.#running.size;
    const nowMs = this.#means.now();
    const claimed = await claimReceivers(this.#means, {
      nowMs,
      untilMs: nowMs + CLAIM_MS,
      limit: free,
      except: [...this.#running.keys()],
      ofOrigin: (origin) => RUNNING_EACH_ORIGIN - this.#origins.of(origin),
    });
    for (const receiver of claimed) this.#start(receiver);
  }

  #start(receiver: ClaimedReceiver): void {
    this.#origins.add(receiver.origin, 1);
    const running = this.#send(receiver)
      .catch((error: unknown) => this.#means.report('a delivery could not be sent or recorded', error))
      .finally(() => {
        this.#origins.add(receiver.origin, -1);
        this.#running.delete(receiver.receiverId);
        this.wake();
      });
    this.#running.set(receiver.receiverId, running);
  }

  async #send(receiver: ClaimedReceiver): Promise<void> {
    const { db, now, post } = this.#means;
    const delivery = await findFirstWaiting(db, receiver.receiverId);
    if (delivery === undefined) return markReceiverIdle(db, receiver.receiverId);
    const startedMs = now();
    const attempt = await post({ receiver, delivery, signal: this.#abort.signal });
    if (attempt.failure !== undefined && this.#abort.signal.aborted) return;
    await noteAttempt(db, { delivery, failingSinceMs: receiver.failingSinceMs }, attempt, { startedMs, nowMs: now() });
  }

  #clean(): void {
    this.#cleaned = removeOldDeliveries(this.#means.db, this.#means.now() - KEEP_MS, KEEP_EACH).catch(
      (error: unknown) => this.#means.report('old deliveries could not be removed', error),
    );
  }
}
