import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../support/slipway.ts';

/** Messages on the page that other programs print. */
const OF_OTHERS = [
  'http: server gave HTTP response to HTTPS client',
  'x509: certificate signed by unknown authority',
  'unauthorized',
  'denied',
  '429',
  'partial',
];
const PLACES = ['launcher', 'slipway', 'server/src', 'cli/src', 'client/src'];

const sources = execFileSync('git', ['ls-files', '--', ...PLACES], { cwd: ROOT, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => !/\.test\.|\/testing\//.test(file))
  .map((file) => readFileSync(join(ROOT, file), 'utf8'));

test('every message on the page about troubleshooting is one that the code prints', () => {
  const rows = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8').matchAll(/^\| `([^`]+)`/gm);
  const messages = [...rows].map(([, message = '']) => message).filter((message) => !OF_OTHERS.includes(message));
  assert.ok(messages.length > 25, `only ${messages.length} messages were found`);
  assert.deepEqual(
    messages.filter((message) => !isPrinted(message)),
    [],
  );
});

test('a message that no file prints is found', () => {
  assert.equal(isPrinted('the source is larger than …'), true);
  assert.equal(isPrinted('the source is bigger than …'), false);
});

/** Whether one file has all parts of a message between the names and values that `…` is. */
function isPrinted(message: string): boolean {
  const parts = message.split('…').map((part) => part.trim());
  return sources.some((text) => parts.every((part) => text.includes(part)));
}
