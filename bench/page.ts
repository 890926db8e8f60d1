/*
 * The cost of a page of 100 lines from line 1 on and from line 1,000,000 on, in a log of 1.1 million lines, hot and
 * sealed: `node bench/page.ts`. Pages begin at 200 different lines, because each is at a different distance from the
 * index's positions. Rounds of the two places are interleaved, since a machine's speed drifts; the figures are medians
 * of rounds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logbook } from '../logbook/src/logbook.ts';
import { logOf } from './support/bench-folder.ts';

const LINES = 1_100_000;
const LINES_PER_WRITE = 1000;
const PLACES = [0, 1_000_000];
const ROUNDS = 41;
const PAGES_PER_ROUND = 200;
const PAGE_STEP = 37;

const folder = mkdtempSync(join(tmpdir(), 'bench-page-'));
try {
  await run(folder);
} finally {
  rmSync(folder, { recursive: true });
}

async function run(folder: string): Promise<void> {
  // A cache of size zero still holds the block used last: the two places alternate, so that no page finds its block
  // there.
  const logbook = await Logbook.open({ folder, blockCacheBytes: 0 });
  const writer = await logbook.create('bench');
  let start = performance.now();
  for (let line = 0; line < LINES; line += LINES_PER_WRITE) await writer.write(output(line));
  await writer.committed();
  const appendMs = performance.now() - start;
  console.log(
    `${LINES} lines appended and synced in ${(appendMs / 1000).toFixed(1)} s (${cpus()[0]?.model ?? 'unknown cpu'}, Node ${process.version})`,
  );
  report('hot', await measure(logbook));
  start = performance.now();
  const seal = await writer.seal({ verdict: 'complete' });
  console.log(
    `sealed in ${(performance.now() - start).toFixed(0)} ms: ${seal.sizeBytes} bytes in ${seal.archiveBytes}`,
  );
  report('sealed, block not cached', await measure(logbook));
  await logbook.close();
  const cached = await Logbook.open({ folder });
  report('sealed, blocks cached', await measure(cached));
  await cached.close();
}

function output(firstLine: number): Buffer {
  const lines = Array.from({ length: LINES_PER_WRITE }, (_, at) => {
    const number = firstLine + at;
    return `#12 ${(number / 997).toFixed(3)} Unpacking lib${(number * 7919) % 65_537}-dev:amd64 (${number % 13}.${number % 7}) over \x1b[32mok\x1b[0m ...\n`;
  });
  return Buffer.from(lines.join(''));
}

/** Microseconds per page at each place: the median of rounds. */
async function measure(logbook: Logbook): Promise<number[]> {
  const log = await logOf(logbook, 'bench');
  const rounds: number[][] = PLACES.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    const spentMs = PLACES.map(() => 0);
    for (let page = 0; page < PAGES_PER_ROUND; page += 1) {
      for (const [place, offset] of PLACES.entries()) {
        const start = performance.now();
        await log.page(offset + page * PAGE_STEP);
        spentMs[place] = (spentMs[place] ?? 0) + performance.now() - start;
      }
    }
    spentMs.forEach((ms, place) => {
      rounds[place]?.push((ms * 1000) / PAGES_PER_ROUND);
    });
  }
  return rounds.map((values) => values.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0);
}

function report(form: string, [first = 0, far = 0]: number[]): void {
  const ratio = (far / first).toFixed(2);
  console.log(`${form}: line 1 ${first.toFixed(1)} us, line 1,000,000 ${far.toFixed(1)} us, ratio ${ratio}`);
}
