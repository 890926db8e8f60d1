import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32 } from 'node:zlib';
import { nodeDisk } from '../disk/disk.ts';
import { fastFolder } from '../testing/logbook.ts';
import { type Block, decodeBlocks, encodeBlocks } from './block-table.ts';
import {
  decodeFileHeader,
  decodeRecord,
  encodeFileHeader,
  encodeRecord,
  HOT_MAGIC,
  MUST_UNDERSTAND,
  SEALED_MAGIC,
} from './record.ts';
import { type ReadRecord, readRecords } from './record-reader.ts';
import { decodeRun, encodeRun, type Run } from './run.ts';
import { decodeRuns, encodeRuns } from './run-table.ts';

const BEYOND_4_GIB = 2 ** 40 + 123;

const RUN: Run = {
  firstLine: 2 ** 33 + 1,
  lineCount: 128,
  offsetBytes: BEYOND_4_GIB,
  lengthBytes: 65_536,
  crc: 0xdeadbeef,
  timeMs: 1_795_000_000_123,
  stage: 'DOCKER_IMAGE_BUILD',
  step: 70_000,
  attempt: 2,
  flags: 1,
};

test('runs and blocks keep numbers above 4 GiB', () => {
  const record = decodeRecord(encodeRun(RUN), 0);
  assert.deepEqual(record && decodeRun(record.payload), RUN);
  const block: Block = {
    firstLine: 2 ** 33 + 1,
    lineCount: 500,
    textOffsetBytes: BEYOND_4_GIB,
    textBytes: 65_000,
    crc: 0xfeedface,
    gzipOffsetBytes: 2 ** 37 + 5,
    gzipBytes: 9000,
  };
  const blocks = decodeRecord(encodeBlocks([block, block]), 0);
  assert.deepEqual(blocks && decodeBlocks(blocks.payload), [block, block]);
});

test('the table of runs returns each run unchanged, even with several stages', () => {
  const rows = [0, 1, 2].map((at) => {
    const { stage, step, attempt, timeMs, lineCount, firstLine } = RUN;
    return {
      firstLine: firstLine + at * lineCount,
      lineCount,
      timeMs: timeMs + at,
      stage: `${stage}${at % 2}é`,
      step,
      attempt,
      flags: at,
    };
  });
  const record = decodeRecord(encodeRuns(rows), 0);
  assert.deepEqual(record && decodeRuns(record.payload), rows);
});

test('skips a record of an unknown type, unless it must be understood', (context) => {
  const run = encodeRun(RUN);
  const unknown = encodeRecord(0x1234, Buffer.from('of a later version'));
  const found = read(context, [unknown, run, unknown, run]);
  assert.deepEqual(
    found.map((record) => 'type' in record && record.type),
    [1, 1],
  );
  const needed = encodeRecord(0x1234, Buffer.from('of a later version'), MUST_UNDERSTAND);
  assert.throws(() => read(context, [run, needed]), /record type 4660 must be understood/);
});

test('ignores what a later version adds to the end of a record or a header', (context) => {
  const run = decodeRecord(encodeRun(RUN), 0);
  assert.ok(run);
  const longer = encodeRecord(1, Buffer.concat([run.payload, Buffer.from('more')]));
  const [found] = read(context, [longer]);
  assert.ok(found && 'type' in found);
  assert.deepEqual(decodeRun(found.payload), RUN);
});

test('finds the next whole record after a damaged one', (context) => {
  const run = encodeRun(RUN);
  for (let at = 0; at < run.length; at += 1) {
    const damaged = Buffer.from(run);
    damaged[at] = (run[at] ?? 0) ^ 0xff;
    const found = read(context, [run, damaged, run]);
    assert.deepEqual(
      found.map((record) => ('type' in record ? 'record' : record.damagedBytes)),
      ['record', run.length, 'record'],
      `flipped at ${at}`,
    );
  }
});

test('refuses a file of a later major version or of another kind', () => {
  const header = encodeFileHeader(HOT_MAGIC, 0);
  assert.equal(decodeFileHeader(header, HOT_MAGIC), 32);
  assert.throws(() => decodeFileHeader(header, SEALED_MAGIC), /not a SWLOGIDX file/);
  const later = encodeRecord(1, Buffer.alloc(20)).subarray(0, 32);
  header.copy(later, 0, 0, 28);
  later.writeUInt16LE(2, 8);
  later.writeUInt32LE(crc32(later.subarray(0, 28)), 28);
  assert.throws(() => decodeFileHeader(later, HOT_MAGIC), /log format 2 is newer/);
});

function read(context: TestContext, records: readonly Buffer[]): ReadRecord[] {
  const path = join(fastFolder(context), 'some.idx');
  writeFileSync(path, Buffer.concat([encodeFileHeader(HOT_MAGIC, 0), ...records]));
  const file = nodeDisk.open(path, 'read');
  try {
    return [...readRecords(file, HOT_MAGIC)];
  } finally {
    file.close();
  }
}
