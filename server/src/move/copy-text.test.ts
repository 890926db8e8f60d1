import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copyText, type SqliteValue } from './copy-text.ts';
import { RowSet } from './row-set.ts';

test('a row is written as COPY of PostgreSQL writes it', () => {
  const rows: [row: SqliteValue[], text: string][] = [
    [[1n, -9_007_199_254_740_993n, null, ''], '1\t-9007199254740993\t\\N\t\n'],
    [['\\N', 'a\tb', 'c\nd', '\r\b\f\v'], '\\\\N\ta\\tb\tc\\nd\t\\r\\b\\f\\v\n'],
    [[Uint8Array.of(0, 255, 16), 'ü 🚀'], '\\\\x00ff10\tü 🚀\n'],
  ];
  const replaced = () => assert.fail('nothing has to be replaced');
  for (const [row, text] of rows) assert.equal(copyText(row, { jsonColumn: undefined, replaced }), text);
});

test('only NUL characters are replaced, escaped ones only in a column of JSON, and each is told', () => {
  const columns: number[] = [];
  const row = ['a\0b', '{"a":"\\u0000","b":"\\\\u0000"}', '{"a":"\\u0000"}'];
  const text = copyText(row, { jsonColumn: 1, replaced: (column) => columns.push(column) });
  assert.equal(text, 'a\uFFFDb\t{"a":"\uFFFD","b":"\\\\\\\\u0000"}\t{"a":"\\\\u0000"}\n');
  assert.deepEqual(columns, [0, 1]);
});

test('a set of rows is the same in any order, and another one with a row more, a row less or a row twice', () => {
  const digestOf = (...rows: string[]) => {
    const set = new RowSet();
    for (const row of rows) set.add(row);
    return set.digest;
  };
  const digest = digestOf('a', 'b', 'b', 'c');
  assert.equal(digestOf('b', 'c', 'a', 'b'), digest);
  for (const other of [
    ['a', 'b', 'c'],
    ['a', 'c'],
    ['a', 'a', 'b', 'c'],
    ['a', 'b', 'b', 'd'],
  ])
    assert.notEqual(digestOf(...other), digest);
  assert.equal(digestOf(), '00'.repeat(32));
});
