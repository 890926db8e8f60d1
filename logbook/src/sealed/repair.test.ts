import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Logbook, type LogLine, type Seal } from '../logbook.ts';
import { fastFolder, messagesOf, missingProgram } from '../testing/logbook.ts';

const READER = fileURLToPath(new URL('../../../examples/read-log/read_log.py', import.meta.url));
const COMPLETE = { verdict: 'complete' } as const;

test('rebuilds a damaged or lost index of a sealed log from its archive: the same lines, with unknown facts named', {
  skip: missingProgram('python3'),
}, async (context) => {
  const { folder, files, lines, seal } = await sealedLog(context);
  const index = join(files, 'log.idx');
  const sound = readFileSync(index);
  const step = Math.ceil(sound.length / 6);
  const damages = Array.from({ length: 6 }, (_, turn) => flipped(sound, turn * step));
  const lost = [...damages, sound.subarray(0, 40), Buffer.alloc(0), undefined, flipped(sound, sound.length - 20)];
  let timesLost = 0;
  for (const bytes of lost) {
    if (bytes === undefined) rmSync(index);
    else writeFileSync(index, bytes);
    await using opened = await open(folder);
    const { logbook } = opened;
    assert.deepEqual(await logbook.unsealed(), []);
    await assert.rejects(logbook.reach('log-1'), /open log log-1/);
    assert.ok(((await logbook.verify('log-1'))?.damage.length ?? 0) > 0);
    const fixed = await logbook.repair('log-1', COMPLETE);
    assert.ok(fixed);
    assert.deepEqual((await logbook.verify('log-1'))?.damage, []);
    const unknown = new Set(fixed.ranges.flatMap(({ firstLine, lastLine }) => numbers(firstLine, lastLine)));
    timesLost += unknown.size;
    const expected = lines.map((line) => (unknown.has(line.lineNumber) ? withoutTime(line) : line));
    assert.deepEqual(await logbook.lines('log-1', 0, lines.length), expected);
    assert.equal(fixed.verdict, unknown.size === 0 && fixed.reason === undefined ? 'complete' : 'partial');
    assert.equal(fixed.sha256, seal.sha256);
    assert.ok(fixed.maskedValues === undefined || fixed.maskedValues === seal.maskedValues);
    assert.equal(await logbook.repair('log-1', COMPLETE), undefined);
  }
  assert.ok(timesLost > 0);
  const python = execFileSync('python3', [READER, files], { maxBuffer: 1e8, encoding: 'utf8' });
  assert.equal(python.split('\n').length - 1, lines.length);
});

test('leaves a damaged archive unchanged, whether the index is damaged or not, and invents no line', async (context) => {
  const { folder, files, lines } = await sealedLog(context);
  const archive = join(files, 'log.ndjson.gz');
  const sound = readFileSync(archive);
  writeFileSync(archive, flipped(sound, sound.length >> 1));
  for (const index of [readFileSync(join(files, 'log.idx')), Buffer.alloc(0)]) {
    writeFileSync(join(files, 'log.idx'), index);
    await using opened = await open(folder);
    assert.equal(await opened.logbook.repair('log-1', COMPLETE), undefined);
    assert.ok(((await opened.logbook.verify('log-1'))?.damage.length ?? 0) > 0);
    assert.deepEqual(readFileSync(join(files, 'log.idx')), index);
  }
  assert.ok(lines.length > 0);
});

