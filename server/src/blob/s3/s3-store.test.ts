import assert from 'node:assert/strict';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { openS3Store } from './s3-store.ts';
import { startBucket } from './testing/bucket.ts';

async function startStore(t: TestContext, prefix: string) {
  const bucket = await startBucket(t);
  const folder = mkdtempSync(join(tmpdir(), 'slipway-test-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const keysFile = join(folder, 'keys');
  writeFileSync(keysFile, '[default]\naws_access_key_id = id\naws_secret_access_key = secret\n');
  const access = { endpoint: bucket.endpoint, region: 'us-east-1', keysFile, pathStyle: true };
  const store = await openS3Store({ bucket: 'backups', prefix }, access);
  t.after(() => store.close());
  return { bucket, store, folder };
}

test('interrupted uploads are ended on every page of their list, and only those that are named as own', async (t) => {
  for (const prefix of ['', 'shared']) {
    const { bucket, store } = await startStore(t, prefix);
    const start = prefix === '' ? '' : `${prefix}/`;
    for (let at = 0; at < 1100; at += 1) bucket.uploads.set(`theirs-${at}`, `${start}objects/video-${at}`);
    bucket.uploads.set('ours', `${start}objects/own`);
    bucket.uploads.set('elsewhere', `${start}other/own`);
    await store.endInterrupted('objects', (key) => key === 'objects/own');
    assert.equal(bucket.uploads.size, 1101);
    assert.ok(!bucket.uploads.has('ours'));
  }
});

test('a file that cannot be read while it is sent is not called a fault of the store', async (t) => {
  const { store, folder, bucket } = await startStore(t, 'place');
  const limitBytes = 20 * 2 ** 20;
  const missing = () => createReadStream(join(folder, 'sealed meanwhile'));
  await assert.rejects(store.put('objects/a', missing(), { limitBytes }), { code: 'ENOENT' });
  const broken = Readable.from(
    (async function* () {
      yield Buffer.alloc(9 * 2 ** 20);
      throw Object.assign(new Error('the disk broke'), { code: 'EIO' });
    })(),
  );
  await assert.rejects(store.put('objects/b', broken, { limitBytes }), { code: 'EIO' });
  assert.deepEqual([...bucket.objects.keys()], []);
});
