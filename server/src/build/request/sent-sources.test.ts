import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { diskBlobStore } from '#blob/disk.ts';
import { insertSourceArchive } from '#source/source-store.ts';
import { claimBuildRecord } from '../queue/queue-store.ts';
import { startRepositoryUnderTest } from '../testing/repository.ts';
import { requestBuild } from './request-build.ts';
import { sweepSentSources } from './sent-sources.ts';

test('sweeps sent folders that no build needs after their time, and leftovers of crashes, and nothing else', async (t) => {
  await using repository = await startRepositoryUnderTest();
  const { means, instanceId } = repository.gateway;
  const { db } = means;
  const folder = await mkdtemp(join(tmpdir(), 'slipway-sent-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const blobs = diskBlobStore(folder);
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
  await claimBuildRecord(db, { owner: 'a', nowMs: 1, untilMs: 2 }, { perInstance: 9, perRepository: 9 });
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
  await sweepSentSources({ db, blobs }, now - 3_600_000);

  assert.deepEqual((await readdir(join(folder, 'sources'))).toSorted(), [
    'coming.2.partial',
    'new',
    'running',
    'waiting',
  ]);
  await assert.rejects(build('forgotten'), { code: 'SOURCE_ARCHIVE_NOT_EXIST' });
  await db.updateTable('build_record').set({ status: 'FAILED' }).execute();
  await sweepSentSources({ db, blobs }, now - 3_600_000);
  assert.deepEqual((await readdir(join(folder, 'sources'))).toSorted(), ['coming.2.partial', 'new']);
});
