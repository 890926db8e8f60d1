import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ApiCallError } from '../../client/src/api-call-error.ts';
import { callNative } from '../../client/src/call-native.ts';
import { bucketFindings } from '../../server/src/blob/bucket-findings.ts';
import { checkOwnership, takeOwnership } from '../../server/src/blob/owner-mark.ts';
import type { S3Access, S3Place } from '../../server/src/blob/s3/s3-place.ts';
import { openS3Store } from '../../server/src/blob/s3/s3-store.ts';
import { postgresFolder } from '../../server/src/db/testing/postgres-server.ts';
import { type BuildKey, isFinal, readLog, waitForLine, waitForStatus } from '../support/log-reader.ts';
import { buildAndReadAgain, carried } from '../support/peers/build-and-read-again.ts';
import { freePort } from '../support/peers/free-port.ts';
import { type Stores, startStores } from '../support/peers/start-stores.ts';
import { queueBuild } from '../support/queue-build.ts';
import { slipway, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1' && process.getuid?.() === 0;
const skip = !isLong
  ? 'starts PostgreSQL and OpenStack Swift: runs as root with SLIPWAY_TEST_LONG=1'
  : postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';

let stores: Stores;
if (skip === false) stores = await startStores({ after });

test('builds, logs and images are in PostgreSQL and the bucket: a server with a new data folder has all of them', {
  skip,
}, async (t) => {
  await buildAndReadAgain(t, stores.flags, async (server, key, readBack) => {
    const before = await readBack();
    const { Findings } = await callNative(server.client, 'getMachine', {});
    assert.deepEqual(
      Findings.filter(({ What }) => What.includes('bucket')),
      [],
    );

    await showsWhereAllIs(server);

    // While the store is away, what cannot be read now is 503.
    stores.proxy.plan = () => ({ status: 503 });
    t.after(() => {
      stores.proxy.plan = () => undefined;
    });
    const page = { ...key, Offset: 300 };
    await assert.rejects(server.client.call('ListRepoBuildRecordLog', page), { status: 503 });
    stores.proxy.plan = () => undefined;
    assert.deepEqual(await readBack(), before);
  });
});

/** `slipway df` says what the disk has, and what the bucket. */
async function showsWhereAllIs({ client, dataFolder }: TestServer): Promise<void> {
  const { Parts, Stored = [] } = await callNative(client, 'getSpace', {});
  for (const { Part, SizeBytes } of Parts)
    if (['logs', 'images', 'sources'].includes(Part)) assert.ok(SizeBytes < 100_000, Part);
  let imageBytes = 0;
  const blobs = new ListObjectsV2Command({ Bucket: 'slipway', Prefix: 'one/images/docker/registry/v2/blobs/' });
  for (const { Size = 0 } of (await stores.swift.client.send(blobs)).Contents ?? []) imageBytes += Size;
  const stored = new Map(Stored.map((each) => [each.Part, each]));
  assert.equal(stored.get('images')?.SizeBytes, imageBytes);
  assert.equal(stored.get('logs')?.Count, 1);
  assert.ok((stored.get('database')?.SizeBytes ?? 0) > 1_000_000);
  const doctor = await slipway(['doctor', '--data', dataFolder]);
  assert.match(
    doctor.stdout,
    /^database +PostgreSQL\nlast backup +not made by slipway backup; docs\/fleet\.md says how/m,
  );
  const { stdout } = await slipway(['df', '--data', dataFolder]);
  assert.match(
    stdout,
    /^data folder:\nlogs .*^bucket:\nlogs .* 1 log of an ended build$.*^PostgreSQL:\ndatabase .* all records$/ms,
  );
}

test('a bucket that a server can use has no findings, and one that it cannot has one with the setting and the fix', {
  skip,
}, async () => {
  const { swift } = stores;
  const place = { bucket: 'slipway', prefix: 'findings' };
  const access = { namedFor: 'server', endpoint: swift.endpoint, region: 'us-east-1', pathStyle: true } as const;
  const keys = { accessKeyId: swift.keys.AWS_ACCESS_KEY_ID, secretAccessKey: swift.keys.AWS_SECRET_ACCESS_KEY };
  const find = async (wrong: Partial<S3Access & S3Place>, instanceId = 'cri-own', now = Date.now) => {
    const bucket = await openS3Store({ ...place, ...wrong }, { ...access, keys, ...wrong });
    const found = await bucketFindings({
      bucket,
      checkOwner: () => checkOwnership(bucket, { instanceId, place: 's3://own' }),
      now,
      answerMs: 60_000,
    })();
    bucket.close();
    return found.map(({ what, fix }) => `${what}; ${fix}`);
  };
  const store = await openS3Store(place, { ...access, keys });
  assert.match(
    (await find({})).join(),
    /^the bucket is not that of this server: it has lost the mark of this instance/,
  );
  await takeOwnership(store, { instanceId: 'cri-own', place: 's3://own' });
  assert.deepEqual(await find({}), []);
  const left: string[] = [];
  for await (const { key } of store.list('')) left.push(key);
  assert.deepEqual(left, ['owner/instance.json']);

  const closed = `http://127.0.0.1:${await freePort()}`;
  const { accessKeyId } = keys;
  const reader = { accessKeyId: 'slipway:reader', secretAccessKey: 'readerkey' };
  await swift.letRead(place.bucket);
  for (const [wrong, says] of [
    [
      { endpoint: closed },
      /cannot be reached to send owner\/instance\.json \(ECONNREFUSED\); check the setting s3-endpoint/,
    ],
    [{ keys: { accessKeyId, secretAccessKey: 'x' } }, /secret of the access key is wrong; check the setting s3-keys/],
    [{ keys: { ...keys, accessKeyId: 'slipway:no' } }, /(access key|signature).*; check the setting s3-keys/],
    [{ bucket: 'missing' }, /has no bucket missing; create it, or check its name, the setting s3-endpoint/],
    [
      { keys: reader },
      /does not allow the access key to write doctor\/\S+ in the bucket slipway; grant it .*s3:PutObject/,
    ],
  ] as const) {
    const found = await find(wrong);
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', says);
    assert.match(found[0] ?? '', /^the bucket cannot be used: /);
  }
  assert.match(
    (await find({}, 'cri-other')).join(),
    /^the bucket is not that of this server: it belongs to the instance cri-own; .*; use another bucket/,
  );
  const late = () => Date.now() - 120_000;
  assert.match((await find({}, 'cri-own', late)).join(), /^the clock of the bucket is 1[12]\d s ahead of/);
  store.close();
});

test('however often the bucket is asked for findings, it is written to once in half a minute', { skip }, async () => {
  const { swift, proxy } = stores;
  const keys = { accessKeyId: swift.keys.AWS_ACCESS_KEY_ID, secretAccessKey: swift.keys.AWS_SECRET_ACCESS_KEY };
  const access = { endpoint: proxy.url, region: 'us-east-1', pathStyle: true, keys };
  const bucket = await openS3Store({ bucket: 'slipway', prefix: 'asked' }, access);
  const owner = { instanceId: 'cri-own', place: 's3://own' };
  await takeOwnership(bucket, owner);
  let timeMs = Date.now();
  let puts = 0;
  proxy.plan = ({ method }) => {
    if (method === 'PUT') puts += 1;
    return undefined;
  };
  const find = bucketFindings({
    bucket,
    checkOwner: () => checkOwnership(bucket, owner),
    now: () => timeMs,
    answerMs: 60_000,
  });
  const askOften = async () => assert.deepEqual((await Promise.all([find(), find(), find()])).flat(), []);
  for (const pastMs of [0, 10_000, 10_000]) {
    timeMs += pastMs;
    await askOften();
  }
  assert.equal(puts, 1);
  timeMs += 10_000;
  await askOften();
  assert.equal(puts, 2);
  proxy.plan = () => undefined;
  bucket.close();
});

test('a bucket of another instance, or of the database that this one is a copy of, is refused at the start, with the bucket and the fix', {
  skip,
}, async (t) => {
  const { postgres } = stores;
  const flags = await stores.apart('owned');
  const owner = await startServer(t, { flags });
  assert.equal(await owner.stop(), 0);
  const client = await postgres.connect('postgres', 'test');
  await client.query('create database other template template0');
  await client.query('create database copied template owned');
  await client.end();
  for (const [database, reason] of [
    ['other', 'it belongs to the instance cri-\\w+; use another bucket or prefix in the setting bucket'],
    ['copied', 'it is in use with another database of this instance, .*; copy its objects to another bucket or prefix'],
  ] as const) {
    const other = flags.map((flag) => (flag === postgres.urlOf('owned') ? postgres.urlOf(database) : flag));
    const data = database === 'copied' ? owner.dataFolder : join(temporaryFolder(t), 'data');
    const { code, stderr } = await slipway([
      'serve',
      '--no-builds',
      ...other,
      '--data',
      data,
      '--listen',
      '127.0.0.1:0',
    ]);
    assert.equal(code, 4, stderr);
    assert.match(stderr, new RegExp(`^slipway: the bucket s3://slipway/owned cannot be used: ${reason}`, 'm'));
  }
  const again = await startServer(t, { flags, dataFolder: owner.dataFolder });
  assert.equal(await again.stop(), 0);
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
