import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';

import fc from 'fast-check';
import { catastrophic } from '../testing/catastrophic.ts';

import { fastFolder, logOf, missingProgram, openLogbook, temporaryFolder } from '../testing/logbook.ts';
import { searchLog } from './search.ts';
import type { SearchBudget, SearchPattern, SearchResult } from './search-pattern.ts';
import { BadPattern } from './search-regex.ts';

const PROGRAM = { command: 'rg', environment: { PATH: '/usr/local/bin:/usr/bin:/bin' } };
const AMPLE: SearchBudget = { hits: 10_000, textBytes: 2 ** 30, timeMs: 10_000 };
const needsProgram = { skip: missingProgram('rg') };

/** A hot log and a sealed one with the same messages; returns a search over either. */
async function searchable(
  t: TestContext,
  messages: readonly string[],
): Promise<
  Record<'hot' | 'sealed', (pattern: SearchPattern, from?: number, budget?: SearchBudget) => Promise<SearchResult>>
> {
  const { logbook } = await openLogbook(t, { folder: fastFolder(t) });
  for (const id of ['hot', 'sealed']) {
    const writer = await logbook.create(id);
    for (const message of messages) await writer.write(Buffer.from(`${message}\n`));
    await writer.committed();
    if (id === 'sealed') await writer.seal({ verdict: 'complete' });
  }
  const search =
    (id: string) =>
    (pattern: SearchPattern, from = 1, budget = AMPLE) =>
      searchLog(async (line) => (await logOf(logbook, id)).textFrom(line), from, pattern, budget, PROGRAM);
  return { hot: search('hot'), sealed: search('sealed') };
}

const literal = (text: string): SearchPattern => ({ kind: 'literal', text, ignoreCase: false });
const regex = (expression: string): SearchPattern => ({ kind: 'regex', expression, ignoreCase: false });

test('finds a text only in the messages, although the framing contains it too', async (t) => {
  const messages = [
    'plain',
    'LineNumber',
    'a "quoted" word',
    'back\\slash',
    'GIT_CLONE',
    'x,y',
    'n',
    '{"Message":"',
    '},{"LineNumber":',
    '\x1b[1mbold',
    'ende, {',
    'é😀',
  ];
  const search = await searchable(t, messages);
  const needles = [
    'LineNumber',
    '"',
    '\\',
    'GIT_CLONE',
    ',',
    ',{',
    '{',
    '}',
    'n',
    '1',
    ':',
    '"Message":"',
    '},{"LineNumber":',
    '\x1b',
    'é',
    '😀',
    'u001b',
    'absent',
  ];
  for (const needle of needles) {
    const expected = messages.flatMap((message, index) => (message.includes(needle) ? [index + 1] : []));
    for (const form of ['hot', 'sealed'] as const) {
      const { lineNumbers, done } = await search[form](literal(needle));
      assert.deepEqual([lineNumbers, done], [expected, true], `${JSON.stringify(needle)} in the ${form} log`);
    }
  }
});

test(
  'a search that stops at its budget continues where it stopped, and finds each line once',
  needsProgram,
  async (t) => {
    const search = await searchable(
      t,
      Array.from({ length: 1000 }, (_, at) => `line ${at + 1} ${'x'.repeat(at % 50)}`),
    );
    const patterns: SearchPattern[] = [
      literal('7 '),
      regex('7 '),
      { kind: 'literal', text: 'LINE 7', ignoreCase: true },
    ];
    for (const pattern of patterns) {
      const whole = await search.hot(pattern);
      for (const budget of [
        { ...AMPLE, hits: 7 },
        { ...AMPLE, textBytes: 40_000 },
      ]) {
        const found: number[] = [];
        let from = 1;
        for (let done = false; !done; ) {
          const part = await search.sealed(pattern, from, budget);
          found.push(...part.lineNumbers);
          ({ nextLine: from, done } = part);
        }
        assert.deepEqual(found, whole.lineNumbers);
        assert.equal(from, 1001);
      }
    }
  },
);

