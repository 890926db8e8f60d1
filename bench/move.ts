/*
 * How fast a data folder is moved to PostgreSQL and a bucket (OpenStack Swift), compared with `cp -a` of the folder and `pg_restore` of the
 * same rows, and with the same files sent and read back by the vendor's client alone. Needs root, PostgreSQL and Debian's archive.
 * `node bench/move.ts [BUILDS [IMAGES [MIB OF EACH]]]`, by default 10,000 builds and 500 images of 10 MiB.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { eachAtOnce } from '../server/src/backup/each-at-once.ts';
import { postgresFolder, startPostgres } from '../server/src/db/testing/postgres-server.ts';
import { runSql } from '../server/src/db/testing/run-sql.ts';
import { makeOldFolder } from '../server/src/move/testing/old-folder.ts';
import { startSwift } from '../test/support/peers/swift-store.ts';
import { cleanEnvironment, ROOT } from '../test/support/slipway.ts';
import { inBenchFolder } from './support/bench-folder.ts';
import { Figures, shown, timed } from './support/figures.ts';
import { processorMs, processTree, startedMs } from './support/processor-time.ts';

const [builds = 10_000, images = 500, layerMib = 10] = process.argv.slice(2).map(Number);
const MIB = 2 ** 20;
const CLI = join(ROOT, 'cli', 'src', 'main.ts');
const BUCKET = 'bench';
const POLL_MS = 100;
const AT_ONCE = 16;
const MEMORY_LIMIT_MIB = 300;

// The processes of the tests do not keep a process alive.
const alive = setInterval(() => undefined, 60_000);
const figures = new Figures('move a data folder');
const ends: (() => unknown)[] = [];
const scope = { after: (act: () => unknown) => void ends.unshift(act) };
try {
  // As a server of PostgreSQL is run: what is committed is on disk.
  const postgres = await startPostgres({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' });
  scope.after(() => postgres.stop());
  const swift = await startSwift(scope);
  await swift.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  await inBenchFolder(async (folder) => {
    const root = join(folder, 'data');
    await makeOldFolder(root, { rows: builds, images, largeImages: images, layerBytes: layerMib * MIB });
    const databaseOf = async (name: string) => {
      await runSql(postgres.urlOf('postgres'), `create database ${name} template template0 encoding 'UTF8' locale 'C'`);
      return postgres.urlOf(name);
    };
    const to = await databaseOf('moved');
    const args = [
      '--data',
      root,
      '--to',
      to,
      '--bucket',
      `s3://${BUCKET}/data`,
      '--s3-endpoint',
      swift.endpoint,
      '--json',
    ];
    const before = { swift: startedMs(process.pid, 'swift-'), postgres: startedMs(process.pid, 'postgres') };
    const move = await timed(() => runMove(args, swift.keys));
    const spentMs = {
      swift: startedMs(process.pid, 'swift-') - before.swift,
      postgres: startedMs(process.pid, 'postgres') - before.postgres,
    };
    const program = (name: string) => join(postgresFolder() ?? '', name);
    const dump = join(folder, 'dump');
    execFileSync(program('pg_dump'), ['-Fc', '-f', dump, to]);
    const restored = await databaseOf('restored');
    const restore = await timed(() => execFileSync(program('pg_restore'), ['-d', restored, dump]));
    const copy = await timed(() => {
      execFileSync('cp', ['-a', root, join(folder, 'copy')]);
      execFileSync('sync', ['-f', folder]);
    });
    const paths = objectFiles(root);
    const sent = await timed(() => eachAtOnce(paths, AT_ONCE, (path) => send(swift.client, root, path)));
    const read = await timed(() => eachAtOnce(paths, AT_ONCE, (path) => readBack(swift.client, path)));
    const { Rows, Files, Logs, SentBytes } = move.result.moved;
    const parts = `move ${seconds(move.wallMs)}, cp -a ${seconds(copy.wallMs)}, pg_restore ${seconds(restore.wallMs)}; ${Rows} rows, ${Logs} logs, ${Files} files, ${shown(SentBytes / MIB)} MiB`;
    figures.atLeast(
      'speed of a move / of cp -a and pg_restore',
      (copy.wallMs + restore.wallMs) / move.wallMs,
      0.5,
      parts,
    );
    figures.report(
      'speed of a move / of the same files sent by the client alone',
      sent.wallMs / move.wallMs,
      `the client sends them in ${seconds(sent.wallMs)}, and reads them back in ${seconds(read.wallMs)} more; its own processor time ${seconds(sent.cpuMs)} and ${seconds(read.cpuMs)}`,
    );
    figures.report(
      'cp -a and pg_restore / processor time of the move alone, on one core',
      (copy.wallMs + restore.wallMs) / move.result.cpuMs,
      `move ${seconds(move.result.cpuMs)}, Swift ${seconds(spentMs.swift)}, PostgreSQL ${seconds(spentMs.postgres)} of processor time`,
    );
    figures.atMost('memory of a move, MiB', move.result.peakMib, MEMORY_LIMIT_MIB, 'the most of its process');
  });
} finally {
  for (const end of ends) await end();
  clearInterval(alive);
}
figures.print();

function seconds(ms: number): string {
  return `${shown(ms / 1000)} s`;
}

async function runMove(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [CLI, 'move', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: cleanEnvironment(env),
  });
  let [peakMib, cpuMs] = [0, 0];
  const timer = setInterval(() => {
    const pids = processTree(child.pid ?? 0);
    peakMib = Math.max(peakMib, ...pids.map(peakMibOf));
    cpuMs = Math.max(cpuMs, ...pids.map(processorMs));
  }, POLL_MS);
  const [[code], output] = await Promise.all([once(child, 'close'), text(child.stdout)]);
  clearInterval(timer);
  if (code !== 0) throw new Error(`the move ended with ${code}`);
  return { moved: JSON.parse(output) as Record<'Rows' | 'Files' | 'Logs' | 'SentBytes', number>, peakMib, cpuMs };
}

function peakMibOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    // It has ended.
    return 0;
  }
}

/** The files of logs and the registry. */
function objectFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((path) => /^(logs|registry)\//.test(path));
}

async function send(client: S3Client, root: string, path: string): Promise<void> {
  const Body = readFileSync(join(root, path));
  await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: `plain/${path}`, Body }));
}

async function readBack(client: S3Client, path: string): Promise<void> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: `plain/${path}` }));
  await Body?.transformToByteArray();
}
