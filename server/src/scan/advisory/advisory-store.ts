import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Database } from '#db/database.ts';
import type { AdvisorySetTable } from '#db/schema/scan-schema.ts';
import { transaction } from '#db/transaction.ts';
import { advisorySetClosed, advisorySetNotFound } from '../errors.ts';
import type { Advisory, AdvisorySet } from './advisory.ts';

/** The most rows of one statement. */
const ROWS = 500;
/** The most names of one query. */
const NAMES = 300;

/** Begins a set, which scans ignore until it is published. */
export async function insertAdvisorySet(
  db: Database,
  set: {
    setId: string;
    instanceId: string;
    name: string;
    source: string;
    createdBy: string;
    dataMs: number;
    nowMs: number;
  },
): Promise<void> {
  const { setId, instanceId, name, source, createdBy, dataMs, nowMs } = set;
  await db
    .insertInto('advisory_set')
    .values({
      set_id: setId,
      instance_id: instanceId,
      name,
      source,
      state: 'open',
      created_by: createdBy,
      data_ms: dataMs,
      created_ms: nowMs,
      published_ms: null,
    })
    .execute();
}

/** Adds advisories to an open set. Throws ADVISORY_SET_NOT_EXIST and ADVISORY_SET_CLOSED. */
export async function addAdvisories(
  db: Database,
  instanceId: string,
  setId: string,
  advisories: readonly Advisory[],
): Promise<number> {
  return transaction(db, async (db) => {
    const { state } = await getAdvisorySet(db, instanceId, setId);
    if (state !== 'open') throw advisorySetClosed();
    for (let from = 0; from < advisories.length; from += ROWS) {
      const rows = advisories.slice(from, from + ROWS).map(({ ecosystem, package: name, ...body }) => {
        return { set_id: setId, ecosystem, package: name, body: JSON.stringify(body) };
      });
      await db.insertInto('advisory').values(rows).execute();
    }
    const { advisory_count } = await db
      .updateTable('advisory_set')
      .set((eb) => ({ advisory_count: eb('advisory_count', '+', advisories.length) }))
      .where('set_id', '=', setId)
      .returning('advisory_count')
      .executeTakeFirstOrThrow();
    return advisory_count;
  });
}

/** Lets scans look at a set, replacing the one of the same name. Throws ADVISORY_SET_NOT_EXIST and ADVISORY_SET_CLOSED. */
export async function publishAdvisorySet(
  db: Database,
  instanceId: string,
  setId: string,
  nowMs: number,
): Promise<AdvisorySet> {
  return transaction(db, async (db) => {
    const { name, state } = await getAdvisorySet(db, instanceId, setId);
    if (state !== 'open') throw advisorySetClosed();
    await db
      .updateTable('advisory_set')
      .set({ state: 'replaced' })
      .where('instance_id', '=', instanceId)
      .where('name', '=', name)
      .where('state', '=', 'published')
      .execute();
    await db
      .updateTable('advisory_set')
      .set({ state: 'published', published_ms: nowMs })
      .where('set_id', '=', setId)
      .execute();
    return getAdvisorySet(db, instanceId, setId);
  });
}

/** Hides a set from scans. Throws ADVISORY_SET_NOT_EXIST. `sweepAdvisories` removes it. */
export async function removeAdvisorySet(db: Database, instanceId: string, setId: string): Promise<void> {
  const { state } = await getAdvisorySet(db, instanceId, setId);
  if (state === 'replaced') throw advisorySetNotFound();
  await db.updateTable('advisory_set').set({ state: 'replaced' }).where('set_id', '=', setId).execute();
}

/** The sets that scans use, by name. */
export async function listAdvisorySets(db: Database, instanceId: string): Promise<AdvisorySet[]> {
  const rows = await db
    .selectFrom('advisory_set')
    .selectAll()
    .where('instance_id', '=', instanceId)
    .where('state', '=', 'published')
    .orderBy('name')
    .execute();
  return rows.map(fromRow);
}

