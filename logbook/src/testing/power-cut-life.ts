import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';

import { Logbook } from '../logbook.ts';
import { messagesOf } from './logbook.ts';
import { PowerCutDisk } from './power-cut-disk.ts';

const BATCHES = 5;
const BATCH_LINES = 250;
const WRITTEN = Array.from({ length: BATCHES * BATCH_LINES }, (_, at) => `line ${at} ${'.'.repeat(at % 150)}`);

/** A log that was written until the power was cut. */
export interface CutLife {
  disk: PowerCutDisk;
  acknowledged: number;
  sealed: boolean;
  acts: number;
}

/** Writes a log in an empty folder and seals it, until the disk has performed `cutAt` operations (0: to the end). */
export async function runUntilCut(folder: string, cutAt: number): Promise<CutLife> {
  const disk = new PowerCutDisk(folder, cutAt);
  const logbook = await Logbook.open({ folder, disk });
  let acknowledged = 0;
  let sealed = false;
  try {
    const writer = await logbook.create('log-1');
    for (let batch = 0; batch < BATCHES; batch += 1) {
      const messages = WRITTEN.slice(batch * BATCH_LINES, (batch + 1) * BATCH_LINES);
      await writer.write(Buffer.from(messages.map((message) => `${message}\n`).join('')));
      acknowledged = await writer.committed();
    }
    await writer.seal({ verdict: 'complete' });
    sealed = true;
  } catch (error) {
    assert.ok(cutAt > 0, String((error as Error).stack));
  }
  const { acts } = disk;
  await logbook.close();
  return { disk, acknowledged, sealed, acts };
}

/** Recovers in a new folder what may be left after the cut, by a seed. Throws at the first acknowledged line that is lost or altered. */
export async function cutAndRecover(life: CutLife, folder: string, cutAt: number, seed: number): Promise<void> {
  mkdirSync(folder);
  life.disk.survive(folder, randomFrom(seed));
  await checkAfterCut(folder, life.acknowledged, life.sealed, `cut after act ${cutAt}, seed ${seed}`);
}

async function checkAfterCut(folder: string, acknowledged: number, sealed: boolean, what: string): Promise<void> {
  const logbook = await Logbook.open({ folder });
  const unsealed = await logbook.unsealed();
  if (sealed) assert.deepEqual(unsealed, [], what);
  for (const logId of unsealed) {
    const writer = await logbook.resume(logId);
    await writer.seal({ verdict: 'partial', reason: 'the power was cut' });
  }
  const state = await logbook.reach('log-1');
  if (acknowledged > 0) assert.ok(state?.sealed, what);
  if (state !== undefined) {
    assert.ok(state.lineCount >= acknowledged, `${what}: ${state.lineCount} of ${acknowledged} lines`);
    assert.deepEqual(await messagesOf(logbook, 'log-1'), WRITTEN.slice(0, state.lineCount), what);
    // Time and step of an acknowledged line are as durable as the line.
    for (const range of state.seal?.ranges ?? []) assert.ok(range.firstLine > acknowledged, `${what}: ${range.reason}`);
  }
  await logbook.close();
}

/** Numbers from 0 to 1 that are the same for the same seed (a linear congruential generator). */
function randomFrom(seed: number): () => number {
  let state = (seed * 2_654_435_761) % 2 ** 32;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
