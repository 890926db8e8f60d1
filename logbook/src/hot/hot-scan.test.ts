import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import type { DiskFile } from '../disk/disk.ts';
import { openLogbook } from '../testing/logbook.ts';
import { scanHotLog } from './hot-scan.ts';

const LF = 10;
const TAIL_BYTES = 64 * 1024;
/** The long tier takes every byte of the tail; the quick one every 499th, from a random start. */
const STEP_BYTES = process.env.SLIPWAY_TEST_LONG === '1' ? 1 : 499;

let text: Buffer;
let index: Buffer;
/** How many lines end before each byte of the text, and before its end. */
let linesBefore: Uint32Array;
let garbage: Buffer;

before(async () => {
  const { logbook, folder } = await openLogbook({ after });
  const writer = await logbook.create('log-1');
  for (let line = 0; line < 600; line += 1) {
    if (line % 50 === 0) writer.stage('DOCKER_IMAGE_BUILD', line);
    await writer.line(`line ${line} "${'€\u001b'.repeat(line % 9)}" ${(line * 7919) % 65_537}`);
    if (line % 17 === 0) await writer.committed();
  }
  await writer.committed();
  const files = join(folder, 'lo', 'log-1');
  text = readFileSync(join(files, 'hot.ndjson'));
  index = readFileSync(join(files, 'hot.idx'));
  linesBefore = new Uint32Array(text.length + 1);
  for (let at = 0; at < text.length; at += 1) linesBefore[at + 1] = (linesBefore[at] ?? 0) + (text[at] === LF ? 1 : 0);
  garbage = Buffer.from(Uint8Array.from({ length: Math.max(text.length, index.length) }, (_, at) => at * 167 + 89));
});

/** How a file changes from a byte on. */
const DAMAGES: Record<string, (bytes: Buffer, at: number) => Buffer> = {
  cut: (bytes, at) => bytes.subarray(0, at),
  'with a flipped bit': (bytes, at) =>
    changed(bytes, (copy) => copy.writeUInt8((bytes[at] ?? 0) ^ (1 << (at % 8)), at)),
  'with zeros to its end': (bytes, at) => changed(bytes, (copy) => copy.fill(0, at)),
  'with garbage to its end': (bytes, at) => changed(bytes, (copy) => garbage.copy(copy, at, at, copy.length)),
};

for (const [name, damage] of Object.entries(DAMAGES)) {
  test(`${name} anywhere in its last 64 KiB, a log is a true prefix of what was written, and lost lines are named`, () => {
    assert.ok(text.length > TAIL_BYTES);
    for (const at of places(text)) checkPrefix(damage(text, at), index, at);
    for (const at of places(index)) checkPrefix(text, damage(index, at), text.length);
  });
}

/** If the text is damaged, the lines before the damage stay, in whole runs; if the index is, all lines stay. */
function checkPrefix(someText: Buffer, someIndex: Buffer, soundBytes: number): void {
  const scanning = scanHotLog(inMemory(someText), inMemory(someIndex));
  let step = scanning.next();
  while (step.done !== true) step = scanning.next();
  const { lineCount, textBytes, damage } = step.value;
  const damagedAt = firstDifference(someText, text, soundBytes);
  const where = `${someText.length} and ${someIndex.length} bytes, text damaged at ${damagedAt}`;
  assert.ok(someText.subarray(0, textBytes).equals(text.subarray(0, textBytes)), where);
  assert.equal(linesBefore[textBytes], lineCount, where);
  if (damagedAt === undefined) {
    assert.equal(textBytes, text.length, where);
    return;
  }
  assert.ok(textBytes <= damagedAt, where);
  // A run has at most 50 lines here.
  assert.ok((linesBefore[damagedAt] ?? Number.NaN) - lineCount <= 50, where);
  const lost = damage.filter(({ reason }) => reason.includes('cut'));
  assert.deepEqual(
    lost.map(({ firstLine, lastLine }) => [firstLine, lastLine]),
    [[lineCount + 1, linesBefore[text.length]]],
    where,
  );
}

function* places(bytes: Buffer): Generator<number> {
  const first = Math.max(0, bytes.length - TAIL_BYTES);
  const step = Math.max(1, Math.ceil(STEP_BYTES / Math.ceil(TAIL_BYTES / (bytes.length - first))));
  for (let at = first + Math.floor(Math.random() * step); at < bytes.length; at += step) yield at;
}

/** The damage may equal the original: garbage is sometimes right by chance. */
function firstDifference(some: Buffer, all: Buffer, soundBytes: number): number | undefined {
  if (some.equals(all)) return undefined;
  let at = soundBytes;
  while (at < some.length && some[at] === all[at]) at += 1;
  return at;
}

function changed(bytes: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(bytes);
  change(copy);
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
