import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { BLOCK_BYTES, memberHeader, type SourceMember } from './member-header.ts';

const FACTS = { mode: 0o4751, mtimeSeconds: 1_700_000_000, sizeBytes: 0, target: '' } as const;
const END = Buffer.alloc(2 * BLOCK_BYTES);

test('a header keeps names and targets of any length and script, also those that tar has no room for', () => {
  const names = [1, 99, 100, 101, 156, 255].flatMap((length) =>
    ['n', 'é', '📦'].map((letter) => letter.repeat(length)),
  );
  const deep = [90, 100, 155, 156, 300].map((length) => `${'d/'.repeat(length / 2)}${'f'.repeat(length % 99)}x`);
  const lengths = Array.from({ length: 12 }, (_, more) => `${'p'.repeat(90 + more)}/é`);
  for (const path of [...names, ...deep, ...lengths]) {
    assert.deepEqual(list({ ...FACTS, path, type: 'file' }), `-rwsr-x--x 0/0 0 2023-11-14 22:13:20 ${path}`);
    const link = list({ ...FACTS, path: 'l', type: 'symlink', target: path });
    assert.deepEqual(link, `lrwsr-x--x 0/0 0 2023-11-14 22:13:20 l -> ${path}`);
  }
});

test('a header keeps sizes over 8 GiB, and times before 1970 and after 2038', () => {
  for (const mtimeSeconds of [-5, 2 ** 31, 5_000_000_000]) {
    const time = new Date(mtimeSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
    assert.equal(list({ ...FACTS, path: 'f', type: 'directory', mtimeSeconds }), `drwsr-x--x 0/0 0 ${time} f`);
  }
  const header = memberHeader({ ...FACTS, path: 'f', type: 'file', sizeBytes: 2 ** 40 });
  assert.match(header.toString('latin1'), /22 size=1099511627776\n/);
});

function list(member: SourceMember): string {
  const input = Buffer.concat([memberHeader(member), END]);
  const flags = ['-tvf', '-', '--utc', '--full-time', '--quoting-style=literal', '--show-transformed-names'];
  return execFileSync('tar', flags, { input, encoding: 'utf8', env: { LC_ALL: 'C.UTF-8', PATH: process.env.PATH } })
    .trimEnd()
    .replace(/ +/g, ' ');
}
