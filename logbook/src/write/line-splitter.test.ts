import assert from 'node:assert/strict';
import { test } from 'node:test';

import fc from 'fast-check';

import { LineSplitter } from './line-splitter.ts';

type Piece = [message: string, continued: boolean];

const LIMIT_BYTES = 64;

test('a line ends at LF or CRLF, and a lone CR ends none', () => {
  assert.deepEqual(split([Buffer.from('a\nb\r\nc\rd\n\r\r\ne')]), [
    ['a', false],
    ['b', false],
    ['c\rd', false],
    ['\r', false],
    ['e', true],
  ]);
});

test('passes all 256 byte values, those that are not UTF-8 as U+FFFD', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  const [first, second, ...others] = split([bytes, Buffer.from('\n')], 10_000);
  assert.deepEqual(first, [String.fromCharCode(...Array.from({ length: 10 }, (_, code) => code)), false]);
  const ascii = Array.from({ length: 117 }, (_, code) => String.fromCharCode(code + 11)).join('');
  assert.deepEqual(second, [ascii + '\ufffd'.repeat(128), false]);
  assert.deepEqual(others, []);
});

test('a line that just fits is not cut, and one more byte cuts it', () => {
  assert.deepEqual(split([Buffer.from(`${'x'.repeat(LIMIT_BYTES)}\n`)]), [['x'.repeat(LIMIT_BYTES), false]]);
  assert.deepEqual(split([Buffer.from(`${'x'.repeat(LIMIT_BYTES + 1)}\n`)]), [
    ['x'.repeat(LIMIT_BYTES), true],
    ['x', false],
  ]);
});

test('the limit applies to the JSON of the bytes, and characters stay whole', () => {
  const escapes = split([Buffer.from(`${'\x1b'.repeat(11)}\n`)]);
  assert.deepEqual(escapes, [
    ['\x1b'.repeat(10), true],
    ['\x1b', false],
  ]);
  assert.deepEqual(split([Buffer.from(`${'😀'.repeat(17)}\n`)]), [
    ['😀'.repeat(16), true],
    ['😀', false],
  ]);
});

test('returns the same lines however the bytes are cut into chunks, none over the limit and nothing lost', () => {
  const byte = fc.oneof(fc.constantFrom(10, 13, 27, 34, 92, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80), fc.nat(255));
  const bytes = fc.array(byte, { maxLength: 600 }).map((values) => Buffer.from(values));
  fc.assert(
    fc.property(bytes, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (input, sizes) => {
      const whole = split([input]);
      assert.deepEqual(split(chunks(input, sizes)), whole);
      assert.deepEqual(split(chunks(input, [1])), whole);
      assert.equal(joined(whole), input.toString('utf8').replaceAll('\r\n', '\n'));
      for (const [message] of whole) assert.ok(Buffer.byteLength(JSON.stringify(message)) - 2 <= LIMIT_BYTES);
    }),
    { numRuns: 300 },
  );
});

test('at a pause, passes on what is complete and keeps what may be half a character or half a CRLF', () => {
  const pieces: Piece[] = [];
  const take = (message: string, continued: boolean): void => void pieces.push([message, continued]);
  const splitter = new LineSplitter();
  splitter.push(Buffer.from([0x61, 0xe2, 0x82]), LIMIT_BYTES, take);
  splitter.flush(false, LIMIT_BYTES, take);
  assert.equal(splitter.hasPending, false);
  splitter.push(Buffer.from([0xac, 0x0d]), LIMIT_BYTES, take);
  splitter.flush(false, LIMIT_BYTES, take);
  splitter.push(Buffer.from([0x0a]), LIMIT_BYTES, take);
  assert.deepEqual(pieces, [
    ['a', true],
    ['€', true],
    ['', false],
  ]);
});

function split(input: readonly Buffer[], limitBytes = LIMIT_BYTES): Piece[] {
  const pieces: Piece[] = [];
  const take = (message: string, continued: boolean): void => void pieces.push([message, continued]);
  const splitter = new LineSplitter();
  for (const chunk of input) splitter.push(chunk, limitBytes, take);
  splitter.flush(true, limitBytes, take);
  return pieces;
}

function chunks(input: Buffer, sizes: readonly number[]): Buffer[] {
  const result: Buffer[] = [];
  for (let at = 0, turn = 0; at < input.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    // A copy, since a caller may reuse its buffer once a chunk was accepted.
    result.push(Buffer.from(input.subarray(at, at + size)));
    at += size;
  }
  return result;
}

function joined(pieces: readonly Piece[]): string {
  return pieces.map(([message, continued]) => (continued ? message : `${message}\n`)).join('');
}
