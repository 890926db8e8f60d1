import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { isRefName, refNameMistake, shownRef } from './ref-name.ts';

const SIGNS = [
  'ü',
  '登',
  '#',
  '=',
  '(',
  ')',
  ',',
  '~',
  '^',
  ':',
  '?',
  '*',
  '[',
  '\\',
  ' ',
  '\t',
  '\x7f',
  '+',
  '%',
  "'",
  '"',
  '$',
  '`',
  ';',
  '|',
  '&',
  '<',
  '!',
];
const TIED = ['.', '/', '-', '@', '{', '.lock', 'HEAD'];

test('accepts exactly the branch names that Git allows', () => {
  const pairs = TIED.flatMap((a) => [a, `${a}x`, `x${a}`, ...TIED.flatMap((b) => [`${a}${b}`, `x${a}${b}x`])]);
  const names = [...SIGNS.map((sign) => `x${sign}y`), ...pairs];
  for (const name of [
    'feature/#1-x',
    '功能/登录',
    'fix@home',
    'a=b',
    'rel(1)',
    'v2,3',
    'feature/ü',
    '',
    '@',
    'x.lock/y',
  ])
    names.push(name);
  const given = [...new Set(names)];
  // One process checks all names: `update-ref` would stop at the first bad one.
  const script = 'while IFS= read -r -d "" name; do git check-ref-format "refs/heads/$name" && echo 1 || echo 0; done';
  const { stdout } = spawnSync('bash', ['-c', script], {
    input: given.map((name) => `${name}\0`).join(''),
    encoding: 'utf8',
  });
  const allowed = stdout.trim().split('\n').map(Number);
  assert.equal(allowed.length, given.length);
  for (const [at, name] of given.entries()) {
    // `git branch` refuses these, although a ref can have them.
    const isBranch = allowed[at] === 1 && !name.startsWith('-') && name !== 'HEAD' && name !== '@';
    assert.equal(isRefName(name), isBranch, JSON.stringify([name, refNameMistake(name)]));
  }
});

test('refuses a name that is too long or not Unicode, and escapes characters that would change the layout of a log line', () => {
  assert.match(refNameMistake('登'.repeat(84)) ?? '', /longer than 250 bytes/);
  assert.match(refNameMistake('a\ud800') ?? '', /Unicode/);
  assert.equal(shownRef('a\u009b\u202e\u2028b登'), 'a\\u{9b}\\u{202e}\\u{2028}b登');
});