test('a regular expression finds what grep -P finds on the decoded text', {
  skip: missingProgram('rg', 'grep'),
}, async (t) => {
  const words = [
    'error',
    'Error: x',
    'a.b',
    '12:34',
    '\ttab',
    'ünïcode',
    '[1mB',
    'foo(bar)',
    '',
    'end.',
    'a\\b',
    '"q"',
  ];
  const messages = Array.from({ length: 400 }, (_, at) => `${words[at % 12]} ${words[(at * 7) % 11]} ${at}`);
  const search = await searchable(t, messages);
  const atom = fc.constantFrom(
    'error',
    'E',
    '[a-f]',
    '\\d',
    '\\w+',
    '.',
    '\\.',
    '(a|b)',
    '\\s',
    '[^x]',
    'x?',
    '\\b',
    '"',
    '\\\\',
    'ü',
    '(?:o{2})',
  );
  const expression = fc.array(atom, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(expression, async (pattern) => {
      const grep = spawnSync('grep', ['-nP', '-e', `(*UCP)${pattern}`], {
        input: messages.join('\n'),
        encoding: 'utf8',
        env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' },
      });
      const expected = grep.stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => Number.parseInt(line, 10));
      assert.deepEqual((await search.sealed(regex(pattern))).lineNumbers, expected, pattern);
    }),
    { numRuns: 40 },
  );
});

test('catastrophic expressions end, with all of equal lines found or none', needsProgram, async (t) => {
  const search = await searchable(
    t,
    Array.from({ length: 200 }, () => 'a'.repeat(4000)),
  );
  for (const pattern of catastrophic()) {
    const found = await search.sealed(regex(pattern), 1, { ...AMPLE, timeMs: 800 }).catch((error: unknown) => {
      assert.ok(error instanceof BadPattern, `${pattern}: ${error}`);
    });
    if (found === undefined) continue;
    const seen = found.done ? 200 : found.nextLine - 1;
    const expected = Array.from({ length: found.lineNumbers.length === 0 ? 0 : seen }, (_, at) => at + 1);
    assert.deepEqual(found.lineNumbers, expected, pattern);
  }
});

test('an expression finds its lines wherever they are, although most of a log is skipped', needsProgram, async (t) => {
  const wanted = new Set([1, 1400, 1401, 2999, 3000]);
  const messages = Array.from(
    { length: 3000 },
    (_, at) => `${'filler '.repeat(60)}${wanted.has(at + 1) ? 'x"y 7' : 'x y 7'}`,
  );
  const search = await searchable(t, messages);
  for (const form of ['hot', 'sealed'] as const) {
    for (const [pattern, from, expected] of [
      [regex('x"y \\d$'), 1, [1, 1400, 1401, 2999, 3000]],
      [regex('none at all|x"y'), 1401, [1401, 2999, 3000]],
      [regex('none at all'), 1, []],
    ] as const) {
      const { lineNumbers, nextLine, done } = await search[form](pattern, from);
      assert.deepEqual([lineNumbers, nextLine, done], [expected, 3001, true], `${form}: ${JSON.stringify(pattern)}`);
    }
    const part = await search[form](regex('x"y'), 2, { ...AMPLE, hits: 2 });
    assert.deepEqual([part.lineNumbers, part.nextLine, part.done], [[1400, 1401], 1402, false]);
    await assert.rejects(search[form](regex('none at all(')), BadPattern);
  }
});

test('limits a pattern by its own processor time, not by how long others kept it from the processor', {
  skip: missingProgram('rg') || (process.platform !== 'linux' && 'only Linux tells the processor time of others'),
}, async (t) => {
  const { logbook } = await openLogbook(t, { folder: fastFolder(t) });
  const command = join(temporaryFolder(t), 'searcher');
  const writer = await logbook.create('log-1');
  await writer.write(Buffer.from('one\ntwo\n'));
  await writer.committed();
  const searchBy = (script: string) => {
    writeFileSync(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const read = async (line: number) => (await logOf(logbook, 'log-1')).textFrom(line);
    return searchLog(read, 1, regex('tw.'), { ...AMPLE, timeMs: 600 }, { ...PROGRAM, command });
  };
  assert.deepEqual((await searchBy('sleep 1.2; exec rg "$@"')).lineNumbers, [2]);
  await assert.rejects(searchBy('while :; do :; done'), BadPattern);
});

test('refuses an expression that cannot be used, with a message about it', needsProgram, async (t) => {
  const search = await searchable(t, ['x']);
  for (const [pattern, reason] of [
    ['(', /unclosed group/],
    ['(?=x)', /look-around/],
    ['(x)\\1', /backreferences/],
    ['a{1000000}', /size limit|exceeds/i],
    ['a\\nb', /not allowed/],
  ] as const) {
    await assert.rejects(search.hot(regex(pattern)), (error: Error) => {
      assert.ok(error instanceof BadPattern, String(error));
      assert.match(error.message, reason);
      return true;
    });
  }
});
