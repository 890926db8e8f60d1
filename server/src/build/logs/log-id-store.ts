import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { preparedRead } from '#db/prepared-read.ts';
import { getInstance } from '#instance/instance-store.ts';
import { getRepository } from '#repository/repository-store.ts';
import type { Means } from '#rpc/context.ts';
import { buildLogElsewhere, buildLogExpired, buildLogLost, buildRecordNotFound } from '../errors.ts';

/** Identifies a log: a record, and the repository and instance that it must belong to. */
export interface LogIds {
  readonly instanceId: string;
  readonly repoId: string;
  readonly buildRecordId: string;
}

/** Reads all three with one query. */
const readLogId = preparedRead(
  (db, buildRecordId: string, repoId: string, instanceId: string) =>
    db
      .selectFrom('build_record as b')
      .innerJoin('repository as r', (join) =>
        join.onRef('r.repo_id', '=', 'b.repo_id').onRef('r.instance_id', '=', 'b.instance_id'),
      )
      .innerJoin('instance as i', 'i.instance_id', 'b.instance_id')
      .select(['b.build_record_id', 'b.log_expired_ms'])
      .where('b.build_record_id', '=', buildRecordId)
      .where('b.repo_id', '=', repoId)
      .where('b.instance_id', '=', instanceId)
      .where('r.status', '=', sql<string>`'NORMAL'`),
  ['record', 'repository', 'instance'],
);

const FOUND_LIMIT = 1000;

/**
 * The last logs that were found, by database. Cached because records never move. Those of a repository are forgotten when it
 * is deleted.
 */
const foundPlaces = new WeakMap<Database, Map<string, string>>();

/** What `getLogId` found earlier, without reading the database. The log may have expired since. */
export function findLogIdAgain(db: Database, place: LogIds): string | undefined {
  return foundPlaces.get(db)?.get(placeKey(place));
}

/** Forgets all places: a repository was deleted, and the logs of its builds are reached no more. */
export function forgetLogIds(db: Database): void {
  foundPlaces.delete(db);
}

function noteFound(db: Database, place: LogIds, logId: string): void {
  const found = foundPlaces.get(db) ?? new Map<string, string>();
  foundPlaces.set(db, found);
  if (found.size >= FOUND_LIMIT) found.clear();
  found.set(placeKey(place), logId);
}

function placeKey({ instanceId, repoId, buildRecordId }: LogIds): string {
  return `${instanceId}\n${repoId}\n${buildRecordId}`;
}

/**
 * The id under which a record's log is kept. Throws the first that applies of INSTANCE_NOT_EXIST, REPO_NOT_EXIST and
 * BUILD_RECORD_NOT_EXIST, and BUILD_LOG_EXPIRED if the log has expired.
 */
export async function getLogId(db: Database, place: LogIds): Promise<string> {
  const { instanceId, repoId, buildRecordId } = place;
  const [row] = await readLogId(db, buildRecordId.toLowerCase(), repoId, instanceId);
  if (row?.log_expired_ms) throw buildLogExpired(row.build_record_id, row.log_expired_ms);
  if (row) {
    noteFound(db, place, row.build_record_id);
    return row.build_record_id;
  }
  await getInstance(db, instanceId);
  await getRepository(db, instanceId, repoId);
  throw buildRecordNotFound();
}

/**
 * Throws BUILD_LOG_LOST for a build that must have a log: it succeeded, its log was measured, or lines of it are lost. Throws
 * ServiceUnavailable for one that another node has, which may have shown lines of it. Call it for a log that the log engine does not know.
 * A build that waits has no log yet, and one that failed at once may never have had one.
 */
export async function refuseLostLog(
  { db, nodeId }: Pick<Means, 'db' | 'nodeId'>,
  buildRecordId: string,
): Promise<void> {
  const row = await db
    .selectFrom('build_record')
    .select(['build_record_id', 'lease_owner'])
    .where('build_record_id', '=', buildRecordId)
    .where((eb) =>
      eb.or([
        eb('status', '=', 'SUCCESS'),
        // Only a build that runs has an owner.
        eb('lease_owner', 'is not', null),
        eb('log_bytes', '>', 0),
        eb('lost_lines', 'is not', null),
      ]),
    )
    .where('log_expired_ms', 'is', null)
    .executeTakeFirst();
  if (row === undefined || row.lease_owner?.startsWith(`${nodeId}/`)) return;
  throw row.lease_owner === null ? buildLogLost(row.build_record_id) : buildLogElsewhere(row.build_record_id);
}
