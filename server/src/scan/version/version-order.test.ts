import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareVersions, type VersionFormat } from './version-order.ts';

const PAIRS = 400;

/** Each row in the order of its format; versions joined by = are equal. */
const ROWS: Record<Exclude<VersionFormat, 'dpkg' | 'golang'>, string> = {
  apk: '0.01.2 0.1.0_alpha 0.1.0_alpha1 0.1.0_alpha2 0.1.0_beta1 0.1.0_rc1 0.1.0 0.1.0-r1 0.1.0-r10 0.1.1 0.2 1.0_pre2 1.0_rc 1.0 1.0-r0 1.0_git20200101 1.0_p1 1.0a 1.0b 1.0.0 1.0.1 1.1.00 1.1.01 1.1.1 1.1.1-r2 1.1.1a 1.1.1u-r0 1.1.1v-r0 1.2 1.10 2 10',
  rpm: '0:1.0~rc1 1.0~rc2 1.0=0:1.0=1_0 1.0^git1 1.0.a 1.0.1 1.0.1a 1.0.1b 1.0.10 1.1 1.2a 1.2.1=1.2.01 2-1~b 2-1 2-1.el8 2-1.el8_2 2-1.1 2-2.el8 10 1:0.1',
  npm: '0.0.0-1 0.0.0 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0=v1.0.0+build=1 1.0.1-0.20200101000000-abcdef 1.0.1 1.2 1.10.0 2.0.0+incompatible 99999999999999999999.0.0',
  python:
    'rubbish 0.dev1 0=0.0=v0 1.0.dev1 1.0a1.dev2 1.0a1 1.0a1.post1 1.0a2 1.0b1=1.0.beta.1 1.0rc1=1.0-c1=1.0pre1 1.0=1=1.0.0 1.0+abc 1.0+abc.1 1.0+5 1.0.post1.dev1 1.0.post1=1.0-1=1.0-r1 1.0.1 1.1 1.10 2004.4 1!0.1',
};

test('orders versions of each package manager as its documents say', () => {
  for (const [format, text] of Object.entries(ROWS)) {
    const row = text.split(' ').map((place) => place.split('='));
    for (const [place, versions] of row.entries())
      for (const [other, others] of row.entries())
        for (const a of versions)
          for (const b of others)
            assert.equal(
              Math.sign(compareVersions(format as VersionFormat, a, b)),
              Math.sign(place - other),
              `${format}: ${a} and ${b}`,
            );
  }
});

const piece = fc.constantFrom(
  '0',
  '1',
  '2',
  '10',
  '01',
  'a',
  'b',
  'rc',
  '.',
  '+',
  '~',
  '~~',
  '-',
  'Z',
  'deb12u1',
  'git',
);
const version = fc
  .tuple(fc.constantFrom('', '0:', '1:'), fc.constantFrom('0', '1', '10'), fc.array(piece, { maxLength: 5 }))
  .map(([epoch, first, rest]) => `${epoch}${first}${rest.join('').replaceAll('-', '-0')}`);

test('dpkg agrees with the order of its versions', (context) => {
  const pairs = fc.sample(fc.tuple(version, version), PAIRS);
  const script =
    'while read -r a b; do dpkg --compare-versions "$a" lt "$b" && echo -1 && continue; dpkg --compare-versions "$a" eq "$b" && echo 0 || echo 1; done';
  const asked = spawnSync('sh', ['-c', script], { input: pairs.map((pair) => `${pair.join(' ')}\n`).join('') });
  if (spawnSync('dpkg', ['--version']).error) return context.skip('there is no dpkg here');
  const said = asked.stdout.toString().trim().split('\n').map(Number);
  for (const [at, [a, b]] of pairs.entries())
    assert.equal(Math.sign(compareVersions('dpkg', a, b)), said[at], `${a} and ${b}`);
});

test('orders any two texts, and the same from both sides', () => {
  const text = fc.oneof(
    version,
    fc.string({ maxLength: 20 }).map((text) => text.trim()),
  );
  for (const format of ['dpkg', 'apk', 'rpm', 'npm', 'golang', 'python'] as const)
    fc.assert(
      fc.property(text, text, (a, b) => {
        const order = Math.sign(compareVersions(format, a, b));
        assert.equal(order + Math.sign(compareVersions(format, b, a)), 0);
        assert.equal(compareVersions(format, a, a), 0);
      }),
    );
});
