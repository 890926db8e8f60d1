import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { callNative } from '../../client/src/call-native.ts';
import { postgresFolder } from '../../server/src/db/testing/postgres-server.ts';
import { digestsBelow } from '../../server/src/move/testing/old-folder.ts';
import { type BuildKey, isFinal, readLog, waitForSeal, waitForStatus } from '../support/log-reader.ts';
import { startStores } from '../support/peers/start-stores.ts';
import { queueBuild } from '../support/queue-build.ts';
import { slipway, startServer, type TestServer, temporaryFolder } from '../support/slipway.ts';

const isLong = process.env.SLIPWAY_TEST_LONG === '1' && process.getuid?.() === 0;
const skip = !isLong
  ? 'starts PostgreSQL and OpenStack Swift: runs as root with SLIPWAY_TEST_LONG=1'
  : postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';

/** More than one page of a log. */
const LINES = 500;
const DOCKERFILE = `FROM busybox\nCOPY Dockerfile /copied\nRUN seq ${LINES} | sed 's/^/hello /'\n`;

test('a server with the database and the bucket of a move has the same logs, tags and images, and builds on', {
  skip,
}, async (t) => {
  const stores = await startStores(t);
  const old = await startServer(t);
  const key = await queueBuild(t, old, { Dockerfile: DOCKERFILE });
  assert.equal(await waitForStatus(old.client, key, isFinal), 'SUCCESS');
  await waitForSeal(old.client, key.BuildRecordId);
  const before = await readBack(old, key);
  assert.ok(before.lines.length > LINES);
  assert.match(String(before.Images?.[0]?.Digest), /^(sha256:)?[0-9a-f]{64}$/);
  assert.equal(await old.stop(), 0);
  const files = await digestsBelow(old.dataFolder);
  const flags = stores.flags.map((flag) => (flag === '--database' ? '--to' : flag));
  const move = () => slipway(['move', '--data', old.dataFolder, ...flags]);
  const moved = await move();
  assert.equal(moved.code, 0, moved.stderr);
  assert.match(moved.stdout, /moved and compared \d+ rows, 1 log and \d+ files/);
  assert.deepEqual(await digestsBelow(old.dataFolder), files);

  const dataFolder = join(temporaryFolder(t), 'data');
  mkdirSync(dataFolder);
  copyFileSync(join(old.dataFolder, 'secret.key'), join(dataFolder, 'secret.key'));
  const server = await startServer(t, { flags: stores.flags, dataFolder });
  assert.equal(server.root.AccessKeyId, old.root.AccessKeyId);
  assert.deepEqual(await readBack(server, key), before);
  assert.equal(existsSync(join(dataFolder, 'logs', key.BuildRecordId.slice(0, 2), key.BuildRecordId)), false);
  const next = await queueBuild(t, server, { Dockerfile: DOCKERFILE });
  assert.equal(await waitForStatus(server.client, next, isFinal), 'SUCCESS');
  assert.equal(await server.stop(), 0);
  const again = await move();
  assert.equal(again.code, 4, again.stdout);
  assert.match(again.stderr, /moved to this database before, and a server has used it since/);
});

/** What a caller can read of a build. */
async function readBack(server: TestServer, key: BuildKey) {
  const { BuildRecordId: id, ...repository } = key;
  const lines = await readLog(server.client, key);
  const { RequestId: _, ...verified } = await callNative(server.client, 'verifyLog', { id });
  const { Images } = await server.client.call('ListRepoTag', repository);
  return { lines, verified, Images };
}
