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

test('every message in the tables about troubleshooting is one that the code prints', () => {
  const messages = ['docs/troubleshooting.md', 'docs/fleet.md'].flatMap(messagesIn);
  assert.ok(messages.length > 40, `only ${messages.length} messages were found`);
  assert.deepEqual(
    messages.filter((message) => !isPrinted(message)),
    [],
  );
});

test('a message that no file prints is found', () => {
  assert.equal(isPrinted('the source is larger than …'), true);
  assert.equal(isPrinted('the source is bigger than …'), false);
});

/** The messages with which the rows of a page's tables begin. */
function messagesIn(page: string): string[] {
  const rows = readFileSync(join(ROOT, page), 'utf8').matchAll(/^\| (`[^|]*) \|/gm);
  const messages = [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)]);
  return messages.map(([, message = '']) => message).filter((message) => !OF_OTHERS.includes(message));
}

/** Whether one file has all parts of a message between the names and values that `…` is. */
function isPrinted(message: string): boolean {
  const parts = message.split('…').map((part) => part.trim());
  return sources.some((text) => parts.every((part) => text.includes(part)));
}
