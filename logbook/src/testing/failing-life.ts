import assert from 'node:assert/strict';
import { Logbook, type LogWriter } from '../logbook.ts';
import { FailingDisk, type Fault } from './failing-disk.ts';
import { messagesOf } from './logbook.ts';

/** Enough for several blocks, some of which are archived while the log grows. */
const BATCHES = 6;
const BATCH = Array.from({ length: 300 }, (_, at) => `output ${at} ${'-'.repeat(60)}`);

/** How many acts the disk performed, and how many acknowledged lines are there. */
export interface FailingLife {
  acts: number;
  acknowledgedLines: number;
}

/**
 * Writes a log and seals it on a disk that fails at one act (0: at none), then recovers it on a working one. Throws at
 * the first acknowledged line that is lost or altered.
 */
export async function failingLife(folder: string, failAt: number, fault: Fault): Promise<FailingLife> {
  const disk = new FailingDisk(failAt, fault);
  const acknowledged: string[] = [];
  let sealed = false;
  let logbook: Logbook | undefined;
  try {
    logbook = await Logbook.open({ folder, disk });
    const writer = await logbook.create('log-1');
    await append(writer, acknowledged);
    await writer.seal({ verdict: 'complete' });
    sealed = true;
  } catch (error) {
    assert.ok(failAt > 0, String((error as Error).stack));
  }
  if (logbook !== undefined && (await logbook.open('log-1')) !== undefined) {
    const shown = await messagesOf(logbook, 'log-1');
    assert.deepEqual(shown.slice(0, acknowledged.length), acknowledged, `shown before the restart, act ${failAt}`);
  }
  const { acts } = disk;
  await logbook?.close();
  await checkAfterRestart(folder, acknowledged, sealed, failAt);
  return { acts, acknowledgedLines: acknowledged.length };
}

async function append(writer: LogWriter, acknowledged: string[]): Promise<void> {
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const messages = BATCH.map((message) => `${batch} ${message}`);
    await writer.write(Buffer.from(`${messages.join('\n')}\n`));
    await writer.committed();
    acknowledged.push(...messages);
  }
}

async function checkAfterRestart(
  folder: string,
  acknowledged: string[],
  sealed: boolean,
  failAt: number,
): Promise<void> {
  const logbook = await Logbook.open({ folder });
  const unsealed = await logbook.unsealed();
  if (sealed) assert.deepEqual(unsealed, [], `act ${failAt}`);
  for (const logId of unsealed) {
    const writer = await logbook.resume(logId);
    await writer.seal({ verdict: 'partial', reason: 'recovered' });
  }
  const state = await logbook.reach('log-1');
  if (acknowledged.length > 0) {
    assert.ok(state?.sealed, `sealed after the restart, act ${failAt}`);
    const kept = await messagesOf(logbook, 'log-1');
    assert.deepEqual(kept.slice(0, acknowledged.length), acknowledged, `kept, act ${failAt}`);
    const written = Array.from({ length: BATCHES }, (_, batch) => BATCH.map((message) => `${batch} ${message}`)).flat();
    assert.deepEqual(kept, written.slice(0, kept.length), `nothing but what was written, act ${failAt}`);
  }
  await logbook.close();
}