/** Removes some rows of sets that were replaced, or were left open before a time. Returns whether there are more. */
export async function sweepAdvisories(db: Database, openBeforeMs: number): Promise<boolean> {
  const old = await db
    .selectFrom('advisory_set')
    .select('set_id')
    .where((eb) =>
      eb.or([eb('state', '=', 'replaced'), eb.and([eb('state', '=', 'open'), eb('created_ms', '<', openBeforeMs)])]),
    )
    .executeTakeFirst();
  if (old === undefined) return false;
  await db.updateTable('advisory_set').set({ state: 'replaced' }).where('set_id', '=', old.set_id).execute();
  const removed = await db
    .deleteFrom('advisory')
    .where('sequence', 'in', (eb) =>
      eb.selectFrom('advisory').select('sequence').where('set_id', '=', old.set_id).limit(SWEPT_ROWS),
    )
    .executeTakeFirst();
  if (Number(removed.numDeletedRows) < SWEPT_ROWS)
    await db.deleteFrom('advisory_set').where('set_id', '=', old.set_id).execute();
  return true;
}

const SWEPT_ROWS = 20_000;

/** The advisories that scans use: their sets, as a version, and the age of the oldest. */
export interface AdvisoryDatabase {
  version: string;
  dataMs: number;
  setIds: readonly string[];
}

/** Undefined while there are no advisories. */
export async function findAdvisoryDatabase(db: Database, instanceId: string): Promise<AdvisoryDatabase | undefined> {
  const sets = (await listAdvisorySets(db, instanceId)).filter(({ count }) => count > 0);
  if (sets.length === 0) return undefined;
  const setIds = sets.map(({ setId }) => setId).sort();
  const version = createHash('sha256').update(setIds.join()).digest('hex').slice(0, VERSION_CHARS);
  return { version, dataMs: Math.min(...sets.map(({ dataMs }) => dataMs)), setIds };
}

const VERSION_CHARS = 16;

/** Which of the given ecosystems a database has advisories for. */
export async function listKnownEcosystems(
  db: Database,
  { setIds }: AdvisoryDatabase,
  ecosystems: readonly string[],
): Promise<Set<string>> {
  const known = new Set<string>();
  for (const ecosystem of ecosystems) {
    const row = await db
      .selectFrom('advisory')
      .select('ecosystem')
      .where('set_id', 'in', setIds)
      .where('ecosystem', '=', ecosystem)
      .executeTakeFirst();
    if (row !== undefined) known.add(ecosystem);
  }
  return known;
}

/** The advisories of a database about packages of an ecosystem, by package. */
export async function findAdvisories(
  db: Database,
  { setIds }: AdvisoryDatabase,
  ecosystem: string,
  packages: readonly string[],
): Promise<Map<string, Advisory[]>> {
  const found = new Map<string, Advisory[]>();
  for (let from = 0; from < packages.length; from += NAMES) {
    const rows = await db
      .selectFrom('advisory')
      .select(['package', 'body'])
      .where('ecosystem', '=', ecosystem)
      .where('package', 'in', packages.slice(from, from + NAMES))
      .where('set_id', 'in', setIds)
      .execute();
    for (const { package: name, body } of rows) {
      const advisory = { ...JSON.parse(body), ecosystem, package: name } as Advisory;
      const others = found.get(name);
      if (others === undefined) found.set(name, [advisory]);
      else others.push(advisory);
    }
  }
  return found;
}

async function getAdvisorySet(db: Database, instanceId: string, setId: string): Promise<AdvisorySet> {
  const row = await db
    .selectFrom('advisory_set')
    .selectAll()
    .where('set_id', '=', setId)
    .where('instance_id', '=', instanceId)
    .executeTakeFirst();
  if (row === undefined) throw advisorySetNotFound();
  return fromRow(row);
}

function fromRow(row: Selectable<AdvisorySetTable>): AdvisorySet {
  return {
    setId: row.set_id,
    name: row.name,
    source: row.source,
    state: row.state as AdvisorySet['state'],
    createdBy: row.created_by,
    dataMs: row.data_ms,
    publishedMs: row.published_ms ?? undefined,
    count: row.advisory_count,
  };
}
