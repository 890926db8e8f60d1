import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Logbook } from '@slipway/logbook';
import { findBuildRecord } from '#build/build-store.ts';
import { claimBuildRecord, endBuildRecord } from '#build/queue/queue-store.ts';
import { insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import { type Database, DatabaseWriter, openDatabase } from '#db/database.ts';
import { isDiskFull } from '#db/sqlite/disk-full.ts';
import { insertRepositoryUnderTest } from '#repository/testing/insert-repository.ts';
import { DiskReserve } from './disk-reserve.ts';

const unfit = process.getuid?.() === 0 ? false : 'needs root to mount a small file system';
const LIMITS = { perInstance: 10, perRepository: 10 };
const LONG = 'x'.repeat(3000);

test('on a full disk a build still becomes final and its log is sealed, using reserved space, which is reserved again later', {
  skip: unfit,
}, async (t) => {
  const folder = smallDisk(t);
  const db = await openDatabase(join(folder, 'db.sqlite'), await DatabaseWriter.start());
  t.after(() => db.destroy());
  const logbook = await Logbook.open({ folder: join(folder, 'logs') });
  t.after(() => logbook.close());
  const reports: string[] = [];
  let nowMs = 0;
  const options = {
    file: join(folder, 'reserve'),
    monotonicMs: () => nowMs,
    report: (message: string) => reports.push(message),
  };
  const reserve = await DiskReserve.open(options);
  assert.ok(statSync(options.file).blocks * 512 >= 4 * 1024 * 1024);
  const writer = await logbook.create('b-1');
  await writer.line('the last line');
  await writer.committed();
  await insertRepositoryUnderTest(db);
  await insert(db, 'b-1');
  const record = await claimBuildRecord(db, { owner: 'me', nowMs: 1, leaseMs: 1 }, LIMITS);
  assert.ok(record);

  const ballast = join(folder, 'ballast');
  fill(ballast);
  await assert.rejects(insertUntilRefused(db), isDiskFull);
  await assert.rejects(writer.seal({ verdict: 'complete' }), isDiskFull);
  const holder = { buildRecordId: 'b-1', owner: 'me', epoch: record.leaseEpoch };
  const failure = { fault: 'machine' as const, message: LONG };
  const ended = await reserve.write(() => endBuildRecord(db, holder, { status: 'FAILED', endedMs: 3, failure }));
  assert.equal(ended, true);
  assert.equal((await findBuildRecord(db, 'b-1'))?.status, 'FAILED');
  const seal = await reserve.write(() => writer.seal({ verdict: 'partial', reason: 'the disk was full' }));
  assert.equal(seal.lineCount, 1);
  assert.equal(reserve.isHeld, false);
  assert.match(reports.join('\n'), /the disk is full/);

  nowMs += 60_000;
  await reserve.restore();
  assert.equal(reserve.isHeld, false, 'not while there is no space');
  rmSync(ballast);
  nowMs += 60_000;
  await reserve.restore();
  assert.equal(reserve.isHeld, true);
});

test('a server that starts on a full disk releases the reserve of an earlier one, so that it can end builds left running', {
  skip: unfit,
}, async (t) => {
  const folder = smallDisk(t);
  const options = { file: join(folder, 'reserve'), monotonicMs: () => 0, report: () => undefined };
  await DiskReserve.open(options);
  fill(join(folder, 'ballast'));
  assert.throws(() => writeFileSync(join(folder, 'more'), LONG), { code: 'ENOSPC' });
  const next = await DiskReserve.open(options);
  assert.equal(next.isHeld, false);
  writeFileSync(join(folder, 'more'), LONG);
});

function smallDisk(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'reserve-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder]);
  t.after(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** Uses all the remaining space, to the last page. */
function fill(file: string): void {
  for (let bytes = 1024 * 1024; bytes >= 4096; ) {
    try {
      writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
      bytes /= 2;
    }
  }
}

async function insertUntilRefused(db: Database): Promise<never> {
  for (let number = 0; ; number += 1) await insert(db, `more-${number}`);
}

async function insert(db: Database, buildRecordId: string): Promise<void> {
  await insertBuildRecordUnderTest(db, {
    buildRecordId,
    source: { kind: 'git', url: `https://git.example/${LONG}`, ref: 'HEAD' },
  });
}
