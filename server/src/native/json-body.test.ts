import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '#rpc/errors/api-error.ts';
import { readJsonObject } from './json-body.ts';

const read = (value: unknown, limits?: Record<string, number>) =>
  readJsonObject(Buffer.from(JSON.stringify(value)), limits);

test('limits each text of a body, at any depth and under any name, and names its path in the refusal', () => {
  const long = 'x'.repeat(4097);
  for (const [value, place] of [
    [{ Name: long }, 'Name'],
    [{ List: ['a', long] }, 'List\\[1\\]'],
    [{ Source: { Url: long } }, 'Source.Url'],
    [{ [long]: 1 }, 'x{100}'],
    [{ A: { [long]: 1 } }, 'A.x{100}'],
  ] as const)
    assert.throws(
      () => read(value),
      (error) =>
        error instanceof ApiError && new RegExp(`"${place}" .*longer than 4096 characters`).test(error.message),
    );
  assert.throws(() => read(JSON.parse(`{"a":${'['.repeat(500)}${']'.repeat(500)}}`)), /nested deeper than 16/);
});

test('accepts a longer text in a field that is known to take more', () => {
  const value = { Key: 'x'.repeat(5000), Deep: { Key: 'x'.repeat(5000) } };
  assert.deepEqual(read({ Key: value.Key }, { Key: 5000 }), { Key: value.Key });
  assert.throws(() => read({ Key: value.Key }, { Key: 4999 }), /"Key" .*longer than 4999/);
  assert.throws(() => read(value, { Key: 5000 }), /"Deep.Key"/);
});

test('a call without a body gives no field, and text that is no JSON is refused without showing it', () => {
  assert.deepEqual([readJsonObject(undefined), readJsonObject(Buffer.alloc(0))], [{}, {}]);
  for (const text of ['secret', '[]', '"secret"', ' '])
    assert.throws(
      () => readJsonObject(Buffer.from(text)),
      (error) => error instanceof ApiError && error.status === 400 && !error.message.includes('secret'),
    );
});
