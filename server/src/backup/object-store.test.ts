import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { diskBlobStore } from '#blob/disk.ts';
import { listStore, openStoreSource, openStoreTarget } from './object-store.ts';
import { restoreBackup } from './restore-backup.ts';
import { backUp, contentOf, dataFolder, temporaryFolder } from './testing/data-folder.ts';
import { verifyBackup } from './verify-backup.ts';

/** A bucket has the same contract, and its own tests against real stores. */
function startStore(context: TestContext) {
  const folder = join(temporaryFolder(context), 'store');
  const store = () => ({ ...diskBlobStore(folder), close: () => undefined });
  return {
    folder,
    store,
    async backUp(root: string, keep?: number) {
      const target = await openStoreTarget(store(), 's3://bucket/place');
      const made = await backUp(root, 's3://bucket/place', { target });
      if (keep === undefined) return { ...made, removed: undefined };
      const again = await openStoreTarget(store(), 's3://bucket/place');
      const removed = await again.keep?.(keep);
      await again.close();
      return { ...made, removed };
    },
    async verify(at?: string) {
      const source = await openStoreSource(store(), 's3://bucket/place', at);
      return verifyBackup(source, temporaryFolder(context));
    },
  };
}

test('a backup in a store is incremental, is verified as a whole, and is restored with the same bytes', async (context) => {
  const { root, push } = await dataFolder(context);
  const { store, backUp, verify } = startStore(context);
  const first = await backUp(root);
  assert.match(first.name, /^s3:\/\/bucket\/place\/backups\/\d{8}T\d{9}Z\.ndjson$/);
  push('another manifest', ['the first layer', 'a third layer']);
  const second = await backUp(root);
  const database = await sizeOf(store(), 'db/slipway.sqlite');
  assert.equal(second.storedBytes, database + 'another manifest'.length + 'a third layer'.length);
  for (const { name } of await listStore(store())) {
    const found = await verify(name);
    assert.deepEqual([found.problems, found.logs], [[], 2]);
  }
  const restored = join(temporaryFolder(context), 'restored');
  const { problems } = await restoreBackup(await openStoreSource(store(), 's3://bucket/place'), restored);
  assert.deepEqual(problems, []);
  for (const [path, content] of contentOf(join(root, 'logs')))
    assert.equal(contentOf(join(restored, 'logs')).get(path), content, path);
  for (const [path, content] of contentOf(join(root, 'registry')))
    assert.equal(contentOf(join(restored, 'registry')).get(path), content, path);
});

test('verify names the file of every damage in a store', async (context) => {
  const { root } = await dataFolder(context);
  const { folder, store, backUp, verify } = startStore(context);
  await backUp(root);
  const { manifest } = await openStoreSource(store(), 's3://bucket/place');
  for (const file of manifest.files) {
    if ('text' in file) continue;
    const object = join(folder, 'objects', file.sha256.slice(0, 2), file.sha256);
    const sound = readFileSync(object);
    const flipped = Buffer.from(sound);
    flipped[sound.length >> 1] = (sound[sound.length >> 1] ?? 0) ^ 1;
    for (const damage of [() => writeFileSync(object, flipped), () => rmSync(object)]) {
      damage();
      const { problems } = await verify();
      assert.ok(
        problems.some(({ path }) => path === file.path),
        file.path,
      );
      writeFileSync(object, sound);
    }
  }
  const [name = ''] = readdirSync(join(folder, 'backups'));
  writeFileSync(join(folder, 'backups', name), 'x');
  await assert.rejects(verify(), /is cut or was changed/);
  assert.match((await listStore(store()))[0]?.damage ?? '', /is cut or was changed/);
});

test('a store keeps the newest backups with what they need, and removes no object while a manifest is damaged', async (context) => {
  const { root, db, push } = await dataFolder(context);
  const { folder, backUp, verify } = startStore(context);
  await backUp(root);
  db.exec('delete from manifest');
  push('another manifest', ['a third layer']);
  const { removed } = await backUp(root, 1);
  assert.equal(removed?.backups, 1);
  assert.ok((removed?.bytes ?? 0) >= 'the first layer'.length);
  assert.deepEqual((await verify()).problems, []);
  writeFileSync(join(folder, 'backups', '20200101T000000000Z.ndjson'), 'x');
  db.exec('delete from manifest');
  assert.deepEqual((await backUp(root, 1)).removed, { backups: 1, bytes: 0 });
  assert.deepEqual(readdirSync(join(folder, 'running')), []);
});

