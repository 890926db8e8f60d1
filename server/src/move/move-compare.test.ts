import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { BlobStore } from '#blob/blob.ts';
import { openS3Store } from '#blob/s3/s3-store.ts';
import { startBucket } from '#blob/s3/testing/bucket.ts';
import { postgresFolder } from '#db/testing/postgres-server.ts';
import { moveDataFolder } from './move.ts';
import { startMove } from './testing/start-move.ts';

const lacks = postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql';
const skip = process.env.SLIPWAY_TEST_LONG === '1' ? lacks : 'takes seconds: runs in the longer tier';

test('a store that has other bytes than it was sent is found out, and so are rows that are missing', {
  skip,
}, async (t) => {
  const { move, query } = await startMove(t);
  let isLying = true;
  const get: BlobStore['get'] = async (key, range) =>
    isLying && key === 'charts/chart-1' ? Readable.from(['a charT']) : move.blobs.get(key, range);
  const blobs = { ...move.blobs, get };
  await assert.rejects(moveDataFolder({ ...move, blobs }), /the store has other bytes of charts\/chart-1/);
  isLying = false;
  await query('delete from build_step where number = 1');
  await assert.rejects(
    moveDataFolder({ ...move, blobs }),
    /something else wrote to the database: the table build_step/,
  );
  assert.equal((await moveDataFolder({ ...move, blobs, restart: true })).logs, 3);
});

test('what changes in a bucket while a move goes on is found out, and another name for the same bytes is no change', {
  skip,
}, async (t) => {
  const bucket = await startBucket(t);
  const keys = { accessKeyId: 'id', secretAccessKey: 'secret' };
  const access = { endpoint: bucket.endpoint, region: 'us-east-1', keys, pathStyle: true };
  const blobs = await openS3Store({ bucket: 'moved', prefix: '' }, access);
  t.after(() => blobs.close());
  const { objects } = bucket;
  const newest = (pattern: RegExp) => [...objects.keys()].findLast((key) => pattern.test(key)) ?? '';
  const { move } = await startMove(t);
  const changes: [act: () => unknown, message: RegExp | undefined][] = [
    [() => objects.set('charts/chart-1', Buffer.from('a charT')), /other bytes of charts\/chart-1 than were moved/],
    [() => objects.delete('charts/chart-1'), /has no object charts\/chart-1/],
    [() => objects.set(newest(/\.idx$/), Buffer.alloc(0)), /other bytes of logs\/ro\/row-\d\/.*\.idx than/],
    [() => objects.delete(newest(/\.ndjson\.gz$/)), /has no object logs\/ro\/row-\d\/.*\.ndjson\.gz/],
    [() => Object.assign(bucket, { etagOf: (bytes: Buffer) => `kept-${bytes.length}` }), undefined],
  ];
  let act: (() => unknown) | undefined;
  const say = (text: string) => {
    if (text.endsWith('; comparing')) act?.();
  };
  for (const [change, message] of changes) {
    act = change;
    const moving = moveDataFolder({ ...move, blobs, say, restart: true });
    if (message === undefined) assert.equal((await moving).logs, 3);
    else await assert.rejects(moving, message);
  }
});
