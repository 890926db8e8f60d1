import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NewBuild } from '#rpc/native-types.gen.ts';
import { archiveIdsOf } from './build-context.ts';
import { buildOptionFields, parseBuildOptions } from './option-fields.ts';

test('parses the contexts of a build, and shows them without folder ids', () => {
  const BuildContexts = [
    { Name: 'app', ArchiveId: 'ABC' },
    { Name: 'docker.io/library/alpine:latest', Image: 'team/base:1' },
    { Name: 'team/code:v1', GitUrl: 'https://git.example/x', Ref: 'main' },
  ];
  const options = parseBuildOptions({ BuildContexts });
  assert.deepEqual(buildOptionFields(options), {
    BuildContexts: [
      { Name: 'app', Kind: 'archive' },
      { Name: 'alpine', Kind: 'image', Image: 'team/base:1' },
      { Name: 'team/code:v1', Kind: 'git', GitUrl: 'https://git.example/x', Ref: 'main' },
    ],
  });
  const source = { kind: 'archive' as const, archiveId: 'own', name: 'x' };
  assert.deepEqual(archiveIdsOf({ source, options }), ['own', 'abc']);
  assert.deepEqual(parseBuildOptions({ BuildContexts: [] }), {});
});

test('refuses a wrong context, naming the field', () => {
  const one = { Name: 'a', Image: 'b' };
  const wrong: [contexts: NewBuild['BuildContexts'], says: RegExp][] = [
    [[one, one], /the name "a" is given twice/],
    [[{ ...one, Name: 'Upper' }], /"BuildContexts\[0\]\.Name" is not valid: "Upper" is not a valid name for FROM/],
    [[{ ...one, Name: 'a=b' }], /BuildContexts\[0\]\.Name/],
    [[{ ...one, Name: '../a' }], /BuildContexts\[0\]\.Name/],
    [[{ ...one, Name: 'docker.io/library/' }], /"docker\.io\/library\/" is not a valid name for FROM/],
    [[{ Name: 'a' }], /"BuildContexts\[0\]" is not valid: it needs one of Image, ArchiveId and GitUrl/],
    [[{ ...one, GitUrl: 'https://x' }], /it needs one of/],
    [[{ Name: 'a', Image: 'a b' }], /"BuildContexts\[0\]\.Image"/],
    [[{ Name: 'a', GitUrl: 'file:///etc' }], /"BuildContexts\[0\]\.GitUrl" is not valid: .* is not an http/],
    [
      [{ Name: 'a', GitUrl: 'https://u:p@x/y' }],
      /"BuildContexts\[0\]\.GitUrl" is not valid: it contains a user or a password/,
    ],
    [[{ Name: 'a', GitUrl: 'https://x/y', Ref: 'a b' }], /"BuildContexts\[0\]\.Ref"/],
  ];
  for (const [BuildContexts, says] of wrong) assert.throws(() => parseBuildOptions({ BuildContexts }), says);
});
