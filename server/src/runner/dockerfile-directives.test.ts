import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dockerfileForBuilder, withoutSyntax } from './dockerfile-directives.ts';

test('a syntax directive gives way to a comment, and the other directives go on to count', () => {
  assert.equal(withoutSyntax('# syntax=docker/dockerfile:1\nFROM a\n'), '#\nFROM a\n');
  assert.equal(withoutSyntax('#SYNTAX = x\r\n# escape=`\r\nFROM a\r\n'), '# escape=`\r\n#\nFROM a\r\n');
  assert.equal(
    withoutSyntax('# escape=`\n# syntax=x\n# check=skip=all\n# syntax=y\nFROM a'),
    '# escape=`\n# check=skip=all\n#\n#\nFROM a',
  );
});

test('what only looks like a syntax directive stays', () => {
  for (const text of [
    'FROM a\n# syntax=x\n',
    '# a comment\n# syntax=x\nFROM a\n',
    '\n# syntax=x\nFROM a\n',
    '# escape=`\nFROM a\n',
    '',
  ])
    assert.equal(withoutSyntax(text), undefined, text);
});

test('an image that is named as a stage is named by its digest, and nothing else is changed', () => {
  const text = '# syntax=x\nFROM --platform=$BUILDPLATFORM busybox AS busybox\r\nRUN x\nFROM busybox\n';
  const shadowed = [{ image: 'busybox', line: 1, fromColumn: 31, toColumn: 38 }];
  assert.equal(
    dockerfileForBuilder(text, { shadowed, dropped: [] }, new Map([['busybox', 'sha256:ab']])),
    '#\nFROM --platform=$BUILDPLATFORM busybox@sha256:ab AS busybox\r\nRUN x\nFROM busybox\n',
  );
  assert.equal(dockerfileForBuilder('FROM busybox\n', { shadowed: [], dropped: [] }, new Map()), undefined);
});