test('seals a log damaged while it was written up to the damage, names what is lost, and keeps what was cut', async (context) => {
  const folder = fastFolder(context);
  await using opened = await open(folder);
  const { logbook } = opened;
  const writer = await logbook.create('log-1');
  for (let batch = 0; batch < 20; batch += 1) {
    await writer.line(`batch ${batch}`);
    await writer.committed();
  }
  const files = join(folder, 'lo', 'log-1');
  const text = readFileSync(join(files, 'hot.ndjson'));
  const cutBytes = text.indexOf('{"LineNumber":11,');
  const index = readFileSync(join(files, 'hot.idx'));
  writeFileSync(join(files, 'hot.ndjson'), flipped(text, cutBytes + 30));
  assert.deepEqual(
    (await logbook.verify('log-1'))?.damage.map(({ firstLine, lastLine }) => [firstLine, lastLine]),
    [[11, 20]],
  );
  await assert.rejects(writer.seal(COMPLETE), /seal log log-1/);
  const seal = await logbook.repair('log-1', COMPLETE);
  assert.equal(seal?.verdict, 'partial');
  assert.deepEqual(seal.ranges, [{ firstLine: 11, lastLine: 20, reason: 'torn or damaged on disk, cut' }]);
  assert.deepEqual(
    await messagesOf(logbook, 'log-1'),
    Array.from({ length: 10 }, (_, batch) => `batch ${batch}`),
  );
  await logbook.close();
  assert.deepEqual(readdirSync(files), ['cut-11.idx', 'cut-11.ndjson', 'log.idx', 'log.ndjson.gz']);
  assert.deepEqual(readFileSync(join(files, 'cut-11.ndjson')), flipped(text, cutBytes + 30).subarray(cutBytes));
  assert.deepEqual(readFileSync(join(files, 'cut-11.idx')), index);
  await using again = await open(folder);
  assert.deepEqual(await again.logbook.unsealed(), []);
  assert.equal((await again.logbook.reach('log-1'))?.sealed, true);
  await again.logbook.remove('log-1');
  assert.deepEqual(readdirSync(join(folder, 'lo')), []);
});

test('remembers a recovery that no seal followed: the next one names the same lines', async (context) => {
  const folder = fastFolder(context);
  await using first = await open(folder);
  const writer = await first.logbook.create('log-1');
  for (let line = 1; line <= 5; line += 1) {
    await writer.line(`line ${line}`);
    await writer.committed();
  }
  await first.logbook.close();
  const path = join(folder, 'lo', 'log-1', 'hot.ndjson');
  const text = readFileSync(path);
  writeFileSync(path, flipped(text, text.indexOf('line 4')));
  await using second = await open(folder);
  const damage = (await second.logbook.resume('log-1')).recovery?.damage;
  assert.deepEqual(damage, [{ firstLine: 4, lastLine: 5, reason: 'torn or damaged on disk, cut' }]);
  await second.logbook.close();
  await using third = await open(folder);
  const again = await third.logbook.resume('log-1');
  await again.line('the server ended');
  const seal = await again.seal(COMPLETE);
  assert.equal(seal.verdict, 'partial');
  assert.deepEqual(seal.ranges, damage);
});

test('a repair seals a log that its build left unsealed, completely', async (context) => {
  await using opened = await open(fastFolder(context));
  const { logbook } = opened;
  const writer = await logbook.create('log-1');
  await writer.line('only');
  await writer.release();
  assert.equal((await logbook.repair('log-1', COMPLETE))?.verdict, 'complete');
  assert.deepEqual(await messagesOf(logbook, 'log-1'), ['only']);
  assert.equal(await logbook.repair('log-2', COMPLETE), undefined);
});

async function open(folder: string): Promise<{ logbook: Logbook } & AsyncDisposable> {
  const logbook = await Logbook.open({ folder });
  return { logbook, [Symbol.asyncDispose]: () => logbook.close() };
}

interface Sealed {
  folder: string;
  files: string;
  lines: LogLine[];
  seal: Seal;
}

/** Several blocks, and several records of runs. */
async function sealedLog(context: TestContext): Promise<Sealed> {
  const folder = fastFolder(context);
  let nowMs = 1_700_000_000_000;
  const logbook = await Logbook.open({ folder, clock: () => nowMs });
  const writer = await logbook.create('log-1');
  for (let step = 0; step < 2200; step += 1) {
    nowMs += 1000;
    writer.stage(step % 700 === 0 ? 'DOCKER_IMAGE_PUSH' : 'DOCKER_IMAGE_BUILD', step);
    await writer.write(Buffer.from(`step ${step} ${(step * 7919) % 65_537}\n${'.'.repeat(step % 90)}\n`));
  }
  await writer.write(Buffer.from('long '.repeat(20_000)));
  writer.masked(3);
  const seal = await writer.seal(COMPLETE);
  const lines = await logbook.lines('log-1', 0, seal.lineCount);
  await logbook.close();
  return { folder, files: join(folder, 'lo', 'log-1'), lines, seal };
}

function withoutTime({ lineNumber, message, stage }: LogLine): LogLine {
  return { lineNumber, message, stage, step: 0, attempt: 0, timeMs: undefined, continued: false };
}

function numbers(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0x10;
  return copy;
}
