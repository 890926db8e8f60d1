import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';

import type { Logbook } from './logbook.ts';
import { linesOf, openLogbook, pageOf, textOf } from './testing/logbook.ts';

const LONG = process.env.SLIPWAY_TEST_LONG === '1';
const MEBIBYTE = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
/** The allowed memory growth of the process for any output. It is far less than any of the outputs. */
const GROWTH_LIMIT_BYTES = 220 * MEBIBYTE;
/** The same for ten million empty lines, which take 600 MiB in stored form. */
const FLOOD_GROWTH_LIMIT_BYTES = 300 * MEBIBYTE;
const PAGE_LINES = 500;
const FLOOD_LINES = 10_000;

/** Output that no honest program produces: chunks that are written repeatedly. */
const OUTPUTS: { name: string; chunk: Buffer; times: number }[] = [
  { name: 'no line end at all', chunk: Buffer.alloc(CHUNK_BYTES, 'x'), times: LONG ? 16_384 : 640 },
  { name: 'NUL bytes', chunk: Buffer.alloc(CHUNK_BYTES), times: LONG ? 160 : 16 },
  { name: 'a storm of CR', chunk: Buffer.alloc(CHUNK_BYTES, 'ab\r'), times: LONG ? 640 : 64 },
  {
    name: 'characters cut by every chunk, and bytes that are none',
    chunk: Buffer.concat([Buffer.from('é€😀'), Buffer.from([0xff, 0xc3]), Buffer.from('é')]).subarray(1),
    times: LONG ? 100_000 : 10_000,
  },
];

for (const { name, chunk, times } of OUTPUTS) {
  test(`keeps all output within bounded memory: ${name}`, async (context) => {
    const { logbook } = await openLogbook(context);
    const mostGrownBytes = watchGrowth(context);
    const writer = await logbook.create('log-1');
    for (let written = 0; written < times; written += 1) await writer.write(chunk);
    const { verdict } = await writer.seal({ verdict: 'complete' });
    const grownBytes = mostGrownBytes();
    assert.equal(verdict, 'complete');
    assert.ok(grownBytes < GROWTH_LIMIT_BYTES, `grown by ${grownBytes} bytes`);
    await checkWhole(logbook, chunk, times);
  });
}

test('keeps every line of a flood of empty lines, within bounded memory', async (context: TestContext) => {
  const { logbook } = await openLogbook(context);
  const mostGrownBytes = watchGrowth(context);
  const chunk = Buffer.alloc(FLOOD_LINES, '\n');
  const times = LONG ? 1000 : 20;
  const writer = await logbook.create('log-1');
  for (let written = 0; written < times; written += 1) await writer.write(chunk);
  const { lineCount } = await writer.seal({ verdict: 'complete' });
  const grownBytes = mostGrownBytes();
  assert.equal(lineCount, times * FLOOD_LINES);
  assert.ok(grownBytes < FLOOD_GROWTH_LIMIT_BYTES, `grown by ${grownBytes} bytes`);
  for (let offset = 0; offset < lineCount; offset += FLOOD_LINES) {
    const stored = textOf(await pageOf(logbook, 'log-1', offset, FLOOD_LINES));
    assert.ok(stored === emptyLines(offset + 1, FLOOD_LINES), `differs in the ${FLOOD_LINES} lines after ${offset}`);
  }
});

/** Returns a function that gives the peak memory growth of the process from now on. */
function watchGrowth(context: TestContext): () => number {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 5);
  context.after(() => clearInterval(timer));
  return () => {
    look();
    clearInterval(timer);
    return most - before;
  };
}

/** Empty lines, in the form of a page. */
function emptyLines(first: number, count: number): string {
  const line = (_: unknown, at: number) => `{"LineNumber":${first + at},"Message":"","BuildStage":"GIT_CLONE"}`;
  return Array.from({ length: count }, line).join(',');
}

/** Compares the log with what a decoder makes of the same bytes, a piece at a time. */
async function checkWhole(logbook: Logbook, chunk: Buffer, times: number): Promise<void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const lineCount = (await logbook.reach('log-1'))?.lineCount ?? 0;
  let expected = '';
  let written = 0;
  for (let offset = 0; offset < lineCount; offset += PAGE_LINES) {
    for (const { Message } of linesOf(await pageOf(logbook, 'log-1', offset, PAGE_LINES))) {
      while (expected.length < Message.length && written < times) {
        written += 1;
        expected += decoder.decode(chunk, { stream: written < times });
      }
      assert.ok(expected.startsWith(Message), `differs after ${written} chunks`);
      expected = expected.slice(Message.length);
    }
  }
  assert.equal(written, times);
  assert.equal(expected, '');
}
