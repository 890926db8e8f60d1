import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BUILD_OPTIONS, buildOptionFields, parseBuildOptions } from './option-fields.ts';

test('parses the options of a build, shows them as given, and drops options without effect', () => {
  const Platforms = ['linux/arm64', 'linux/arm/v7'];
  const given = {
    Target: 'Tools',
    Platforms,
    NoCache: true,
    Pull: true,
    Labels: { 'com.example.Team': 'a b=c\nd', empty: '' },
  };
  const options = parseBuildOptions(given);
  assert.deepEqual(buildOptionFields(JSON.parse(JSON.stringify(options))), given);
  assert.deepEqual(parseBuildOptions({ NoCache: false, Pull: false, Labels: {} }), {});
  assert.deepEqual(parseBuildOptions({}), {});
});

test('refuses a wrong value of an option, naming its field', () => {
  const wrong: [field: string, value: unknown][] = [
    ['Target', 'a b'],
    ['Target', '-x'],
    ['Platforms', ['linux/amd64', 'windows/amd64']],
    ['Labels', { '': 'x' }],
    ['Labels', { 'a=b': 'x' }],
    ['Labels', { 'a\nb': 'x' }],
    ['Labels', { a: 'nul\0' }],
    ['Labels', { a: '\ud800' }],
    ['Labels', { a: 'x'.repeat(4097) }],
    ['Labels', Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`l${at}`, '']))],
  ];
  for (const [field, value] of wrong)
    assert.throws(
      () => parseBuildOptions({ [field]: value }),
      ({ code, message }) => code === 'InvalidParameter' && message.includes(`parameter "${field}`),
      `${field} ${JSON.stringify(value).slice(0, 60)}`,
    );
});

test('every option has its own field', () => {
  const fields = Object.values(BUILD_OPTIONS).map(({ field }) => field);
  assert.equal(new Set(fields).size, fields.length);
});
