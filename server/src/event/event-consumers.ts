import type { Database } from '#db/database.ts';
import { isDatabaseUnavailable } from '#db/database-unavailable.ts';
import type { Event } from './event.ts';
import { eventTransaction, lastEventSequence, listEvents, takeEvents } from './event-store.ts';

/** A part of the server that acts on events. */
export interface EventConsumer {
  /** Its cursor's name; never reused for another part. */
  name: string;
  /**
   * Acts on an event. What it writes through `trx` happens exactly once; anything else may happen again after a crash. If it throws,
   * the event stays, and it gets it again later.
   */
  take(trx: Database, event: Event): Promise<void>;
}

/** What consumers run with. */
export interface EventConsumersMeans {
  db: Database;
  consumers: readonly EventConsumer[];
  /** Told after events were taken. */
  taken(): void;
  report: (message: string, error: unknown) => void;
}

const LOOK_EVERY_MS = 250;
const REST_MS = 60_000;
const AWAY_REST_MS = 1_000;
const BATCH = 100;

/** Gives every consumer the events that it has not taken, in their order, until it is closed. */
export async function startEventConsumers(means: EventConsumersMeans): Promise<{ close(): Promise<void> }> {
  // A consumer that is new begins with what happens from here on.
  for (const { name } of means.consumers) await listEvents(means.db, name, 1);
  const places = means.consumers.map((consumer) => ({ consumer, seen: -1, restsUntilMs: 0 }));
  let restsUntilMs = 0;
  let isLooking = false;
  let isClosed = false;
  const fail = (error: unknown): number => {
    const restMs = isDatabaseUnavailable(error) ? AWAY_REST_MS : REST_MS;
    means.report(`events could not be taken; they are tried again in ${restMs / 1000} s`, error);
    return performance.now() + restMs;
  };
  const look = async (): Promise<void> => {
    const last = await lastEventSequence(means.db);
    const behind = places.filter((place) => place.seen !== last && performance.now() >= place.restsUntilMs);
    if (behind.length === 0) return;
    for (const place of behind) {
      try {
        while (!isClosed && (await takeBatch(means.db, place.consumer)) === BATCH) means.taken();
        place.seen = last;
      } catch (error) {
        // One that fails does not hold up the others.
        place.restsUntilMs = fail(new Error(`give events to ${place.consumer.name}`, { cause: error }));
      }
    }
    means.taken();
  };
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    if (isLooking || performance.now() < restsUntilMs) return;
    isLooking = true;
    looking = look()
      .catch((error: unknown) => {
        restsUntilMs = fail(error);
      })
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_EVERY_MS);
  return {
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      await looking;
    },
  };
}

/** Gives a consumer its next events, in one transaction. Returns how many. Of two servers that do it at once, one finds none. */
export async function takeBatch(db: Database, consumer: EventConsumer): Promise<number> {
  if ((await listEvents(db, consumer.name, 1)).length === 0) return 0;
  // What it does may write events.
  return eventTransaction(db, async (trx) => {
    const events = await listEvents(trx, consumer.name, BATCH);
    for (const event of events) await consumer.take(trx, event);
    const last = events.at(-1);
    if (last !== undefined) await takeEvents(trx, consumer.name, last.sequence);
    return events.length;
  });
}
