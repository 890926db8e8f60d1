/*
 * What a signed page call costs a server on PostgreSQL and a bucket (OpenStack Swift), compared with one on SQLite and disk: processor time
 * of the server's own process, in rounds in turn. Both have a build that runs and one that has ended, with the same lines. Then the time of a
 * page of a sealed log that comes from the bucket, compared with the vendor's client that reads the same bytes. Needs root, PostgreSQL
 * and Debian's archive. `node bench/engines.ts`
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3';
import { ArchivedLogs, Logbook } from '../logbook/src/logbook.ts';
import { BY_NAME } from '../logbook/src/testing/memory-refs.ts';
import { blobArchives } from '../server/src/archive/blob-archives.ts';
import type { BlobStore, ByteRange } from '../server/src/blob/blob.ts';
import { openS3Store } from '../server/src/blob/s3/s3-store.ts';
import { startPostgres } from '../server/src/db/testing/postgres-server.ts';
import { type BuildKey, waitForLine, waitForSeal } from '../test/support/log-reader.ts';
import { type SwiftStore, startSwift } from '../test/support/peers/swift-store.ts';
import { queueBuild } from '../test/support/queue-build.ts';
import { pairOf, startServer, type TestServer } from '../test/support/slipway.ts';
import { fillLog, inBenchFolder, logFile } from './support/bench-folder.ts';
import { Figures, median, shown } from './support/figures.ts';
import { processorMs, processTree, startedMs } from './support/processor-time.ts';
import { randomOffset } from './support/rounds.ts';
import { sendAll, signedRequest } from './support/signed-calls.ts';

const LINES = 200_000;
const ROUNDS = 15;
const CALLS = 5000;
const CONNECTIONS = 16;
const CPU_LIMIT = 1.6;
const PAGES = 300;
const COLD_LIMIT_MS = 2;
const BUCKET = 'bench';
const PRINTS = `FROM busybox\nRUN awk 'BEGIN { for (n = 1; n <= ${LINES}; n++) printf "%07d %s\\\\n", n, "Unpacking libexample-dev:amd64 (1.2.3) over (1.2.2) ok" }'`;
const LAST = `${String(LINES).padStart(7, '0')} Unpacking`;

interface Engine {
  server: TestServer;
  running: BuildKey;
  sealed: BuildKey;
}

// The programs that are started do not keep a process alive.
const alive = setInterval(() => undefined, 60_000);
const figures = new Figures(`a server on PostgreSQL and a bucket, against SQLite; ${CONNECTIONS} connections`);
const ends: (() => unknown)[] = [];
const scope = { after: (act: () => unknown) => void ends.unshift(act) };
try {
  const postgres = await startPostgres({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
  scope.after(() => postgres.stop());
  const admin = await postgres.connect('postgres', 'bench');
  await admin.query('create database slipway template template0');
  await admin.end();
  const swift = await startSwift(scope);
  await swift.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const bucket = ['--bucket', `s3://${BUCKET}/server`, '--s3-endpoint', swift.endpoint, '--s3-keys', swift.keysFile];
  const sqlite = await startEngine([]);
  const fleet = await startEngine(['--database', postgres.urlOf('slipway'), ...bucket]);
  await untilCarried(fleet);
  const postgresMs = () => startedMs(process.pid, 'postgres');
  for (const kind of ['running', 'sealed'] as const) await compareCalls(kind, { sqlite, fleet }, postgresMs);
  await coldPages(swift);
} finally {
  for (const end of ends) await end();
  clearInterval(alive);
}
figures.print();

async function startEngine(flags: readonly string[]): Promise<Engine> {
  const server = await startServer(scope, { flags: [...flags, '--log-cache-mebibytes', '64'] });
  const sealed = await queueBuild(scope, server, { Dockerfile: `${PRINTS}\n` });
  await waitForSeal(server.client, sealed.BuildRecordId);
  const running = await queueBuild(scope, server, { Dockerfile: `${PRINTS} && sleep 3600\n` }, 'local/runs:latest');
  await waitForLine(server.client, running, LAST);
  return { server, running, sealed };
}

/** Until the sealed log is in the bucket, and no longer in the server's folder. */
async function untilCarried({ server, sealed }: Engine): Promise<void> {
  const id = sealed.BuildRecordId;
  while (existsSync(join(server.dataFolder, 'logs', id.slice(0, 2), id))) await sleep(100);
}

