import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';

import { testJournal } from '../hot/journal.contract.ts';
import type { Journal, Logbook, Seal } from '../logbook.ts';
import { logOf, messagesOf, openLogbook, pageOf, runsOf } from './logbook.ts';
import { MemoryJournal, type MemoryStore } from './memory-journal.ts';

testJournal('in memory', () => {
  const store: MemoryStore = new Map();
  return () => new MemoryJournal(store);
});

test('with another journal, a log is written, read, followed, taken over and sealed as with the local one', async (t) => {
  const store: MemoryStore = new Map();
  const local = await lifeOf(t, undefined);
  const other = await lifeOf(t, new MemoryJournal(store));
  assert.deepEqual(other, local);
  assert.equal(local.seal.lineCount, 2001);
  // Once a log is sealed, the journal has nothing of it.
  assert.equal(store.size, 0);
});

/** Everything visible of a log's life. */
async function lifeOf(t: TestContext, journal: Journal | undefined): Promise<{ seen: unknown[]; seal: Seal }> {
  const { logbook } = await openLogbook(t, { clock: () => 1_795_000_000_000, ...(journal && { journal }) });
  const first = await logbook.create('log-1', 1);
  await write(first, 0, 1000);
  const seen: unknown[] = [await page(logbook), await logbook.lines('log-1', 990, 5)];
  await first.release();
  assert.deepEqual(await logbook.unsealed(), ['log-1']);
  const second = await logbook.resume('log-1', 2);
  const following = followed(logbook);
  second.stage('DOCKER_IMAGE_PUSH', 3);
  await write(second, 1000, 2000);
  await second.line('the last one');
  await second.committed();
  const running = await messagesOf(logbook, 'log-1');
  seen.push(await page(logbook), await runsOf(await logOf(logbook, 'log-1')), second.recovery);
  const seal = await second.seal({ verdict: 'complete' });
  assert.deepEqual(await messagesOf(logbook, 'log-1'), running);
  assert.deepEqual(await following, running);
  seen.push(await page(logbook), await followed(logbook), (await logbook.verify('log-1'))?.damage);
  await logbook.close();
  return { seen, seal };
}

async function write(writer: Awaited<ReturnType<Logbook['create']>>, from: number, to: number): Promise<void> {
  for (let line = from; line < to; line += 1) await writer.line(`line ${line} ${'.'.repeat(line % 200)}`);
  await writer.committed();
}

async function page(logbook: Logbook): Promise<string> {
  return (await pageOf(logbook, 'log-1', 950)).latin1;
}

async function followed(logbook: Logbook): Promise<string[]> {
  const parts: string[] = [];
  for await (const { bytes } of logbook.follow('log-1', 1)) parts.push(bytes.toString());
  const lines = JSON.parse(`[${parts.filter((part) => part !== '').join(',')}]`) as { Message: string }[];
  return lines.map((line) => line.Message);
}
