import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';

import type { DiskFile } from './disk.ts';
import { scanHotLog } from './hot-scan.ts';
import { openLogbook } from './logbook-under-test.ts';

const TAIL_BYTES = 64 * 1024;
/** The long tier takes every 31st byte of the tail, from a place that differs each time; the quick one every 499th. */
const STEP_BYTES = process.env.SLIPWAY_TEST_LONG === '1' ? 31 : 499;

let text: Buffer;
let index: Buffer;

before(async (context) => {
  const { logbook, folder } = await openLogbook(context as never);
  const writer = await logbook.create('log-1');
  for (let line = 0; line < 1200; line += 1) {
    if (line % 50 === 0) writer.stage('DOCKER_IMAGE_BUILD', line);
    await writer.line(`line ${line} "${'€\u001b'.repeat(line % 9)}" ${(line * 7919) % 65_537}`);
    if (line % 17 === 0) await writer.committed();
  }
  await writer.committed();
  const files = join(folder, 'lo', 'log-1');
  text = readFileSync(join(files, 'hot.ndjson'));
  index = readFileSync(join(files, 'hot.idx'));
});

/** What becomes of a file from a byte on. */
const DAMAGES: Record<string, (bytes: Buffer, at: number) => Buffer> = {
  cut: (bytes, at) => bytes.subarray(0, at),
  'with a flipped bit': (bytes, at) => changed(bytes, at, at + 1, (byte) => byte ^ (1 << (at % 8))),
  'with zeros to its end': (bytes, at) => changed(bytes, at, bytes.length, () => 0),
  'with garbage to its end': (bytes, at) => changed(bytes, at, bytes.length, (_, where) => (where * 167 + 89) % 256),
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  test(`${name} anywhere in its last 64 KiB, a log is a true prefix of what was written, and what is lost is named`, () => {
    assert.ok(text.length > TAIL_BYTES);
    for (const at of places(text)) checkPrefix(damage(text, at), index);
    for (const at of places(index)) checkPrefix(text, damage(index, at));
  });
}

/** Of a damaged text the lines before the damage stay, whole runs of them; of a damaged index all lines. */
function checkPrefix(someText: Buffer, someIndex: Buffer): void {
  const scanning = scanHotLog(inMemory(someText), inMemory(someIndex));
  let step = scanning.next();
  while (step.done !== true) step = scanning.next();
  const { lineCount, textBytes, damage } = step.value;
  const damagedAt = firstDifference(someText, text);
  const where = `${someText.length} and ${someIndex.length} bytes, text damaged at ${damagedAt}`;
  assert.ok(someText.subarray(0, textBytes).equals(text.subarray(0, textBytes)), where);
  assert.equal(linesIn(text, textBytes), lineCount, where);
  if (damagedAt === undefined) {
    assert.equal(textBytes, text.length, where);
    return;
  }
  assert.ok(textBytes <= damagedAt, where);
  // A run is at most 50 lines here.
  assert.ok(linesIn(text, damagedAt) - lineCount <= 50, where);
  const lost = damage.filter(({ reason }) => reason.includes('cut'));
  assert.deepEqual(
    lost.map(({ firstLine, lastLine }) => [firstLine, lastLine]),
    [[lineCount + 1, linesIn(text, text.length)]],
    where,
  );
}

function* places(bytes: Buffer): Generator<number> {
  const first = Math.max(0, bytes.length - TAIL_BYTES);
  const step = Math.max(1, Math.ceil(STEP_BYTES / Math.ceil(TAIL_BYTES / (bytes.length - first))));
  for (let at = first + Math.floor(Math.random() * step); at < bytes.length; at += step) yield at;
}

/** What was damaged may have been as it is: garbage too is right at times. */
function firstDifference(some: Buffer, all: Buffer): number | undefined {
  if (some.equals(all)) return undefined;
  let at = 0;
  while (at < some.length && some[at] === all[at]) at += 1;
  return at;
}

function linesIn(bytes: Buffer, endBytes: number): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1 && at < endBytes; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

function changed(bytes: Buffer, from: number, to: number, change: (byte: number, at: number) => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = from; at < to; at += 1) copy[at] = change(bytes[at] ?? 0, at);
  return copy;
}

function inMemory(bytes: Buffer): DiskFile {
  const refuse = async (): Promise<never> => assert.fail('a scan changes nothing');
  return {
    read: (target, position) => bytes.copy(target, 0, position, position + target.length),
    sizeBytes: () => bytes.length,
    write: refuse,
    sync: refuse,
    close: () => undefined,
  };
}
