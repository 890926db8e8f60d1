/*
 * Appending: 16 builds at once, batches of 100 lines, acknowledged only when the batch is on the device. Compared with
 * rows in SQLite and PostgreSQL and with lists and chunks in Redis, with the same rows per transaction and the same
 * durability. Then the time to the acknowledgement at 50,000 lines/s, and at 24,000 lines/s with and without syncs. `node bench/logbook-ingest.ts`; needs root if
 * PostgreSQL or Redis must be installed.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Disk, nodeDisk } from '../logbook/src/disk/disk.ts';
import { Logbook, type LogWriter } from '../logbook/src/logbook.ts';
import { corpusBatches } from './corpus.ts';
import { PostgresRows } from './peers/postgres.ts';
import { Redis } from './peers/redis.ts';
import { SqliteRows } from './peers/sqlite.ts';
import { inBenchFolder } from './support/bench-folder.ts';
import { Figures, median, percentile, shown, timed } from './support/figures.ts';

const BUILDS = 16;
const BATCHES = 60;
const BATCH_LINES = 100;
const LINES = BUILDS * BATCHES * BATCH_LINES;
const ROUNDS = 5;
const SMALL_LINES = 10;
/** A round's processor time includes the background work that it caused. */
const SETTLE_MS = 300;

const batches = [...corpusBatches(BATCHES * BATCH_LINES, BATCH_LINES)];
/** The batches, as a build's pipe delivers them. */
const chunks = batches.map((batch) => Buffer.from(`${batch.join('\n')}\n`));
/** As many builds deliver them that print little each. */
const smallChunks = [...corpusBatches(BATCHES * SMALL_LINES, SMALL_LINES)].map((batch) =>
  Buffer.from(`${batch.join('\n')}\n`),
);
/** The disk, but without any syncs. */
const unsyncedDisk: Disk = {
  ...nodeDisk,
  open(path, mode) {
    if (mode === 'append-durable') throw new Error('a log is written again, which this disk does not do');
    const file = nodeDisk.open(path, mode === 'create-durable' ? 'create' : mode);
    return {
      read: (target, position) => file.read(target, position),
      sizeBytes: () => file.sizeBytes(),
      write: (buffers, position) => file.write(buffers, position),
      sync: async () => undefined,
      close: () => file.close(),
    };
  },
  syncFolder: async () => undefined,
};

type Append = (batch: number) => Promise<unknown>;
/** Opens the builds of a round; returns a function that closes them. */
type Open = (round: number) => Promise<{ builds: Append[]; close: () => Promise<void> }>;
interface Candidate {
  name: string;
  inFlight: number;
  open: Open;
  cpuMs?: () => number;
}

await inBenchFolder(async (folder) => {
  const postgres = await PostgresRows.start(join(folder, 'postgres'));
  const redis = await Redis.start(join(folder, 'redis'));
  const logbook = await Logbook.open({ folder: join(folder, 'logs') });
  const unsynced = await Logbook.open({ folder: join(folder, 'unsynced'), disk: unsyncedDisk });
  const sqlite = new SqliteRows(join(folder, 'rows.sqlite'));
  try {
    const control = await redis.open();
    await control.command('CONFIG', 'SET', 'appendfsync', 'always');
    control.close();
    const figures = new Figures(`Appending ${LINES} lines in batches of 100, ${BUILDS} builds, synced, lines/s`);
    const postgresOpen = postgresBuilds(postgres);
    await compare(figures, [
      { name: 'logbook, 10 in flight', inFlight: 10, open: logbookBuilds(logbook, 'ten') },
      { name: 'logbook unsynced, 10 in flight', inFlight: 10, open: logbookBuilds(unsynced, 'ten') },
      { name: 'SQLite rows, FULL', inFlight: 1, open: sqliteBuilds(sqlite) },
      { name: 'PostgreSQL rows, 10 in flight', inFlight: 10, open: postgresOpen, cpuMs: () => postgres.cpuMs() },
      { name: 'logbook, 1 in flight', inFlight: 1, open: logbookBuilds(logbook, 'one') },
      { name: 'PostgreSQL rows, 1 in flight', inFlight: 1, open: postgresOpen, cpuMs: () => postgres.cpuMs() },
      {
        name: 'Redis list, always synced, 10 in flight',
        inFlight: 10,
        open: redisBuilds(redis, 'RPUSH'),
        cpuMs: () => redis.cpuMs(),
      },
      {
        name: 'Redis chunks, always synced, 10 in flight',
        inFlight: 10,
        open: redisBuilds(redis, 'APPEND'),
        cpuMs: () => redis.cpuMs(),
      },
    ]);
    await pacedBusy(figures, logbook);
    await durable(figures, logbook, unsynced);
    figures.print();
  } finally {
    sqlite.close();
    await logbook.close();
    await unsynced.close();
    await redis.stop();
    await postgres.stop();
  }
});

