import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { diskBlobStore } from '#blob/disk.ts';
import {
  getSourceArchive,
  getSourceOf,
  insertSourceArchive,
  keepSourceArchives,
  removeOldSourceArchives,
  sumSourceArchives,
} from '#source/source-store.ts';
import { claimBuildRecord } from '../queue/queue-store.ts';
import { startRepositoryUnderTest } from '../testing/repository.ts';
import { requestBuild } from './request-build.ts';
import { sumUnneededSources, sweepSentSources } from './sent-sources.ts';

test('sweeps sent folders that no build needs after their time, and leftovers of crashes, and nothing else', async (t) => {
  await using repository = await startRepositoryUnderTest();
  const { means, instanceId } = repository.gateway;
  const { db } = means;
  const { folder, blobs } = await openBlobs(t);
  const [old, now] = [1_000_000_000_000, Date.now()];
  const send = async (archiveId: string, createdMs: number) => {
    const stored = await blobs.put(`sources/${archiveId}`, Readable.from([Buffer.from(archiveId)]), { limitBytes: 99 });
    await insertSourceArchive(db, { archiveId, instanceId, owner: 'x', ...stored, createdMs });
    await utimes(join(folder, 'sources', archiveId), createdMs / 1000, createdMs / 1000);
  };
  const build = (archiveId: string) =>
    requestBuild(
      means,
      instanceId,
      { Image: 'team/app', Source: { ArchiveId: archiveId } },
      {
        requester: { kind: 'root', arn: 'acs:ram::1:root', accessKeyId: 'k' },
        allow: () => undefined,
      },
    );

  await send('running', old);
  await build('running');
  await claimBuildRecord(db, { owner: 'a', nowMs: 1, leaseMs: 1 }, { perInstance: 9, perRepository: 9 });
  await send('waiting', old);
  await build('waiting');
  await send('forgotten', old);
  await send('new', now);
  // A crash between writing the bytes and the database, in either order, and in the middle of an upload.
  for (const [name, timeMs] of [
    ['orphan', old],
    ['orphan.1.partial', old],
    ['coming.2.partial', now],
  ] as const) {
    await writeFile(join(folder, 'sources', name), 'x');
    await utimes(join(folder, 'sources', name), timeMs / 1000, timeMs / 1000);
  }
  await sweepSentSources({ db, blobs }, before(now - 3_600_000));

  assert.deepEqual((await readdir(join(folder, 'sources'))).toSorted(), [
    'coming.2.partial',
    'new',
    'running',
    'waiting',
  ]);
  await assert.rejects(build('forgotten'), { code: 'SOURCE_ARCHIVE_NOT_EXIST' });
  await db.updateTable('build_record').set({ status: 'FAILED' }).execute();
  await sweepSentSources({ db, blobs }, before(now - 3_600_000));
  assert.deepEqual((await readdir(join(folder, 'sources'))).toSorted(), ['coming.2.partial', 'new']);
});

test('keeps what was built for its sender: the newest of a repository, up to a limit, and no build can use it again', async () => {
  await using repository = await startRepositoryUnderTest();
  const { means, instanceId } = repository.gateway;
  const { db } = means;
  const send = (archiveId: string, owner: string, sizeBytes: number) =>
    insertSourceArchive(db, { archiveId, instanceId, owner, sizeBytes, sha256: '', createdMs: 1 });
  const keep = (repoId: string, nowMs: number, ...archiveIds: string[]) =>
    keepSourceArchives(db, archiveIds, { repoId, nowMs, leastBytes: 10, limitBytes: 100, needed: new Set() });
  for (const [archiveId, owner] of [
    ['a1', 'ann'],
    ['a2', 'ann'],
    ['a-context', 'ann'],
    ['b1', 'bob'],
    ['other', 'ann'],
    ['large', 'ann'],
    ['small', 'ann'],
  ] as const)
    await send(archiveId, owner, { large: 90, small: 10 }[archiveId as string] ?? 30);
  assert.deepEqual(await keep('r', 1, 'a1'), []);
  assert.deepEqual(await keep('r', 2, 'b1'), [], 'of another sender');
  assert.deepEqual(await keep('s', 3, 'other'), [], 'for another repository');
  assert.deepEqual(await keep('r', 4, 'a2', 'a-context'), ['a1']);
  assert.deepEqual(
    (await keep(repository.repoId, 5, 'large')).toSorted(),
    ['a-context', 'a2', 'other'],
    'more than 100 bytes',
  );
  assert.deepEqual(await keep('u', 6, 'small'), ['small']);
  assert.equal(await sumSourceArchives(db, 'ann'), 0);
  await assert.rejects(getSourceArchive(db, instanceId, 'b1'), { code: 'SOURCE_ARCHIVE_NOT_EXIST' });
  assert.equal((await getSourceOf(db, { instanceId, owner: 'bob' }, 'b1')).sizeBytes, 30);
  await assert.rejects(getSourceOf(db, { instanceId, owner: 'ann' }, 'b1'), { code: 'SOURCE_ARCHIVE_NOT_EXIST' });
  assert.deepEqual(await removeOldSourceArchives(db, before(0), new Set()), ['b1'], 'its repository was deleted');
  // Its time begins when its build has ended.
  assert.deepEqual(await removeOldSourceArchives(db, before(5), new Set()), []);
  assert.deepEqual(await removeOldSourceArchives(db, before(6), new Set()), ['large']);
});

test('what is kept can be removed at once, and what was sent a moment ago stays', async (t) => {
  await using repository = await startRepositoryUnderTest();
  const { instanceId } = repository.gateway;
  const { db } = repository.gateway.means;
  const { folder, blobs } = await openBlobs(t);
  for (const archiveId of ['kept', 'sent']) {
    const stored = await blobs.put(`sources/${archiveId}`, Readable.from([Buffer.from('four')]), { limitBytes: 9 });
    await insertSourceArchive(db, { archiveId, instanceId, owner: 'x', ...stored, createdMs: 9 });
  }
  await keepSourceArchives(db, ['kept'], {
    repoId: repository.repoId,
    nowMs: 9,
    leastBytes: 0,
    limitBytes: 9,
    needed: new Set(),
  });
  const old = { sentBeforeMs: 9, keptBeforeMs: Number.MAX_SAFE_INTEGER };
  assert.equal(await sumUnneededSources(db, old), 4);
  assert.equal(await sweepSentSources({ db, blobs }, old), 1);
  assert.deepEqual(await readdir(join(folder, 'sources')), ['sent']);
  assert.equal(await sumUnneededSources(db, old), 0);
});

function before(timeMs: number) {
  return { sentBeforeMs: timeMs, keptBeforeMs: timeMs };
}

/** A folder for what is sent. */
async function openBlobs(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-sent-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return { folder, blobs: diskBlobStore(folder) };
}
