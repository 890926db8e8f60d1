import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, type TestContext, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { openS3Store } from '../../server/src/blob/s3/s3-store.ts';
import { type PostgresServer, startPostgres } from '../../server/src/db/testing/postgres-server.ts';
import { runSql } from '../../server/src/db/testing/run-sql.ts';
import { digestsBelow, makeOldFolder } from '../../server/src/move/testing/old-folder.ts';
import { assertImages } from '../support/peers/distribution-on-bucket.ts';
import { type SwiftStore, startSwift } from '../support/peers/swift-store.ts';
import { cleanEnvironment, ROOT, slipway, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1' && process.getuid?.() === 0;
const skip = isLong ? false : 'starts OpenStack Swift and PostgreSQL: runs as root in the longer tier';
const KILLS = 20;
/** Before that, the command has not begun. */
const START_MS = 200;
const BUCKET = 'moved';
const PROGRAM = join(ROOT, 'server', 'src', 'data-folder', 'folder-command.ts');
/** With layers that are sent in parts. */
const SIZE = { rows: 60, images: 20, layerBytes: 40 * 2 ** 20, largeImages: 2 };

let swift: SwiftStore;
let postgres: PostgresServer;

if (isLong) {
  postgres = await startPostgres();
  after(() => postgres.stop());
  swift = await startSwift({ after });
  await swift.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
}

test('a move killed at 20 random moments and continued: same rows, same logs, same images, and an unchanged old folder', {
  skip,
}, async (t) => {
  const root = join(temporaryFolder(t), 'data');
  await makeOldFolder(root, SIZE);
  const before = await digestsBelow(root);
  const optionsOf = async (name: string) => {
    await administer('postgres', `create database ${name} template template0 encoding 'UTF8' locale 'C'`);
    return { data: root, to: postgres.urlOf(name), place: `s3://${BUCKET}/${name}`, s3: accessOf(), json: true };
  };
  const whole = await killed(await optionsOf('whole'));
  assert.equal(whole.code, 0, whole.stderr);
  let [kills, moves] = [0, 0];
  while (kills < KILLS) {
    moves += 1;
    const name = `killed_${moves}`;
    const options = await optionsOf(name);
    for (let code: number | null = null; code === null; ) {
      // The more was done, the sooner the rest is.
      const afterMs = kills < KILLS ? START_MS + (Math.random() * whole.tookMs) / 3 : undefined;
      const ended = await killed(options, afterMs);
      ({ code } = ended);
      if (code === null) kills += 1;
      else assert.equal(code, 0, ended.stderr);
    }
    await assertMoved(name, before);
    assert.equal(JSON.parse((await killed(options)).stdout).WasComplete, true);
  }
  t.diagnostic(`${kills} kills of ${moves} moves`);
  assert.deepEqual(await digestsBelow(root), before);
});

test('the command names what it misses, what it does next, and never shows a password', { skip }, async (t) => {
  const root = join(temporaryFolder(t), 'data');
  await makeOldFolder(root, { rows: 2, images: 1, layerBytes: 1000, largeImages: 0 });
  await administer('postgres', `create database cli template template0 encoding 'UTF8' locale 'C'`);
  await administer('postgres', `create database other template template0 encoding 'UTF8' locale 'C.UTF-8'`);
  const to = postgres.urlOf('cli');
  const run = (...args: string[]) =>
    slipway(['move', '--data', root, '--s3-endpoint', swift.endpoint, ...args], { env: swift.keys });
  const wrong: [given: string[], code: number, message: RegExp][] = [
    [['--to', to], 2, /name the database with --to, and the bucket with --bucket/],
    [['--to', to, '--bucket', '/folder'], 2, /--bucket \/folder must be of the form s3:/],
    [
      ['--to', 'mysql://x', '--bucket', `s3://${BUCKET}/cli`],
      2,
      /--to does not begin with postgres:\/\/; it must be postgres:\/\/USER@HOST/,
    ],
    [
      ['--to', 'postgres://me:hunter2@h/x?options=y', '--bucket', `s3://${BUCKET}/cli`],
      2,
      /--to has a parameter that is not known here/,
    ],
    [
      ['--to', 'postgres://me:hunter2@h/x', '--bucket', `s3://${BUCKET}/cli`, '--database-password-file', '/x'],
      2,
      /--to has a password, and --database-password-file names another; remove one of them/,
    ],
    [
      ['--to', 'postgres://me@h/x', '--bucket', `s3://${BUCKET}/cli`, '--database-password-file', '/nothing'],
      2,
      /--database-password-file \/nothing: ENOENT/,
    ],
    [
      ['--to', 'postgres://me:hunter2@127.0.0.1:9/x', '--bucket', `s3://${BUCKET}/cli`],
      4,
      /me@127\.0\.0\.1:9\/x cannot be reached/,
    ],
    [
      ['--to', postgres.urlOf('other'), '--bucket', `s3://${BUCKET}/cli`],
      2,
      /another locale than C: make a new one with/,
    ],
    [['--to', to, '--bucket', 's3://no-such-bucket/x'], 2, /has no bucket no-such-bucket/],
    [
      ['--to', to, '--bucket', `s3://${BUCKET}/cli`, '--secret-key-file', '/nothing'],
      2,
      /there is no secrets key at \/nothing/,
    ],
  ];
  for (const [given, code, message] of wrong) {
    const ended = await run(...given);
    assert.match(ended.stderr, message);
    assert.doesNotMatch(ended.stderr, /hunter2|\n.*\n.*\n/);
    assert.equal(ended.code, code, ended.stderr);
  }
  const key = join(temporaryFolder(t), 'other.key');
  writeFileSync(key, `${'0'.repeat(64)}\n`);
  const refused = await run('--to', to, '--bucket', `s3://${BUCKET}/cli`, '--secret-key-file', key);
  assert.match(refused.stderr, /other\.key is not the one that the secrets/);
  const password = join(temporaryFolder(t), 'password');
  writeFileSync(password, 'hunter2/%\n');
  const moved = await run('--to', to, '--bucket', `s3://${BUCKET}/cli`, '--database-password-file', password);
  assert.equal(moved.code, 0, moved.stderr);
  assert.doesNotMatch(moved.stderr, /hunter2/);
  assert.match(moved.stdout, /moved and compared \d+ rows, 2 logs and \d+ files/);
  assert.match(moved.stderr, /copy .*secret\.key to its machine and name it with --secret-key-file/);
  assert.equal(readFileSync(join(root, 'secret.key'), 'utf8').length, 65);
});

test('a folder is moved after its server has stopped in order, not while it runs or after it was killed', {
  skip,
}, async (t) => {
  const data = await restoredFixture(t);
  await administer('postgres', `create database real template template0 encoding 'UTF8' locale 'C'`);
  const move = () =>
    slipway(
      [
        'move',
        '--data',
        data,
        '--to',
        postgres.urlOf('real'),
        '--bucket',
        `s3://${BUCKET}/real`,
        '--s3-endpoint',
        swift.endpoint,
      ],
      { env: swift.keys },
    );
  const first = await startServer(t, { dataFolder: data });
  const running = await move();
  assert.deepEqual(
    [running.code, /another server uses the data folder/.test(running.stderr)],
    [4, true],
    running.stderr,
  );
  await first.kill();
  const killedServer = await move();
  assert.equal(killedServer.code, 4, killedServer.stderr);
  assert.match(killedServer.stderr, /did not stop in order; start it once more/);
  const second = await startServer(t, { dataFolder: data });
  const read = await logsOf(second);
  assert.equal(await second.stop(), 0);
  const before = await digestsBelow(data);
  const moved = await move();
  assert.equal(moved.code, 0, moved.stderr);
  assert.match(moved.stdout, /moved and compared \d+ rows, 2 logs and \d+ files/);
  assert.deepEqual(await digestsBelow(data), before);
  assert.ok((await assertImages(t, { swift, bucket: BUCKET, prefix: 'real/images' }, before.keys())) >= 4);
  // The old folder is as good as it was.
  assert.deepEqual(await logsOf(await startServer(t, { dataFolder: data })), read);
});

/** The data folder of a released version. */
async function restoredFixture(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  const file = join(folder, 'backup.tar');
  writeFileSync(file, gunzipSync(readFileSync(join(ROOT, 'test/data-folder/fixtures/0.1.0.tar.gz'))));
  const data = join(folder, 'data');
  const restored = await slipway(['restore', file, '--data', data]);
  assert.equal(restored.code, 0, restored.stderr);
  return data;
}

/** All pages of all logs, as the vendor's client reads them. */
async function logsOf({ client, root: { InstanceId } }: TestServer): Promise<unknown[]> {
  const { RepoId = '' } = await client.call('GetRepository', {
    InstanceId,
    RepoNamespaceName: 'team',
    RepoName: 'app',
  });
  const { BuildRecords } = await client.call('ListRepoBuildRecord', { InstanceId, RepoId });
  return Promise.all(
    (BuildRecords ?? []).map(async ({ BuildRecordId = '' }) => {
      const page = await client.call('ListRepoBuildRecordLog', { InstanceId, RepoId, BuildRecordId });
      return page.BuildRecordLogs;
    }),
  );
}

/** Both files of each log, and every other object, have the bytes of their file; the rows were compared by the command. */
async function assertMoved(name: string, before: ReadonlyMap<string, string>): Promise<void> {
  const store = await openS3Store({ bucket: BUCKET, prefix: name }, accessOf());
  const logs = await administer(name, 'select log_id, ref from sealed_log');
  assert.equal(logs.length, SIZE.rows);
  const expected = new Map(
    logs.flatMap(({ log_id, ref }) => {
      const folder = join('logs', String(log_id).slice(0, 2), String(log_id));
      return [
        [`${ref}.ndjson.gz`, before.get(join(folder, 'log.ndjson.gz'))],
        [`${ref}.idx`, before.get(join(folder, 'log.idx'))],
      ];
    }),
  );
  for (const [path, digest] of before) {
    const key = path
      .replace('registry/storage/', 'images/')
      .replace('blobs/sources/', 'sources/')
      .replace('blobs/charts/', 'charts/');
    if (/^(images|sources|charts)\//.test(key) && !/_uploads|\.partial$/.test(key)) expected.set(key, digest);
  }
  const found = new Map<string, string>();
  for await (const { key } of store.list(''))
    if (!key.startsWith('owner/')) found.set(key, await digestOf(await store.get(key)));
  assert.deepEqual([...found.keys()].sort(), [...expected.keys()].sort());
  for (const [key, digest] of found) if (!key.includes('/index/sha256/')) assert.equal(digest, expected.get(key), key);
}

/** Runs the command, and kills it after a time. The code is null if it was killed. */
async function killed(options: object, afterMs?: number) {
  const beganMs = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'move'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: cleanEnvironment(),
  });
  child.stdin.end(JSON.stringify(options));
  const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  clearTimeout(timer);
  return { code, stdout, stderr, tookMs: performance.now() - beganMs };
}

function accessOf() {
  return { endpoint: swift.endpoint, region: 'us-east-1', keysFile: swift.keysFile, pathStyle: true };
}

function administer(database: string, sql: string): Promise<Record<string, unknown>[]> {
  return runSql(postgres.urlOf(database), sql);
}

async function digestOf(content: AsyncIterable<unknown>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
