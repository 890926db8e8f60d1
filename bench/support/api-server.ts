/*
 * The native API in a process of its own, with one running build. Prints its address as one line of JSON. Then writes a
 * batch of lines for every line of its standard input, each with the time of writing. Ends when its standard input
 * closes.
 */

import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApiUnderTest } from '../../server/src/native/testing/api.ts';

const [backlogLines = 0, rounds = 0, batchLines = 0, pauseMs = 0, stallMs = 60_000] = process.argv.slice(2).map(Number);
const closing: (() => unknown)[] = [];
const owner = { after: (act: () => unknown) => closing.push(act) } as unknown as TestContext;
const api = await startApiUnderTest(owner, { stallMs });
const id = await api.beginBuild();
const writer = await api.means.logbook.create(id);
for (let line = 0; line < backlogLines; line += 1000) await writer.write(batch(1000));
await writer.committed();
say({ endpoint: api.endpoint, authorization: api.authorization, id, rssBytes: process.memoryUsage().rss });

process.stdin.once('data', () => void run());
process.stdin.once('end', () => void stop());

async function run(): Promise<void> {
  let peakBytes = 0;
  for (let round = 0; round < rounds; round += 1) {
    await writer.write(batch(batchLines));
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
    await sleep(pauseMs);
  }
  await writer.committed();
  say({ followers: api.followers.count, dropped: api.followers.dropped, peakBytes });
  await api.endBuild(id);
  await writer.seal({ verdict: 'complete' });
}

async function stop(): Promise<void> {
  for (const act of closing) await act();
  process.exit(0);
}

function batch(count: number): Buffer {
  const line = `${performance.timeOrigin + performance.now()} `.padEnd(120, '.');
  return Buffer.from(`${line}\n`.repeat(count));
}

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