async function compareCalls(
  kind: 'running' | 'sealed',
  engines: { sqlite: Engine; fleet: Engine },
  postgresMs: () => number,
): Promise<void> {
  const spentUs = { sqlite: [] as number[], fleet: [] as number[], postgres: [] as number[] };
  // The first round of each is not counted: code is still being compiled, and blocks come into the cache.
  for (let round = -1; round < ROUNDS; round += 1)
    for (const name of ['sqlite', 'fleet'] as const) {
      const before = postgresMs();
      const cpuUs = await oneRound(engines[name].server, engines[name][kind], (round + 1) * CALLS);
      if (round < 0) continue;
      spentUs[name].push(cpuUs);
      if (name === 'fleet') spentUs.postgres.push(((postgresMs() - before) * 1000) / CALLS);
    }
  const [ours, others, ofPostgres] = [median(spentUs.fleet), median(spentUs.sqlite), median(spentUs.postgres)];
  const detail = `${shown(ours)} and ${shown(others)} us a call, ${shown(ofPostgres)} us of PostgreSQL`;
  figures.atMost(`log page, ${kind}: processor time, PostgreSQL and S3 / SQLite`, ours / others, CPU_LIMIT, detail);
}

/** Processor time of a call, in microseconds. */
async function oneRound(server: TestServer, build: BuildKey, firstIndex: number): Promise<number> {
  const port = Number(new URL(server.root.Endpoint).port);
  const caller = { port, ...pairOf(server.root) };
  const requests = Array.from({ length: CALLS }, (_, at) =>
    signedRequest('ListRepoBuildRecordLog', { ...build, Offset: String(randomOffset(firstIndex + at, LINES)) }, caller),
  );
  const before = serverMs(server);
  await sendAll(port, requests, CONNECTIONS);
  return ((serverMs(server) - before) * 1000) / CALLS;
}

/** Of the process that answers, which has far more than the others: those of the sandbox and the registry. */
function serverMs({ child }: TestServer): number {
  return Math.max(...processTree(child.pid ?? 0).map(processorMs));
}

/** Pages of a log in the bucket, of which no block is in memory. */
async function coldPages({ endpoint, keysFile, client }: SwiftStore): Promise<void> {
  const access = { endpoint, region: 'us-east-1', keysFile, pathStyle: true };
  const store = await openS3Store({ bucket: BUCKET, prefix: 'cold' }, access);
  scope.after(() => store.close());
  let asked: { key: string; range: ByteRange } | undefined;
  const blobs: BlobStore = {
    ...store,
    get: (key, range) => {
      if (range !== undefined) asked = { key, range };
      return store.get(key, range);
    },
  };
  const archives = blobArchives({ blobs, newId: randomUUID, answerLimitMs: 60_000 });
  let ref = '';
  await inBenchFolder(async (folder) => {
    const logbook = await Logbook.open({ folder });
    const seal = await (await fillLog(logbook, 'cold', LINES)).seal({ verdict: 'complete' });
    const [archivePath, indexPath] = [logFile(folder, 'cold', 'log.ndjson.gz'), logFile(folder, 'cold', 'log.idx')];
    ref = await archives.put('cold', { seal, archivePath, indexPath });
    await logbook.close();
  });
  const open = () => {
    const logs = new ArchivedLogs({
      archives,
      refs: BY_NAME,
      indexBytes: 2 ** 24,
      blockBytes: 0,
      onLeft: console.error,
    });
    return { log: logs.reader(ref), logs };
  };
  const { log } = open();
  const timesMs = { ours: [] as number[], store: [] as number[], first: [] as number[] };
  for (let at = 0; at < PAGES; at += 1) {
    const offset = randomOffset(at, LINES);
    timesMs.ours.push(await timeOf(() => log.page(offset)));
    const { key = '', range = { fromByte: 0, toByte: 1 } } = asked ?? {};
    const command = { Bucket: BUCKET, Key: `cold/${key}`, Range: `bytes=${range.fromByte}-${range.toByte - 1}` };
    timesMs.store.push(
      await timeOf(async () => (await client.send(new GetObjectCommand(command))).Body?.transformToByteArray()),
    );
    const fresh = open();
    timesMs.first.push(await timeOf(() => fresh.log.page(offset)));
    fresh.logs.close();
  }
  const [ours, plain, first] = [median(timesMs.ours), median(timesMs.store), median(timesMs.first)];
  figures.atMost(
    'sealed page cold from S3 - the same bytes read by the vendor’s client, ms',
    ours - plain,
    COLD_LIMIT_MS,
    `p50 ${shown(ours)} and ${shown(plain)} ms`,
  );
  figures.report('the first page of a log, with its index, ms', first, 'p50');
}

async function timeOf(act: () => Promise<unknown> | unknown): Promise<number> {
  const startMs = performance.now();
  await act();
  return performance.now() - startMs;
}