async function compare(figures: Figures, candidates: readonly Candidate[]): Promise<void> {
  const results = new Map<string, { wallMs: number; cpuMs: number }[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const candidate of candidates) {
      const spent = await oneRound(candidate, round);
      // The first round warms up.
      if (round > 0) results.get(candidate.name)?.push(spent);
    }
  }
  const rate = (name: string): number => LINES / (median((results.get(name) ?? []).map(({ wallMs }) => wallMs)) / 1000);
  for (const { name } of candidates) {
    const cpuUs = (median((results.get(name) ?? []).map(({ cpuMs }) => cpuMs)) * 1000) / LINES;
    figures.report(name, rate(name), `cpu ${shown(cpuUs)} us a line`);
  }
  const ours = rate('logbook, 10 in flight');
  figures.atLeast('10 in flight, times SQLite FULL', ours / rate('SQLite rows, FULL'), 2, 'medians');
  figures.atLeast('10 in flight, times PostgreSQL', ours / rate('PostgreSQL rows, 10 in flight'), 4, 'medians');
  figures.atLeast('10 in flight, share of unsynced', ours / rate('logbook unsynced, 10 in flight'), 0.5, 'medians');
}

async function oneRound(candidate: Candidate, round: number): Promise<{ wallMs: number; cpuMs: number }> {
  const { builds, close } = await candidate.open(round);
  const serverBefore = candidate.cpuMs?.() ?? 0;
  const before = process.cpuUsage();
  const { wallMs } = await timed(() => Promise.all(builds.map((append) => appendAll(append, candidate.inFlight))));
  await close();
  await sleep(SETTLE_MS);
  const { user, system } = process.cpuUsage(before);
  return { wallMs, cpuMs: (user + system) / 1000 + (candidate.cpuMs?.() ?? 0) - serverBefore };
}

/** Appends a build's batches in order, with at most `inFlight` not yet acknowledged. */
async function appendAll(append: Append, inFlight: number): Promise<void> {
  const waiting: Promise<unknown>[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    if (waiting.length >= inFlight) await waiting.shift();
    waiting.push(append(batch));
  }
  await Promise.all(waiting);
}

function logbookBuilds(logbook: Logbook, name: string): Open {
  return async (round) => {
    const ids = Array.from({ length: BUILDS }, (_, build) => `${name}-${round}-${build}`);
    const writers: LogWriter[] = [];
    for (const id of ids) writers.push(await logbook.create(id));
    const builds = writers.map((writer) => async (batch: number) => {
      await writer.write(chunks[batch] ?? Buffer.alloc(0));
      await writer.committed();
    });
    return {
      builds,
      close: async () => {
        for (const writer of writers) await writer.release();
      },
    };
  };
}

function sqliteBuilds(sqlite: SqliteRows): Open {
  return async (round) => {
    const builds = Array.from({ length: BUILDS }, (_, build) => async (batch: number) => {
      sqlite.append(round * BUILDS + build, batch * BATCH_LINES + 1, batches[batch] ?? []);
    });
    return { builds, close: async () => undefined };
  };
}

function postgresBuilds(postgres: PostgresRows): Open {
  let opened = 0;
  return async () => {
    const clients = await Promise.all(Array.from({ length: BUILDS }, () => postgres.open()));
    const builds = clients.map((client) => {
      const build = ++opened;
      return (batch: number) => client.append(build, batch * BATCH_LINES + 1, batches[batch] ?? []);
    });
    return {
      builds,
      close: async () => {
        for (const client of clients) client.close();
      },
    };
  };
}

