import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiCallError } from '../../client/src/api-call-error.ts';
import { callNative } from '../../client/src/call-native.ts';
import { postgresFolder } from '../../server/src/db/testing/postgres-server.ts';
import { type BuildKey, isFinal, readLog, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { type Stores, startStores } from '../support/peers/start-stores.ts';
import { queueBuild } from '../support/queue-build.ts';
import { slipway, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1' && process.getuid?.() === 0;
const skip = !isLong
  ? 'starts PostgreSQL and OpenStack Swift: runs as root with SLIPWAY_TEST_LONG=1'
  : postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';

let stores: Stores;
if (skip === false) stores = await startStores({ after });

/** More than one block of a sealed log. */
const LINES = 3000;
const DOCKERFILE = `FROM busybox\nCOPY Dockerfile /copied\nRUN seq ${LINES} | sed "s/$/ ${'.'.repeat(80)}/"\n`;

test('builds, logs and images are in PostgreSQL and the bucket: a server with a new data folder has all of them', {
  skip,
}, async (t) => {
  const server = await startServer(t, { flags: [...stores.flags, '--log-cache-mebibytes', '0'] });
  const key = await queueBuild(t, server, { Dockerfile: DOCKERFILE });
  assert.equal(await waitForStatus(server.client, key, isFinal), 'SUCCESS');
  const lines = await readLog(server.client, key);
  assert.ok(lines.length > LINES);
  await carried(server, key);
  assert.deepEqual(await readLog(server.client, key), lines);
  const before = await readBack(server, key);
  const { Findings } = await callNative(server.client, 'getMachine', {});
  assert.deepEqual(
    Findings.filter(({ What }) => What.includes('bucket')),
    [],
  );

  // While the store is away, what cannot be read now is 503.
  stores.proxy.plan = () => ({ status: 503 });
  t.after(() => {
    stores.proxy.plan = () => undefined;
  });
  const page = { ...key, Offset: 300 };
  await assert.rejects(server.client.call('ListRepoBuildRecordLog', page), { status: 503 });
  stores.proxy.plan = () => undefined;
  assert.deepEqual(await readBack(server, key), before);
  assert.equal(await server.stop(), 0);

  const dataFolder = join(temporaryFolder(t), 'data');
  mkdirSync(dataFolder);
  copyFileSync(join(server.dataFolder, 'secret.key'), join(dataFolder, 'secret.key'));
  const moved = await startServer(t, { flags: stores.flags, dataFolder });
  assert.equal(moved.root.AccessKeyId, server.root.AccessKeyId);
  assert.deepEqual(await readLog(moved.client, key), lines);
  assert.deepEqual(await readBack(moved, key), before);
  const again = await queueBuild(t, moved, { Dockerfile: DOCKERFILE });
  assert.equal(await waitForStatus(moved.client, again, isFinal), 'SUCCESS');
});

test('a bucket of another instance is refused at the start, with the bucket and the fix', { skip }, async (t) => {
  const { postgres, flags } = stores;
  const client = await postgres.connect('postgres', 'test');
  await client.query('create database other template template0');
  await client.end();
  const other = flags.map((flag) => (flag === postgres.urlOf('slipway') ? postgres.urlOf('other') : flag));
  const data = join(temporaryFolder(t), 'data');
  const { code, stderr } = await slipway(['serve', '--no-builds', ...other, '--data', data, '--listen', '127.0.0.1:0']);
  assert.equal(code, 4);
  assert.match(
    stderr,
    /^slipway: the bucket s3:\/\/slipway\/one cannot be used: it belongs to the instance cri-\w+; use another bucket or prefix in the setting bucket$/m,
  );
});

const TICKS = 24;
const TICKING = `FROM busybox\nCOPY Dockerfile /copied\nRUN for i in $(seq ${TICKS}); do echo "tick $i"; sleep 0.25; done\n`;

test('PostgreSQL and the bucket are killed while builds run: they wait for both and succeed, and answers are 503', {
  skip,
}, async (t) => {
  const { postgres, swift, proxy } = stores;
  const flags = [...(await stores.apart('outage')), '--log-cache-mebibytes', '0', '--concurrent-builds', '1'];
  const server = await startServer(t, { flags });
  const { client, root } = server;
  const sealed = await queueBuild(t, server, { Dockerfile: 'FROM busybox\nRUN echo base\n' }, 'local/base:latest');
  assert.equal(await waitForStatus(client, sealed, isFinal), 'SUCCESS');
  await carried(server, sealed);

  // Both are killed while a build runs, which then has to push.
  const pushing = await queueBuild(t, server, { Dockerfile: TICKING }, 'local/pushed:latest');
  const next = { Dockerfile: `FROM ${new URL(root.Endpoint).host}/local/base:latest\nRUN echo next\n` };
  const reading = await queueBuild(t, server, next, 'local/next:latest');
  const shown = await waitForLine(client, pushing, 'tick 5');
  await Promise.all([swift.crash(), postgres.crash()]);
  await sleep(TICKS * 250);
  await postgres.start();
  await line(server, pushing, /pushing the image has to wait/);
  await assert.rejects(client.call('ListRepoBuildRecordLog', { ...sealed, Offset: 0 }), { status: 503 });

  // The next build waits too: for the folder that was sent, and for its base image.
  proxy.plan = ({ method, url = '' }) => (method === 'GET' && url.includes('/sources/') ? { status: 503 } : undefined);
  await swift.start();
  assert.equal(await waitForStatus(client, pushing, isFinal), 'SUCCESS');
  await line(server, reading, /reading the folder that was sent has to wait/);
  proxy.plan = ({ method, url = '' }) => (method !== 'PUT' && url.includes('/registry/') ? { status: 503 } : undefined);
  await line(server, reading, /(looking for|fetching the base image) \S+ has to wait/);
  proxy.plan = () => undefined;
  assert.equal(await waitForStatus(client, reading, isFinal), 'SUCCESS');

  const lines = await readLog(client, pushing);
  assert.deepEqual(lines.slice(0, shown.length), shown);
  assert.equal(lines.filter(({ Message }) => /^\S* *tick \d+$/.test(Message)).length, TICKS);
  assert.equal(lines.filter(({ Message }) => Message.includes('has to wait')).length, 1);
  const { Images = [] } = await client.call('ListRepoTag', pushing);
  assert.deepEqual(
    Images.map(({ Tag }) => Tag),
    ['latest'],
  );
});

/** Waits for a line of the log of a build. What cannot be read now is 503, and nothing else. */
async function line({ client }: TestServer, key: BuildKey, wanted: RegExp): Promise<void> {
  for (;;) {
    try {
      if ((await readLog(client, key)).some(({ Message }) => wanted.test(Message))) return;
    } catch (error) {
      if (!(error instanceof ApiCallError && error.status === 503)) throw error;
    }
    await sleep(200);
  }
}

/** Waits until the log of a build is no longer in the data folder. */
async function carried({ dataFolder }: TestServer, { BuildRecordId: id }: BuildKey): Promise<void> {
  while (readdirSync(join(dataFolder, 'logs', id.slice(0, 2))).includes(id)) await sleep(200);
}

/** What a caller can read of a build, besides its log. */
async function readBack(server: TestServer, { BuildRecordId: id, ...repository }: BuildKey) {
  const { RequestId: _, ...verified } = await callNative(server.client, 'verifyLog', { id });
  const { Sections } = await callNative(server.client, 'listSections', { id });
  const { Images } = await server.client.call('ListRepoTag', repository);
  return { verified, Sections, Images };
}
