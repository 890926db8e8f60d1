/*
 * The cost of a log's size: pages of ten million lines compared with those of one million, running and sealed; a page
 * found by reading a gzip file from its start; the time of a seal after the last line; and what sealing costs the
 * appends of other builds. `node bench/logbook-large.ts`; needs some 3 GB of disk.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Logbook, type LogWriter } from '../logbook/src/logbook.ts';
import { corpus } from './corpus.ts';
import { pageFromStart } from './peers/files.ts';
import { fillLog, inBenchFolder, logFile, logOf } from './support/bench-folder.ts';
import { Figures, median, percentile, shown, timed } from './support/figures.ts';
import { type Candidate, measure, randomOffset, type Spent, spentText } from './support/rounds.ts';

const LARGE = 10_000_000;
const MIDDLE = 1_000_000;
const SMALL = 10_000;
const ROUNDS = 7;
const PAGES = 400;
const SMALL_SEALS = 7;
const APPEND_ROUNDS = 5;
const APPENDS = 400;
const APPEND_LINES = 100;
const APPEND_PAUSE_MS = 4;
const SEALS_PER_ROUND = 6;
const SEAL_PAUSE_MS = 200;
const MEBIBYTE = 1024 * 1024;

const figures = new Figures('Logs of ten million lines');
await inBenchFolder(async (folder) => {
  const logs = join(folder, 'logs');
  // A cache of size zero still holds the block used last; random pages rarely hit it.
  const logbook = await Logbook.open({ folder: logs, blockCacheBytes: 0 });
  try {
    await run(logbook, logs);
  } finally {
    await logbook.close();
  }
});
figures.print();

async function run(logbook: Logbook, logs: string): Promise<void> {
  const middle = await fillLog(logbook, 'middle', MIDDLE);
  const rss = process.memoryUsage().rss;
  const { wallMs, cpuMs, result: large } = await timed(() => fillLog(logbook, 'large', LARGE));
  const rate = LARGE / (wallMs / 1000);
  figures.report(
    'appended, one build, compressed meanwhile, lines/s',
    rate,
    `cpu ${shown((cpuMs * 1000) / LARGE)} us a line`,
  );
  const grownMiB = (process.memoryUsage().rss - rss) / MEBIBYTE;
  figures.atMost('resident memory, MiB', process.memoryUsage().rss / MEBIBYTE, 300, `grown by ${shown(grownMiB)} MiB`);

  const pages = [await pagesOf(logbook, 'middle', MIDDLE), await pagesOf(logbook, 'large', LARGE)];
  const running = await measure(pages, ROUNDS);
  flat('running', running('middle'), running('large'));

  const smallMs: number[] = [];
  for (let seal = 0; seal < SMALL_SEALS; seal += 1) {
    smallMs.push(await sealMs(await fillLog(logbook, `small-${seal}`, SMALL)));
  }
  // So that both are sealed right after their last line.
  for (const chunk of corpus(SMALL, 2)) await large.write(chunk);
  await large.committed();
  const largeMs = await sealMs(large);
  const times = `${shown(largeMs)} ms, and ${shown(median(smallMs))} ms of 10,000`;
  figures.atMost('seal of 10M lines, times that of 10,000', largeMs / median(smallMs), 1.5, times);
  await middle.seal({ verdict: 'complete' });
  await sealingBesideAppends(logbook);

  const archive = logFile(logs, 'large', 'log.ndjson.gz');
  const fromStart: Candidate = {
    name: 'gzip from the start',
    acts: 1,
    act: (index) => pageFromStart(archive, randomOffset(index, LARGE)),
  };
  const sealed = await measure([...pages, fromStart], ROUNDS);
  flat('sealed, cold', sealed('middle'), sealed('large'));
  const slow = sealed('gzip from the start');
  const gain = slow.p50Us / sealed('large').p50Us;
  figures.atLeast('sealed, cold: gzip from the start takes times as long', gain, 10_000, spentText(slow));
}

async function pagesOf(logbook: Logbook, logId: string, lineCount: number): Promise<Candidate> {
  const log = await logOf(logbook, logId);
  return { name: logId, acts: PAGES, act: (index) => log.page(randomOffset(index, lineCount)) };
}

function flat(form: string, middle: Spent, large: Spent): void {
  figures.atMost(`${form}: page of 10M, times that of 1M`, large.p50Us / middle.p50Us, 1.15, spentText(large));
}

async function sealMs(writer: LogWriter): Promise<number> {
  return (await timed(() => writer.seal({ verdict: 'complete' }))).wallMs;
}

/**
 * Appends of another build: while logs that just got their last line are sealed one after the other, and without
 * sealing.
 */
async function sealingBesideAppends(logbook: Logbook): Promise<void> {
  const other = await logbook.create('other');
  const p99s: Record<'with' | 'without', number[]> = { with: [], without: [] };
  for (let round = 0; round <= APPEND_ROUNDS; round += 1) {
    const writers: LogWriter[] = [];
    for (let log = 0; log < SEALS_PER_ROUND; log += 1) {
      writers.push(await fillLog(logbook, `sealed-${round}-${log}`, SMALL));
    }
    const without = await appendP99Ms(other);
    const sealing = sealAll(writers);
    const beside = await appendP99Ms(other);
    await sealing;
    // The first round warms up.
    if (round === 0) continue;
    p99s.without.push(without);
    p99s.with.push(beside);
  }
  const [beside, without] = [median(p99s.with), median(p99s.without)];
  const times = `p99 ${shown(beside)} ms and ${shown(without)} ms`;
  figures.atMost('other builds’ appends while sealing, times those without', beside / without, 1.5, times);
  await other.release();
}

async function sealAll(writers: readonly LogWriter[]): Promise<void> {
  for (const writer of writers) {
    await writer.seal({ verdict: 'complete' });
    await sleep(SEAL_PAUSE_MS);
  }
}

async function appendP99Ms(writer: LogWriter): Promise<number> {
  const [chunk = Buffer.alloc(0)] = corpus(APPEND_LINES);
  const timesMs: number[] = [];
  for (let append = 0; append < APPENDS; append += 1) {
    const start = performance.now();
    await writer.write(chunk);
    await writer.committed();
    timesMs.push(performance.now() - start);
    await sleep(APPEND_PAUSE_MS);
  }
  return percentile(timesMs, 99);
}
