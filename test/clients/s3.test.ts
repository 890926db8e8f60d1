import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { CreateBucketCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { openS3Store } from '../../server/src/blob/s3/s3-store.ts';
import { postgresFolder, startPostgres } from '../../server/src/db/testing/postgres-server.ts';
import { backUpToBucket, largeFolder } from '../support/peers/backup-to-bucket.ts';
import { buildAndReadAgain } from '../support/peers/build-and-read-again.ts';
import { atEnd, slipway } from '../support/slipway.ts';
import { startSeaweed } from './seaweed-store.ts';

const BUCKET = 'backups';
const MIB = 2 ** 20;

test('SeaweedFS keeps backups: made, listed, verified, thinned out and restored, and wrong settings are named', async (t) => {
  const store = await startSeaweed(t);
  if (store === undefined) return;
  const { endpoint, keys, keysFile, client } = store;
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const run = (args: string[], env: Record<string, string> = {}) =>
    slipway([...args, '--s3-endpoint', endpoint], { env: { ...keys, ...env } });
  const place = `s3://${BUCKET}/place`;
  const folder = await largeFolder(t);
  const { root } = folder;

  await t.test('a second backup is small, a restored folder has the same bytes, and old backups are removed', (t) =>
    backUpToBucket(t, run, place, folder),
  );

  await t.test('wrong keys and a bucket that is not there are named', async () => {
    const wrong = await run(['backup', place, '--data', root], { AWS_SECRET_ACCESS_KEY: 'wrong' });
    assert.deepEqual([wrong.code, /AWS_SECRET_ACCESS_KEY/.test(wrong.stderr)], [2, true], wrong.stderr);
    const nowhere = await run(['backup', 's3://no-such-bucket/x', '--data', root]);
    assert.equal(nowhere.code, 2, nowhere.stderr);
    assert.match(nowhere.stderr, /has no bucket no-such-bucket/);
  });

  await t.test('an upload of parts that breaks off leaves no object and no parts', async () => {
    const access = { endpoint, region: 'us-east-1', keysFile, pathStyle: true };
    const store = await openS3Store({ bucket: BUCKET, prefix: 'parts' }, access);
    const content = randomBytes(17 * MIB);
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
    const limitBytes = content.length;
    const broken = store.put('objects/large', Readable.from([content]), { limitBytes, sha256: sha256(randomBytes(1)) });
    await assert.rejects(broken, /its bytes have the SHA-256/);
    assert.equal(await store.head('objects/large'), undefined);
    const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
    assert.deepEqual(Uploads, []);
    await store.put('objects/large', Readable.from([content]), { limitBytes, sha256: sha256(content) });
    const range = { fromByte: 8 * MIB - 10, toByte: 8 * MIB + 10 };
    assert.deepEqual(
      await buffer(await store.get('objects/large', range)),
      content.subarray(range.fromByte, range.toByte),
    );
  });
});

test('a server keeps logs, images and sent folders in SeaweedFS: one with a new data folder has all of them', {
  skip:
    process.getuid?.() !== 0
      ? 'runs builds: runs as root'
      : postgresFolder() === undefined && 'needs PostgreSQL: apt-get install postgresql',
}, async (t) => {
  const store = await startSeaweed(t);
  if (store === undefined) return;
  const { endpoint, keysFile, client } = store;
  await client.send(new CreateBucketCommand({ Bucket: 'slipway' }));
  const postgres = await startPostgres();
  atEnd(t, () => postgres.stop());
  const admin = await postgres.connect('postgres', 'test');
  await admin.query('create database slipway template template0');
  await admin.end();
  const bucket = ['--bucket', 's3://slipway/one', '--s3-endpoint', endpoint, '--s3-keys', keysFile];
  await buildAndReadAgain(t, ['--database', postgres.urlOf('slipway'), ...bucket]);
});
