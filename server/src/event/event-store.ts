import type { Database } from '#db/database.ts';
import { jsonField } from '#db/engine.ts';
import { preparedRead } from '#db/prepared-read.ts';
import { storableJson } from '#db/storable-text.ts';
import { takeTurn, transaction } from '#db/transaction.ts';
import type { Event, EventBodies, EventKind } from './event.ts';

/**
 * A transaction that writes events, or changes what those change. They come one after another, as they would have to for the numbers of
 * their events anyway.
 */
export function eventTransaction<Result>(db: Database, work: (trx: Database) => Promise<Result>): Promise<Result> {
  return transaction(db, work, { inTurn: EVENT_TURN });
}

const EVENT_TURN = 'event';

/**
 * Writes an event, in the transaction of the change that it reports. The numbers of events become visible in their order, so a consumer
 * that has taken one never misses one before it.
 */
export async function insertEvent<Kind extends EventKind>(
  db: Database,
  kind: Kind,
  body: EventBodies[Kind],
  nowMs: number,
): Promise<void> {
  if (!db.isTransaction) throw new Error('an event is written in the transaction of what it reports');
  await takeTurn(db, EVENT_TURN);
  await db
    .insertInto('event')
    .values({ kind, time_ms: nowMs, body: storableJson(body) })
    .execute();
}

/** The next events that a consumer has not taken, oldest first. A new consumer begins with events from now on. */
export async function listEvents(db: Database, consumer: string, limit: number): Promise<Event[]> {
  const cursor = await db
    .selectFrom('event_cursor')
    .select('sequence')
    .where('consumer', '=', consumer)
    .executeTakeFirst();
  if (cursor === undefined) {
    await db
      .insertInto('event_cursor')
      .values((eb) => ({
        consumer,
        sequence: eb.selectFrom('event').select((of) => of.fn.coalesce(of.fn.max('sequence'), of.val(0)).as('last')),
      }))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return [];
  }
  const rows = await db
    .selectFrom('event')
    .selectAll()
    .where('sequence', '>', cursor.sequence)
    .orderBy('sequence')
    .limit(limit)
    .execute();
  return rows.map(
    ({ kind, sequence, time_ms, body }) => ({ kind, sequence, timeMs: time_ms, body: JSON.parse(body) }) as Event,
  );
}

/** The events that set a tag and that a consumer has not taken. */
export async function listUntakenOfTag(
  db: Database,
  consumer: string,
  { repoId, tag }: { repoId: string; tag: string },
): Promise<EventBodies['tag_set'][]> {
  const cursor = db.selectFrom('event_cursor').select('sequence').where('consumer', '=', consumer);
  const rows = await db
    .selectFrom('event')
    .select('body')
    .where('sequence', '>', (eb) => eb.fn.coalesce(cursor, eb.val(0)))
    .where('kind', '=', 'tag_set')
    .where(jsonField('body', 'repoId'), '=', repoId)
    .where(jsonField('body', 'tag'), '=', tag)
    .execute();
  return rows.map(({ body }) => JSON.parse(body) as EventBodies['tag_set']);
}

const readLast = preparedRead((db) => db.selectFrom('event').select((eb) => eb.fn.max('sequence').as('last')), []);

/** The newest event's sequence number; 0 if there is none. */
export async function lastEventSequence(db: Database): Promise<number> {
  const [row] = await readLast(db);
  return row?.last ?? 0;
}

/**
 * Records that a consumer has taken everything up to an event. In the transaction of the consumer's own work, this
 * takes each event exactly once.
 */
export async function takeEvents(db: Database, consumer: string, sequence: number): Promise<void> {
  await db
    .updateTable('event_cursor')
    .set({ sequence })
    .where('consumer', '=', consumer)
    .where('sequence', '<', sequence)
    .execute();
}

/** Removes events older than a time that every consumer has taken. */
export async function removeTakenEvents(db: Database, beforeMs: number): Promise<void> {
  await db
    .deleteFrom('event')
    .where('time_ms', '<', beforeMs)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom('event_cursor').select('consumer').whereRef('event_cursor.sequence', '<', 'event.sequence')),
      ),
    )
    .execute();
}

/** The sequence number up to which every consumer has taken the events; 0 if there are no consumers. */
export async function leastTakenSequence(db: Database): Promise<number> {
  const { least } = await db
    .selectFrom('event_cursor')
    .select((eb) => eb.fn.min('sequence').as('least'))
    .executeTakeFirstOrThrow();
  return least ?? 0;
}
