import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dockerfileForBuilder, foreignSyntaxLine, withoutSyntax } from './dockerfile-directives.ts';

test('a comment replaces a syntax directive, and the other directives still apply', () => {
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

test('below a #! line the syntax directive is replaced in place, with any white space', () => {
  assert.equal(
    withoutSyntax('#!/usr/bin/env x\n# syntax=y\n# escape=`\nFROM a'),
    '#!/usr/bin/env x\n# escape=`\n#\nFROM a',
  );
  assert.equal(withoutSyntax('\uFEFF#!x\n#\u2003syntax\t= y\nFROM a'), '\uFEFF#!x\n#\nFROM a');
  assert.equal(withoutSyntax('\uFEFF# syntax=y\n # escape=`\nFROM a'), ' # escape=`\n#\nFROM a');
  assert.equal(withoutSyntax('#!x\n\n# syntax=y\nFROM a'), undefined);
});

test('finds a line // syntax= at the top, which asks for another frontend', () => {
  for (const [text, at] of [
    ['// syntax=x\nFROM a', 0],
    ['\uFEFF//syntax = x', 0],
    ['#!x\n// check=y\n// Syntax=x', 2],
    ['# a\n// syntax=x', undefined],
    ['FROM a\n// syntax=x', undefined],
    [' // syntax=x', undefined],
  ] as const)
    assert.equal(foreignSyntaxLine(text.split('\n')), at, text);
});

test('an image with the same name as a stage is replaced by its digest, and every line keeps its number', () => {
  const text = '# syntax=x\nFROM --platform=$BUILDPLATFORM \\\r\n  busybox AS busybox\r\nRUN x\nFROM busybox\n';
  const shadowed = [{ image: 'busybox', places: [{ line: 2, fromColumn: 2, toColumn: 9 }] }];
  assert.equal(
    dockerfileForBuilder(text, { shadowed, edits: [] }, new Map([['busybox', 'sha256:ab']])),
    '#\nFROM --platform=$BUILDPLATFORM \\\r\n  busybox@sha256:ab AS busybox\r\nRUN x\nFROM busybox\n',
  );
  assert.equal(dockerfileForBuilder('FROM busybox\n', { shadowed: [], edits: [] }, new Map()), undefined);
});

test('the directive stays where the frontend that it asks for reads the Dockerfile', () => {
  const text = '# syntax=x\nFROM busybox AS busybox\n';
  const shadowed = [{ image: 'busybox', places: [{ line: 1, fromColumn: 5, toColumn: 12 }] }];
  const pinned = new Map([['busybox', 'sha256:ab']]);
  const keepsSyntax = { keepsSyntax: true };
  assert.equal(
    dockerfileForBuilder(text, { shadowed, edits: [] }, pinned, keepsSyntax),
    '# syntax=x\nFROM busybox@sha256:ab AS busybox\n',
  );
  assert.equal(dockerfileForBuilder(text, { shadowed: [], edits: [] }, new Map(), keepsSyntax), undefined);
});
