import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import { Logbook, type LogWriter } from '../../logbook/src/logbook.ts';
import { messagesOf } from '../../logbook/src/testing/logbook.ts';

const unfit = process.getuid?.() === 0 ? false : 'needs root to mount a small file system';
const BATCH_LINES = 200;

test('on a full disk, acknowledgements stop and readers continue; once there is space again, the log is sealed partial', {
  skip: unfit,
}, async (t) => {
  const { folder, logbook } = await openOnSmallDisk(t, 'size=3m');
  const ballast = join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(1024 * 1024));
  const other = await logbook.create('log-other');
  const writer = await logbook.create('log-full');
  const acknowledged = await writeUntilRefused(writer);
  assert.match(String(writer.failure?.cause), /ENOSPC/);
  assert.ok(acknowledged > BATCH_LINES);
  const before = await messagesOf(logbook, 'log-full');
  assert.deepEqual(before, messages(acknowledged));
  await assert.rejects(writer.line('more'), (error) => error === writer.failure);

  rmSync(ballast);
  const seal = await writer.seal({ verdict: 'partial', reason: 'the disk was full' });
  assert.equal(seal.verdict, 'partial');
  assert.deepEqual(await messagesOf(logbook, 'log-full'), before);
  assert.deepEqual((await logbook.verify('log-full'))?.damage, []);
  await other.line('the other build continues');
  await other.committed();
  assert.equal((await other.seal({ verdict: 'complete' })).lineCount, 1);
});

test('without free inodes no log starts and running logs continue; once there are inodes again, everything works', {
  skip: unfit,
}, async (t) => {
  const { folder, logbook } = await openOnSmallDisk(t, 'size=8m,nr_inodes=40');
  const writer = await logbook.create('log-first');
  const ballast = join(folder, 'ballast');
  mkdirSync(ballast);
  for (let file = 0; fills(join(ballast, String(file))); file += 1);
  await assert.rejects(logbook.create('log-second'), { code: 'ENOSPC' });
  await writer.line('still here');
  assert.equal(await writer.committed(), 1);
  await assert.rejects(writer.seal({ verdict: 'complete' }), /seal log log-first/);
  assert.deepEqual(await messagesOf(logbook, 'log-first'), ['still here']);

  for (const file of readdirSync(ballast)) rmSync(join(ballast, file));
  assert.equal((await writer.seal({ verdict: 'complete' })).verdict, 'complete');
  const second = await logbook.create('log-second');
  await second.line('begun at last');
  assert.equal((await second.seal({ verdict: 'complete' })).lineCount, 1);
});

async function writeUntilRefused(writer: LogWriter): Promise<number> {
  for (let acknowledged = 0; ; ) {
    const batch = messages(acknowledged + BATCH_LINES).slice(acknowledged);
    try {
      await writer.write(Buffer.from(batch.map((message) => `${message}\n`).join('')));
      acknowledged = await writer.committed();
    } catch {
      // The refusal is the writer's `failure`, which the test checks.
      return writer.lineCount;
    }
  }
}

function messages(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `line ${at + 1} ${'.'.repeat(at % 100)}`);
}

/** Makes an empty file, unless there is no inode for it. */
function fills(path: string): boolean {
  try {
    writeFileSync(path, '');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

async function openOnSmallDisk(t: TestContext, options: string): Promise<{ folder: string; logbook: Logbook }> {
  const folder = mkdtempSync(join(tmpdir(), 'full-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  let logbook: Logbook | undefined;
  t.after(async () => {
    await logbook?.close();
    execFileSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
  });
  logbook = await Logbook.open({ folder: join(folder, 'logs') });
  return { folder, logbook };
}
