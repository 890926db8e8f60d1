import assert from 'node:assert/strict';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Logbook, type LogWriter } from './logbook.ts';
import { FailingDisk, type Fault } from './testing/failing-disk.ts';
import { failingLife } from './testing/failing-life.ts';
import { fastFolder, messagesOf } from './testing/logbook.ts';

const PARTIAL = { verdict: 'partial', reason: 'the server ended' } as const;
const FAULTS: readonly Fault[] = ['refused', 'half written', 'dead'];

for (const fault of FAULTS) {
  test(`loses and alters no acknowledged line, whichever disk operation is ${fault}`, async (context) => {
    const { acts } = await failingLife(fastFolder(context), 0, fault);
    assert.ok(acts > 40, `only ${acts} acts`);
    for (let failAt = 1; failAt <= acts; failAt += 1) await failingLife(fastFolder(context), failAt, fault);
  });
}

for (const fault of FAULTS) {
  test(`keeps the same lines at the next recovery if a disk operation is ${fault} while a damaged log is recovered`, async (context) => {
    const { damaged, kept } = await damagedLog(context);
    let acts = 0;
    for (let failAt = 2; ; failAt += 1) {
      const folder = fastFolder(context);
      cpSync(damaged, folder, { recursive: true });
      const disk = new FailingDisk(failAt, fault);
      const failing = await Logbook.open({ folder, disk });
      const failed = await failing.resume('log-1').then(
        (writer) =>
          writer.seal(PARTIAL).then(
            () => false,
            () => true,
          ),
        () => true,
      );
      await failing.close();
      acts = disk.acts;
      const again = await Logbook.open({ folder });
      for (const logId of await again.unsealed()) await (await again.resume(logId)).seal(PARTIAL);
      assert.deepEqual(await messagesOf(again, 'log-1'), kept, `act ${failAt}`);
      assert.equal((await again.reach('log-1'))?.seal?.verdict, 'partial', `act ${failAt}`);
      await again.close();
      if (!failed) break;
    }
    assert.ok(acts > 15, `only ${acts} acts`);
  });
}

test('rejects every promise with the same error after a failed append, and lets the log be sealed as partial', async (context) => {
  const { logbook, writer, acknowledged } = await brokenWriter(context);
  const { failure } = writer;
  assert.match(String(failure), /append to log log-1/);
  for (const attempt of [
    () => writer.line('x'),
    () => writer.write(Buffer.from('x')),
    () => writer.committed(),
    () => writer.line('y'),
  ]) {
    await assert.rejects(attempt, (error) => error === failure);
  }
  await assert.rejects(writer.seal({ verdict: 'complete' }), (error: Error) => error.cause === failure);
  const seal = await writer.seal({ verdict: 'partial', reason: 'the disk failed' });
  assert.equal(seal.verdict, 'partial');
  assert.equal(seal.reason, 'the disk failed');
  assert.deepEqual(await messagesOf(logbook, 'log-1'), acknowledged);
  await logbook.close();
});

test('rejects writes that waited for room when the disk fails', async (context) => {
  const disk = new FailingDisk(12, 'dead');
  const logbook = await Logbook.open({ folder: fastFolder(context), disk, inFlightLimitBytes: 1 });
  const writer = await logbook.create('log-1');
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => writer.line(`line ${at}`)));
  await assert.rejects(writer.committed(), /append to log/);
  assert.equal(results.at(-1)?.status, 'rejected');
  await logbook.close();
});

/** The files of a log damaged in its middle, in a logbook's folder, and the lines that recovery must keep. */
async function damagedLog(context: TestContext): Promise<{ damaged: string; kept: string[] }> {
  const damaged = fastFolder(context);
  const logbook = await Logbook.open({ folder: damaged });
  const writer = await logbook.create('log-1');
  for (let batch = 0; batch < 10; batch += 1) {
    await writer.line(`batch ${batch}`);
    await writer.committed();
  }
  const kept = (await messagesOf(logbook, 'log-1')).slice(0, 6);
  await logbook.close();
  const path = join(damaged, 'lo', 'log-1', 'hot.ndjson');
  const text = readFileSync(path);
  text[text.indexOf('batch 6')] = 0x42;
  writeFileSync(path, text);
  return { damaged, kept };
}

async function brokenWriter(
  context: TestContext,
): Promise<{ logbook: Logbook; writer: LogWriter; acknowledged: string[] }> {
  // Creating the folder, the files and the first commit takes fewer acts than this; the second commit reaches it.
  for (let failAt = 12; ; failAt += 1) {
    const disk = new FailingDisk(failAt, 'half written');
    const logbook = await Logbook.open({ folder: fastFolder(context), disk });
    const writer = await logbook.create('log-1');
    const acknowledged: string[] = [];
    try {
      for (let at = 0; at < 10; at += 1) {
        await writer.line(`line ${at}`);
        await writer.committed();
        acknowledged.push(`line ${at}`);
      }
    } catch {
      if (acknowledged.length > 0) return { logbook, writer, acknowledged };
    }
    await logbook.close();
  }
}
