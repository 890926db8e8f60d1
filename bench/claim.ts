/*
 * What it costs to claim the next build: with 1000 builds running and 3000 waiting, compared with 2 and 10, on SQLite and, where
 * its programs are, on PostgreSQL. All databases also have 50,000 builds that ended, of 500 repositories. `node bench/claim.ts`.
 */
import { join } from 'node:path';

import { claimBuildRecord } from '../server/src/build/queue/queue-store.ts';
import { insertBuildRecordUnderTest } from '../server/src/build/testing/insert-build-record.ts';
import { type Database, DatabaseWriter, openDatabase } from '../server/src/db/database.ts';
import { openPostgres } from '../server/src/db/postgres/open-postgres.ts';
import { countRows } from '../server/src/db/testing/count-rows.ts';
import { postgresFolder, startPostgres } from '../server/src/db/testing/postgres-server.ts';
import { insertRepositoryUnderTest } from '../server/src/repository/testing/insert-repository.ts';
import { inBenchFolder } from './support/bench-folder.ts';
import { Figures, median, percentile, shown } from './support/figures.ts';

interface Queue {
  db: Database;
  timesMs: number[];
}

const REPOSITORIES = 500;
const ENDED = 50_000;
const CLAIMS = 60;
const LIMIT = 15;
const NO_LIMITS = { perInstance: 1_000_000, perRepository: 1_000_000 };

// The database's threads do not keep a process alive.
const alive = setInterval(() => undefined, 60_000);
const figures = new Figures('claim the next build');
await inBenchFolder((folder) =>
  compare('SQLite', async (name) => openDatabase(join(folder, `${name}.sqlite`), await DatabaseWriter.start())),
);
if (postgresFolder() !== undefined) {
  const postgres = await startPostgres({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
  const admin = await postgres.connect('postgres', 'bench');
  await compare('PostgreSQL', async (name) => {
    await admin.query(`create database ${name} template template0`);
    return openPostgres(postgres.urlOf(name));
  });
  await admin.end();
  await postgres.stop();
}
clearInterval(alive);
figures.print();

async function compare(engine: string, open: (name: string) => Promise<Database>): Promise<void> {
  const many = await fill(await open('many'), 1000, 3000);
  const few = await fill(await open('few'), 2, 10);
  for (let round = 0; round < CLAIMS; round++) for (const queue of [many, few]) await claimAndReturn(queue);
  const [manyMs, fewMs] = [median(many.timesMs), median(few.timesMs)];
  const detail = `p50 ${shown(manyMs)} and ${shown(fewMs)} ms, p99 ${shown(percentile(many.timesMs, 99))} and ${shown(percentile(few.timesMs, 99))} ms`;
  figures.atMost(`${engine}: a claim at 1000 running and 3000 waiting / at 2 and 10`, manyMs / fewMs, LIMIT, detail);
  for (const { db } of [many, few]) await db.destroy();
}

async function fill(db: Database, running: number, waiting: number): Promise<Queue> {
  const repositories = Array.from({ length: REPOSITORIES }, (_, at) => ({ repoId: `crr-${at}`, name: `app${at}` }));
  await insertRepositoryUnderTest(db, repositories);
  await db.transaction().execute(async (transaction) => {
    for (let at = 0; at < ENDED + running + waiting; at++)
      await insertBuildRecordUnderTest(transaction, { repoId: `crr-${(at * 7) % REPOSITORIES}`, createdMs: at });
  });
  const range = (from: number, count: number) =>
    db
      .updateTable('build_record')
      .where('sequence', '>', from)
      .where('sequence', '<=', from + count);
  await range(0, ENDED).set({ status: 'SUCCESS', started_ms: 1, ended_ms: 2 }).execute();
  await range(ENDED, running).set({ status: 'BUILDING', started_ms: 3, lease_owner: 'a', lease_until_ms: 4 }).execute();
  await countRows(db);
  return { db, timesMs: [] };
}

/** Returns the record afterwards, so that each claim finds the same queue. */
async function claimAndReturn({ db, timesMs }: Queue): Promise<void> {
  const startMs = performance.now();
  const record = await claimBuildRecord(db, { owner: 'bench', nowMs: 5, leaseMs: 1 }, NO_LIMITS);
  timesMs.push(performance.now() - startMs);
  if (record === undefined) throw new Error('the queue is empty');
  await db
    .updateTable('build_record')
    .set({ status: 'PENDING', started_ms: null, lease_owner: null, lease_until_ms: null })
    .where('build_record_id', '=', record.buildRecordId)
    .execute();
}
