import type { Database } from '#db/database.ts';
import { databaseClockMs } from '#db/engine.ts';

/** A server, as others with the same database know it. */
export interface ServerNode {
  readonly nodeId: string;
  /** The name of its machine. */
  readonly host: string;
  readonly version: string;
}

/** Says that a server is there now. */
export async function seeNode(db: Database, { nodeId, host, version }: ServerNode): Promise<void> {
  const seen = { host, version, seen_ms: databaseClockMs() };
  await db
    .insertInto('server_node')
    .values({ node_id: nodeId, ...seen })
    .onConflict((conflict) => conflict.column('node_id').doUpdateSet(seen))
    .execute();
}

/** How many servers were there within this time. */
export async function countNodes(db: Database, withinMs: number): Promise<number> {
  const { count } = await db
    .selectFrom('server_node')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('seen_ms', '>', (eb) => eb(databaseClockMs(), '-', withinMs))
    .executeTakeFirstOrThrow();
  return count;
}

/** Forgets servers that were last there before this time. */
export async function removeOldNodes(db: Database, keepMs: number): Promise<void> {
  await db
    .deleteFrom('server_node')
    .where('seen_ms', '<', (eb) => eb(databaseClockMs(), '-', keepMs))
    .execute();
}

/** Forgets a server. */
export async function removeNode(db: Database, nodeId: string): Promise<void> {
  await db.deleteFrom('server_node').where('node_id', '=', nodeId).execute();
}
