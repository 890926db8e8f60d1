/*
 * The native API and the console in a process of its own, with a sealed log of ten million lines (or a given number),
 * one of a thousand, one of a thousand lines of 16 KiB, and a running build. Prints its addresses as one line of JSON. At the first line of its standard
 * input, writes 10,000 lines a second to the running build for ten seconds. Ends when its standard input closes.
 */
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startApiUnderTest } from '../../server/src/native/testing/api.ts';
import { corpus } from '../corpus.ts';

const [lineCount = 10_000_000, linesPerSecond = 10_000, seconds = 10] = process.argv.slice(2).map(Number);
const BATCH_MS = 10;
/** A line has at most 16 KiB with its number and stage. */
const WIDE_CHARS = 16_200;
const closing: (() => unknown)[] = [];
const owner = { after: (act: () => unknown) => closing.push(act) } as unknown as TestContext;
const dist = join(import.meta.dirname, '..', '..', 'console', 'dist');
const api = await startApiUnderTest(owner, {}, undefined, dist);
const small = await sealedBuild(corpus(1000));
const large = await sealedBuild(corpus(lineCount));
const wide = await sealedBuild(wideLines(1000));
const running = await api.beginBuild();
await api.means.db
  .updateTable('build_record')
  .set({ status: 'BUILDING' })
  .where('build_record_id', '=', running)
  .execute();
const writer = await api.means.logbook.create(running);
await writer.write(Buffer.from('begin\n'));
await writer.committed();
say({ endpoint: api.endpoint, pair: api.pair, small, large, wide, running });

process.stdin.once('data', () => void write());
process.stdin.once('end', () => void stop());

async function sealedBuild(chunks: Iterable<Buffer>): Promise<string> {
  const id = await api.beginBuild();
  const log = await api.means.logbook.create(id);
  for (const chunk of chunks) await log.write(chunk);
  await log.committed();
  await log.seal({ verdict: 'complete' });
  await api.endBuild(id);
  return id;
}

/** Lines that fill the limit of a line, half of them without a space. */
function* wideLines(count: number): Generator<Buffer> {
  for (let line = 0; line < count; line++)
    yield Buffer.from(`${line} ${(line % 2 ? 'word and ' : 'x'.repeat(9)).repeat(WIDE_CHARS / 9)}\n`);
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
