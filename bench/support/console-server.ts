/*
 * The native API and the console in a process of its own, with a sealed log of ten million lines (or a given number),
 * one of a thousand, and a running build. Prints its addresses as one line of JSON. At the first line of its standard
 * input, writes 10,000 lines a second to the running build for ten seconds. Ends when its standard input closes.
 */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApiUnderTest } from '../../server/src/native/testing/api.ts';
import { corpus } from '../corpus.ts';

const [lineCount = 10_000_000, linesPerSecond = 10_000, seconds = 10] = process.argv.slice(2).map(Number);
const BATCH_MS = 10;
const closing: (() => unknown)[] = [];
const owner = { after: (act: () => unknown) => closing.push(act) } as unknown as TestContext;
const dist = join(import.meta.dirname, '..', '..', 'console', 'dist');
const api = await startApiUnderTest(owner, {}, undefined, dist);
const small = await sealedBuild(1000);
const large = await sealedBuild(lineCount);
const running = await api.beginBuild();
await api.means.db
  .updateTable('build_record')
  .set({ status: 'BUILDING' })
  .where('build_record_id', '=', running)
  .execute();
const writer = await api.means.logbook.create(running);
await writer.write(Buffer.from('begin\n'));
await writer.committed();
say({ endpoint: api.endpoint, pair: api.pair, small, large, running });

process.stdin.once('data', () => void write());
process.stdin.once('end', () => void stop());

async function sealedBuild(count: number): Promise<string> {
  const id = await api.beginBuild();
  const log = await api.means.logbook.create(id);
  for (const chunk of corpus(count)) await log.write(chunk);
  await log.committed();
  await log.seal({ verdict: 'complete' });
  await api.endBuild(id);
  return id;
}

/** Every ten milliseconds, writes the lines that are due. */
async function write(): Promise<void> {
  const startMs = performance.now();
  let written = 0;
  while (written < linesPerSecond * seconds) {
    const due = Math.min(linesPerSecond * seconds, Math.floor(((performance.now() - startMs) * linesPerSecond) / 1000));
    if (due > written)
      await writer.write(Buffer.from(`compiling src/part-${due}.c with -O2 -Wall\n`.repeat(due - written)));
    written = due;
    await sleep(BATCH_MS);
  }
  await writer.committed();
  say({ written, tookMs: performance.now() - startMs });
}

async function stop(): Promise<void> {
  await writer.seal({ verdict: 'complete' });
  for (const act of closing) await act();
  process.exit(0);
}

function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