function redisBuilds(redis: Redis, command: 'RPUSH' | 'APPEND'): Open {
  return async (round) => {
    const clients = await Promise.all(Array.from({ length: BUILDS }, () => redis.open()));
    const builds = clients.map((client, build) => (batch: number) => {
      const lines = (batches[batch] ?? []).map((message, at) =>
        JSON.stringify({ LineNumber: batch * BATCH_LINES + at + 1, Message: message, BuildStage: 'GIT_CLONE' }),
      );
      const key = `${command}-${round}-${build}`;
      if (command === 'RPUSH') return client.command('RPUSH', key, ...lines);
      // A chunk of 128 KiB holds about ten batches.
      return client.command('APPEND', `${key}-${Math.floor(batch / 10)}`, lines.join('\n'));
    });
    return {
      builds,
      close: async () => {
        for (const client of clients) client.close();
      },
    };
  };
}

interface Pace {
  name: string;
  builds: number;
  batchLines: number;
  linesPerS: number;
  forMs: number;
}

/** How long batches wait for their acknowledgement, in ms, when lines come at a steady rate: a batch at a time, from each build in turn. */
async function paced(logbook: Logbook, { name, builds, batchLines, linesPerS, forMs }: Pace): Promise<number[]> {
  const batchesOfPace = batchLines === BATCH_LINES ? chunks : smallChunks;
  const writers: LogWriter[] = [];
  for (let build = 0; build < builds; build += 1) writers.push(await logbook.create(`${name}-${build}`));
  const latenciesMs: number[] = [];
  const waiting: Promise<void>[] = [];
  const intervalMs = (batchLines * 1000) / linesPerS;
  const start = performance.now();
  for (let sent = 0; sent * intervalMs < forMs; sent += 1) {
    const due = start + sent * intervalMs;
    if (due > performance.now()) await sleep(due - performance.now());
    // A timer may end early. One that ends late makes the batch wait, so its wait counts.
    const sinceMs = Math.min(due, performance.now());
    const writer = writers[sent % builds] as LogWriter;
    const acknowledged = writer
      .write(batchesOfPace[sent % batchesOfPace.length] ?? Buffer.alloc(0))
      .then(() => writer.committed())
      .then(() => void latenciesMs.push(performance.now() - sinceMs));
    waiting.push(acknowledged);
  }
  await Promise.all(waiting);
  for (const writer of writers) await writer.release();
  return latenciesMs;
}

async function pacedBusy(figures: Figures, logbook: Logbook): Promise<void> {
  const pace = { name: 'paced', builds: BUILDS, batchLines: BATCH_LINES, linesPerS: 50_000, forMs: 6000 };
  const latenciesMs = await paced(logbook, pace);
  const detail = `p50 ${shown(percentile(latenciesMs, 50))} ms, max ${shown(percentile(latenciesMs, 100))} ms, ${latenciesMs.length} batches`;
  figures.atMost('acknowledged at 50,000 lines/s, p99 ms', percentile(latenciesMs, 99), 50, detail);
}

/** What it costs that lines are on the device before they are acknowledged, at a rate of many builds that run. */
async function durable(figures: Figures, synced: Logbook, unsynced: Logbook): Promise<void> {
  for (const [builds, batchLines] of [
    [BUILDS, BATCH_LINES],
    [40, SMALL_LINES],
  ] as const) {
    const p50s: Record<'synced' | 'unsynced', number[]> = { synced: [], unsynced: [] };
    for (let round = 0; round <= ROUNDS; round += 1)
      for (const [kind, logbook] of [
        ['synced', synced],
        ['unsynced', unsynced],
      ] as const) {
        const pace = { name: `durable-${batchLines}-${round}`, builds, batchLines, linesPerS: 24_000, forMs: 3000 };
        const latenciesMs = await paced(logbook, pace);
        if (round > 0) p50s[kind].push(percentile(latenciesMs, 50));
      }
    const [syncedMs, unsyncedMs] = [median(p50s.synced), median(p50s.unsynced)];
    figures.atMost(
      `durable against not, p50 of the acknowledgement at 24,000 lines/s: ${builds} builds, batches of ${batchLines}`,
      syncedMs / unsyncedMs,
      3,
      `${shown(syncedMs)} and ${shown(unsyncedMs)} ms`,
    );
  }
}
