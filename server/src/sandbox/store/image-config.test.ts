import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readImageFacts, readOnBuild } from './image-config.ts';

test('reads ONBUILD as the builder does, ignoring the case of names', () => {
  for (const text of [
    '{"config":{"OnBuild":["RUN x"]}}',
    '{"CONFIG":{"onBUILD":["RUN x"]}}',
    '{ "config" : {"Onbuild" :\n["RUN x"]}}',
  ])
    assert.deepEqual(readOnBuild(text), ['RUN x'], text);
  for (const text of ['{}', '{"config":null}', '{"config":{"OnBuild":null}}', '{"config":{"Labels":{"OnBuild":"x"}}}'])
    assert.deepEqual(readOnBuild(text), [], text);
});

test('refuses a configuration in which two readers could see two images', () => {
  const twice = [
    '{"config":{"OnBuild":["RUN x"]},"config":{}}',
    '{"config":{"OnBuild":["RUN x"],"onbuild":[]}}',
    '{"config":{"OnBuild":["RUN x"],"\\u006fnbuild":[]}}',
    '{"history":[{"a":1},{"a":1,"A":2}]}',
    '{"config":{"labels":{}},"history":[{"ſize":1,"size":2}]}',
    '{"\u212a":1,"k":2}',
  ];
  for (const text of twice) assert.throws(() => readOnBuild(text), /twice/, text);
  assert.deepEqual(readOnBuild('{"history":[{"a":"\\"a\\":"},{"a":1}],"a":["a","a"]}'), []);
});

test('reads a configuration at low cost, however nested or broken it is', () => {
  const deep = `{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`;
  assert.throws(() => readOnBuild(deep), /more than 64 levels deep/);
  const many = (key: (at: number) => string) => `{${Array.from({ length: 50_001 }, (_, at) => key(at)).join()}}`;
  assert.throws(() => readOnBuild(many((at) => `"${at}":1`)), /more than 50000 parts/);
  assert.throws(() => readOnBuild(`[${'{},'.repeat(30_000)}]`), /more than 50000 parts/);
  assert.deepEqual(readOnBuild(`{"a":"${'{,['.repeat(100_000)}"}`), []);
  for (const text of ['{"a', '{"a\\', '{"a":"', ']', '{"a":1'])
    assert.throws(() => readOnBuild(text), SyntaxError, text);
});

test('refuses a list of instructions that is endless or malformed', () => {
  assert.throws(() => readOnBuild(`{"config":{"OnBuild":["${'x'.repeat(70_000)}"]}}`), /longer than 65536 bytes/);
  assert.throws(() => readOnBuild('{"config":{"OnBuild":{"a":1}}}'), /not a list/);
});

test('reads the platform that an image names, if any', () => {
  assert.deepEqual(
    readImageFacts('{"os":"linux","architecture":"arm64","variant":"v8","config":{"OnBuild":["RUN x"]}}'),
    {
      onBuild: ['RUN x'],
      platform: 'linux/arm64',
    },
  );
  for (const text of ['{}', '{"architecture":7}', `{"architecture":"${'a'.repeat(100)}"}`])
    assert.deepEqual(readImageFacts(text), { onBuild: [] });
});
