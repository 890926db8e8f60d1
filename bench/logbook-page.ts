/*
 * A page of 100 lines at random offsets of a log of a million lines, in process: running and sealed, compared with
 * other designs on the same lines. `node bench/logbook-page.ts`; needs root if PostgreSQL or Redis must be installed.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { Logbook } from '../logbook/src/logbook.ts';
import { corpusBatches } from './corpus.ts';
import { pageFromStart, ZstdFrames } from './peers/files.ts';
import { PostgresRows } from './peers/postgres.ts';
import { Redis } from './peers/redis.ts';
import { SqliteRows } from './peers/sqlite.ts';
import { fillLog, inBenchFolder, logFile, logOf } from './support/bench-folder.ts';
import { Figures, shown } from './support/figures.ts';
import { type Candidate, measure, randomOffset, spentText } from './support/rounds.ts';

const LINES = 1_000_000;
const ROUNDS = 7;
const PAGES = 400;
const BATCH_LINES = 1000;
const RATIOS = { postgres: 20, redis: 6 };

await inBenchFolder(async (folder) => {
  const postgres = await PostgresRows.start(join(folder, 'postgres'));
  const redis = await Redis.start(join(folder, 'redis'));
  try {
    await run(folder, postgres, redis);
  } finally {
    await redis.stop();
    await postgres.stop();
  }
});

async function run(folder: string, postgres: PostgresRows, redis: Redis): Promise<void> {
  const logs = join(folder, 'logs');
  const logbook = await Logbook.open({ folder: logs, blockCacheBytes: 0 });
  const sealed = await fillLog(logbook, 'sealed', LINES);
  await sealed.seal({ verdict: 'complete' });
  await fillLog(logbook, 'running', LINES);
  const cached = await Logbook.open({ folder: logs, blockCacheBytes: 512 * 1024 * 1024 });
  const warm = await logOf(cached, 'sealed');
  for (let offset = 0; offset < LINES; offset += 100) await warm.page(offset);
  const hot = await logOf(logbook, 'running');
  const cold = await logOf(logbook, 'sealed');

  const copy = join(folder, 'copy.ndjson');
  copyFileSync(logFile(logs, 'running', 'hot.ndjson'), copy);
  const zstd = ZstdFrames.make(copy, join(folder, 'frames.zst'), LINES);
  execFileSync('gzip', ['-6', copy]);
  const rows = await postgres.open();
  const list = await redis.open();
  const sqlite = new SqliteRows(join(folder, 'rows.sqlite'));
  let line = 1;
  for (const batch of corpusBatches(LINES, BATCH_LINES)) {
    await rows.append(1, line, batch);
    sqlite.append(1, line, batch);
    await list.append(
      1,
      batch.map((message, at) => lineJson(line + at, message)),
    );
    line += batch.length;
  }
  await rows.settle();

  const read: Record<string, (offset: number) => unknown> = {
    running: async (offset) => (await hot.page(offset)).latin1,
    'sealed, cold': async (offset) => (await cold.page(offset)).latin1,
    'sealed, cached': async (offset) => (await warm.page(offset)).latin1,
    'PostgreSQL rows': (offset) => rows.page(1, offset),
    'Redis list': (offset) => list.page(1, offset),
    'SQLite rows': (offset) => sqlite.page(1, offset),
    'zstd frames': (offset) => zstd.page(offset),
    'gzip from the start': (offset) => pageFromStart(`${copy}.gz`, offset),
  };
  await sameLines(read);
  const server: Record<string, () => number> = {
    'PostgreSQL rows': () => postgres.cpuMs(),
    'Redis list': () => redis.cpuMs(),
  };
  const candidates = Object.entries(read).map(([name, page]): Candidate => {
    const act = (index: number): unknown => page(randomOffset(index, LINES));
    const cpuMs = server[name];
    return { name, acts: name === 'gzip from the start' ? 2 : PAGES, act, ...(cpuMs && { cpuMs }) };
  });
  const spent = await measure(candidates, ROUNDS);

  const figures = new Figures(`Page of 100 lines at random offsets, ${LINES} lines, in process`);
  for (const name of Object.keys(read)) figures.report(`${name}, us`, spent(name).p50Us, spentText(spent(name)));
  const running = spent('running').p50Us;
  figures.atLeast(
    'running: PostgreSQL rows take times as long',
    spent('PostgreSQL rows').p50Us / running,
    RATIOS.postgres,
    'medians',
  );
  figures.atLeast(
    'running: Redis list takes times as long',
    spent('Redis list').p50Us / running,
    RATIOS.redis,
    'medians',
  );
  const gzipRatio = spent('gzip from the start').p50Us / spent('sealed, cold').p50Us;
  figures.report(
    'sealed, cold: gzip from the start takes times as long',
    gzipRatio,
    'for ten million lines: logbook-large',
  );
  const sealedBytes = ['log.ndjson.gz', 'log.idx'].reduce(
    (sum, name) => sum + statSync(logFile(logs, 'sealed', name)).size,
    0,
  );
  const gzipBytes = statSync(`${copy}.gz`).size;
  figures.atMost(
    'sealed file and index, times gzip -6',
    sealedBytes / gzipBytes,
    1.1,
    `${shown(sealedBytes)} and ${shown(gzipBytes)} bytes`,
  );
  figures.print();
  for (const open of [rows, list, sqlite, zstd]) open.close();
  await logbook.close();
  await cached.close();
}

/** All candidates must return the same lines, also at the ends of the log. */
async function sameLines(read: Record<string, (offset: number) => unknown>): Promise<void> {
  for (const offset of [0, 12_345, 777_777, LINES - 100]) {
    const pages = Object.entries(read).map(async ([name, page]) => {
      const text = String(await page(offset));
      return { name, lines: JSON.parse(text.startsWith('[') ? text : `[${text}]`) as unknown };
    });
    const [first, ...others] = await Promise.all(pages);
    for (const other of others) assert.deepEqual(other.lines, first?.lines, `${other.name} at ${offset}`);
  }
}

function lineJson(number: number, message: string): string {
  return JSON.stringify({ LineNumber: number, Message: message, BuildStage: 'GIT_CLONE' });
}
