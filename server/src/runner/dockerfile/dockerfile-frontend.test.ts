import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BuildFailed } from '../failure/build-failed.ts';
import { askedFrontend } from './dockerfile-frontend.ts';

const ask = (text: string, allowed: readonly string[], contexts: readonly string[] = []) =>
  askedFrontend({ path: 'Dockerfile', text }, allowed, contexts);
const isAllowed = (image: string, ...allowed: string[]) => {
  const asked = ask(`# syntax=${image}\nFROM a`, allowed);
  return asked !== undefined && 'frontend' in asked;
};
const DIGEST = `sha256:${'ab'.repeat(32)}`;

test('an allowed name without a tag allows any tag and digest, another one only itself', () => {
  for (const image of [
    'docker/dockerfile',
    'docker/dockerfile:1',
    'docker.io/docker/dockerfile:labs',
    `docker/dockerfile@${DIGEST}`,
  ])
    assert.ok(isAllowed(image, 'x/y', 'docker/dockerfile'), image);
  assert.ok(isAllowed('docker.io/docker/dockerfile:1', 'docker/dockerfile:1'));
  assert.ok(isAllowed('localhost:5000/a/b:2', 'localhost:5000/a/b'));
  for (const [image, allowed] of [
    ['docker/dockerfile:2', 'docker/dockerfile:1'],
    [`docker/dockerfile:1@${DIGEST}`, 'docker/dockerfile:1'],
    ['docker/dockerfile-upstream:1', 'docker/dockerfile'],
    ['evil.example/docker/dockerfile:1', 'docker/dockerfile'],
    ['docker/dockerfile:1', 'docker.example/docker/dockerfile'],
    ['dockerfile', 'docker/dockerfile'],
    ['oci:x', 'docker/dockerfile'],
  ] as const)
    assert.ok(!isAllowed(image, allowed), `${image} by ${allowed}`);
});

test('a frontend that is not allowed is named, unless none is allowed at all', () => {
  assert.deepEqual(ask('# syntax=x/y:1 and=options\nFROM a', ['a/b']), { ignored: 'x/y:1' });
  assert.deepEqual(ask(`# syntax=${'x'.repeat(100_000)}\nFROM a`, ['a/b']), { ignored: 'x'.repeat(200) });
  assert.equal(ask('# syntax=x/y:1\nFROM a', []), undefined);
  assert.equal(ask('FROM a\n# syntax=x/y:1', ['x/y']), undefined);
});

test('the directive counts wherever the builder reads it, and its line is known', () => {
  const asked = ask('#!/usr/bin/x\n# escape=`\n#SYNTAX = x/y:1 build\r\nFROM a', ['x/y']);
  assert.ok(asked && 'frontend' in asked);
  assert.equal(asked.frontend.image, 'x/y:1');
  assert.deepEqual([asked.frontend.dockerfile.firstLine, asked.frontend.isBase], [3, false]);
});

test('no build context may replace a frontend, by whatever name the builder would look for it', () => {
  const text = '# syntax=docker.io/docker/dockerfile:1\nFROM a';
  for (const name of [
    'docker/dockerfile:1',
    'docker/dockerfile',
    'docker.io/docker/dockerfile:2',
    'index.docker.io/docker/dockerfile:1',
    'docker/dockerfile:1::linux/amd64',
    `docker/dockerfile@${DIGEST}`,
  ])
    assert.throws(
      () => ask(text, ['docker/dockerfile'], ['assets', name]),
      (error) => error instanceof BuildFailed && error.message.includes(name) && error.dockerfile?.firstLine === 1,
      name,
    );
  assert.ok(ask(text, ['docker/dockerfile'], ['assets', 'dockerfile', 'docker/dockerfile-x']));
});
