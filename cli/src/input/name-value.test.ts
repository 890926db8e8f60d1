import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNameValues } from './name-value.ts';

test('accepts any parameter name, each name once', () => {
  const names = ['InstanceId', 'constructor', 'toString', '__proto__'];
  const parsed = parseNameValues(names.map((name) => `${name}=1=2`));
  assert.deepEqual(
    Object.entries(parsed),
    names.map((name) => [name, '1=2']),
  );
  assert.throws(() => parseNameValues(['__proto__=1', '__proto__=2']), /__proto__ is given twice/);
  assert.throws(() => parseNameValues(['=1']), /"=1" is not of the form NAME=VALUE/);
});
