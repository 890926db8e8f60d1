import { randomBytes } from 'node:crypto';
import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';
import type { SecretBox } from '#rpc/context.ts';
import type { Receiver } from './delivery.ts';
import { originOf } from './receiver-url.ts';

/** What reading and writing receivers needs; addresses and secrets are sealed. */
export interface ReceiverMeans {
  db: Database;
  secrets: SecretBox;
}

/** A receiver with a waiting delivery, to which nobody else sends until the claim ends. */
export interface ClaimedReceiver extends Receiver {
  origin: string;
  failingSinceMs: number | undefined;
}

/** A receiver's state, as lists show it. */
export interface ReceiverState {
  url: string;
  failingSinceMs: number | undefined;
  /** When the next attempt is due. */
  nextMs: number | undefined;
}

/** Adds a receiver, in the transaction that adds its owner. */
export async function insertReceiver({ db, secrets }: ReceiverMeans, receiver: Receiver): Promise<void> {
  const { receiverId, url, secret } = receiver;
  await db
    .insertInto('receiver')
    .values({
      receiver_id: receiverId,
      sealed_url: secrets.seal(receiverId, url),
      origin: originOf(url),
      sealed_secret: secret === undefined ? null : secrets.seal(receiverId, secret),
      next_ms: null,
      failing_since_ms: null,
    })
    .execute();
}

/** Changes the address of a receiver. Waiting deliveries are tried there at once. */
export async function moveReceiver(
  { db, secrets }: ReceiverMeans,
  receiverId: string,
  url: string,
  nowMs: number,
): Promise<void> {
  await db
    .updateTable('receiver')
    .set((eb) => ({
      sealed_url: secrets.seal(receiverId, url),
      origin: originOf(url),
      failing_since_ms: null,
      next_ms: eb.case().when('next_ms', 'is', null).then(null).else(nowMs).end(),
    }))
    .where('receiver_id', '=', receiverId)
    .execute();
}

/** A new secret for signing what a receiver is sent. */
export function newReceiverSecret(): string {
  return `whsec_${randomBytes(32).toString('base64url')}`;
}

/** Changes the secret of a receiver. */
export async function changeReceiverSecret(
  { db, secrets }: ReceiverMeans,
  receiverId: string,
  secret: string,
): Promise<void> {
  await db
    .updateTable('receiver')
    .set({ sealed_secret: secrets.seal(receiverId, secret) })
    .where('receiver_id', '=', receiverId)
    .execute();
}

/** Removes receivers with their past and waiting deliveries. */
export async function removeReceivers(db: Database, receiverIds: readonly string[]): Promise<void> {
  if (receiverIds.length === 0) return;
  await db
    .deleteFrom('delivery')
    .where('receiver_id', 'in', [...receiverIds])
    .execute();
  await db
    .deleteFrom('receiver')
    .where('receiver_id', 'in', [...receiverIds])
    .execute();
}

/** The states of receivers, by their ids. */
export async function listReceiverStates(
  { db, secrets }: ReceiverMeans,
  receiverIds: readonly string[],
): Promise<Map<string, ReceiverState>> {
  if (receiverIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('receiver')
    .selectAll()
    .where('receiver_id', 'in', [...receiverIds])
    .execute();
  return new Map(
    rows.map((row) => [
      row.receiver_id,
      {
        url: secrets.open(row.receiver_id, row.sealed_url),
        failingSinceMs: row.failing_since_ms ?? undefined,
        nextMs: row.next_ms ?? undefined,
      },
    ]),
  );
}

/** Which receivers to claim. */
export interface Claim {
  nowMs: number;
  /** When they are due again if the caller has not reported a result by then. */
  untilMs: number;
  limit: number;
  except: readonly string[];
  /** How many receivers of one host to claim. */
  ofOrigin(origin: string): number;
}

/** Claims receivers for which a delivery is due: a few of each host, longest waiting first. */
export async function claimReceivers({ db, secrets }: ReceiverMeans, claim: Claim): Promise<ClaimedReceiver[]> {
  return transaction(db, async (trx) => {
    const taken = new Map<string, number>();
    const rows = (await listDue(trx, claim))
      .filter(({ origin }) => {
        const count = taken.get(origin) ?? 0;
        if (count >= claim.ofOrigin(origin)) return false;
        taken.set(origin, count + 1);
        return true;
      })
      .slice(0, claim.limit);
    const ids = rows.map((row) => row.receiver_id);
    if (ids.length > 0)
      await trx.updateTable('receiver').set({ next_ms: claim.untilMs }).where('receiver_id', 'in', ids).execute();
    return rows.map((row) => ({
      receiverId: row.receiver_id,
      url: secrets.open(row.receiver_id, row.sealed_url),
      origin: row.origin,
      secret: row.sealed_secret === null ? undefined : secrets.open(row.receiver_id, row.sealed_secret),
      failingSinceMs: row.failing_since_ms ?? undefined,
    }));
  });
}

const LOOKED_AT = 512;
const LOOKED_AT_EACH_ORIGIN = 16;

/** Receivers that are due, at most a few of each host, so that one host does not hide the others. */
function listDue(db: Database, { nowMs, except }: Claim) {
  return db
    .selectFrom((eb) => {
      const due = eb
        .selectFrom('receiver')
        .selectAll()
        .select(({ fn }) =>
          fn
            .agg<number>('row_number')
            .over((over) => over.partitionBy('origin').orderBy('next_ms').orderBy('receiver_id'))
            .as('place'),
        )
        .where('next_ms', '<=', nowMs);
      return (except.length === 0 ? due : due.where('receiver_id', 'not in', [...except])).as('due');
    })
    .selectAll()
    .where('place', '<=', LOOKED_AT_EACH_ORIGIN)
    .orderBy('place')
    .orderBy('next_ms')
    .limit(LOOKED_AT)
    .execute();
}

/** When the next delivery to any receiver is due; undefined if none waits. */
export async function nextDueMs(db: Database): Promise<number | undefined> {
  const row = await db
    .selectFrom('receiver')
    .select('next_ms')
    .where('next_ms', 'is not', null)
    .orderBy('next_ms')
    .limit(1)
    .executeTakeFirst();
  return row?.next_ms ?? undefined;
}
