import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import type { Blob } from './manifest.ts';
import { keepManifest } from './manifest-store.ts';

const digest = (text: string) => `sha256:${text.padStart(64, '0')}`;

test('an index is as large as the different blobs of all its images, and stops counting at fifty thousand', async (t) => {
  const db = await openDatabaseUnderTest();
  t.after(() => db.destroy());
  await insertRepositoryUnderTest(db);
  const repoId = 'crr-1';
  const plain = {
    mediaType: 'm',
    artifactType: undefined,
    configDigest: undefined,
    isRunnable: true,
    subject: undefined,
    annotations: undefined,
  };
  const keep = (name: string, blobs: Blob[], children: string[] = []) =>
    keepManifest(db, { repoId, digest: digest(name), sizeBytes: 1, manifest: { ...plain, blobs, children } }, 1);
  const sizeOf = async (name: string) =>
    (await db.selectFrom('manifest').selectAll().where('digest', '=', digest(name)).executeTakeFirstOrThrow())
      .total_bytes;
  await keep('a', [
    [digest('1'), 10],
    [digest('2'), 20],
  ]);
  await keep('b', [
    [digest('2'), 20],
    [digest('3'), 30],
  ]);
  await keep('c', [], [digest('a'), digest('b'), digest('unknown')]);
  assert.equal(await sizeOf('c'), 60);
  const many = (from: number): Blob[] =>
    Array.from({ length: 30_000 }, (_, index) => [digest(String(from + index)), 1]);
  await keep('d', many(100_000));
  await keep('e', many(200_000));
  await keep('f', [], [digest('d'), digest('e')]);
  assert.equal(await sizeOf('f'), 50_000);
});