test('two backups to one store are refused, and one that was killed is not waited for', async (context) => {
  const { store } = startStore(context);
  const first = await openStoreTarget(store(), 's3://bucket/place');
  await assert.rejects(openStoreTarget(store(), 's3://bucket/place'), /another backup writes to s3:.*process \d+/);
  await first.close();
  const { close } = await openStoreTarget(store(), 's3://bucket/place');
  await close();
  // No process has this number: the limit of Linux is 2^22.
  const holder = await lockOf(context);
  const dead = Buffer.from(JSON.stringify({ ...holder, pid: 2 ** 22 + 1 }));
  await store().put(`running/${randomUUID()}`, Readable.from([dead]), { limitBytes: dead.length });
  await (await openStoreTarget(store(), 's3://bucket/place')).close();
  const other = Buffer.from(JSON.stringify({ ...holder, machine: 'another', pid: 1 }));
  await store().put(`running/${randomUUID()}`, Readable.from([other]), { limitBytes: other.length });
  await assert.rejects(openStoreTarget(store(), 's3://bucket/place'), /if it was killed, for 10 minutes/);
});

test('a backup whose lock was taken over gets no name', async (context) => {
  const { root } = await dataFolder(context);
  const { folder, store } = startStore(context);
  const target = await openStoreTarget(store(), 's3://bucket/place');
  for (const name of readdirSync(join(folder, 'running'))) rmSync(join(folder, 'running', name));
  await assert.rejects(backUp(root, 's3://bucket/place', { target }), /another backup took over/);
  assert.deepEqual(await listStore(store()), []);
});

test('a place with any object that is not of a backup is refused, whatever else it has', async (context) => {
  for (const other of [
    'photos/a',
    'backups/notes.txt',
    'objects/a',
    'running/a',
    'objects/aa/b',
    `backups/x/${NAME}`,
  ]) {
    const { store, folder } = startStore(context);
    for (const key of [other, `backups/${NAME}`]) await store().put(key, Readable.from(['x']), { limitBytes: 1 });
    await assert.rejects(
      openStoreTarget(store(), 's3://bucket/place'),
      new RegExp(`has other objects, such as ${other};`),
    );
    assert.ok(existsSync(join(folder, other)));
  }
});

test('a backup folder that was copied to a store is one that is continued', async (context) => {
  const { root } = await dataFolder(context);
  const { store, folder } = startStore(context);
  await backUp(root, folder);
  writeFileSync(join(folder, 'tmp', '3'), 'left');
  const target = await openStoreTarget(store(), 's3://bucket/place');
  assert.equal(target.earlier.length, 1);
  await target.close();
});

test('only interrupted uploads of the form of a backup are ended', async (context) => {
  const { store } = startStore(context);
  const asked: string[] = [];
  const object = `objects/${'ab'.repeat(32).replace(/^(..)/, '$1/$1')}`;
  const keys = [object, object.replace('/ab/', '/cd/'), `backups/${NAME}`, 'backups/x.iso', 'x.iso'];
  const endInterrupted = async (prefix: string, isOwn: (key: string) => boolean) => {
    for (const key of keys) if (key.startsWith(`${prefix}/`) && isOwn(key)) asked.push(key);
  };
  await (await openStoreTarget({ ...store(), endInterrupted }, 's3://bucket/place')).close();
  assert.deepEqual(asked, [object, `backups/${NAME}`]);
});

test('a large file that could not be stored is stored at the next attempt', async (context) => {
  const { store, folder } = startStore(context);
  const target = await openStoreTarget(store(), 's3://bucket/place');
  const bytes = randomBytes(8 * 2 ** 20 + 1);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const gone = () => createReadStream(join(folder, 'nothing'));
  await assert.rejects(target.store({ open: gone, sizeBytes: bytes.length, sha256 }), { code: 'ENOENT' });
  assert.deepEqual(await target.store({ open: () => Readable.from([bytes]), sizeBytes: bytes.length, sha256 }), {
    sha256,
    isNew: true,
  });
  await target.close();
});

const NAME = '20260101T000000000Z.ndjson';

async function sizeOf(store: Parameters<typeof openStoreSource>[0], path: string): Promise<number> {
  const { manifest } = await openStoreSource(store, 's3://bucket/place');
  const file = manifest.files.find((each) => each.path === path);
  return file !== undefined && 'sizeBytes' in file ? file.sizeBytes : 0;
}

/** What a lock of this process says. */
async function lockOf(context: TestContext): Promise<object> {
  const { folder, store } = startStore(context);
  const target = await openStoreTarget(store(), 's3://bucket/place');
  const [name = ''] = readdirSync(join(folder, 'running'));
  const holder = JSON.parse(readFileSync(join(folder, 'running', name), 'utf8')) as object;
  await target.close();
  return holder;
}
