/*
 * Searches the same lines with ripgrep, which searches logs, and with RE2JS, which matches patterns of rules: `node
 * bench/search-engines.ts`. It tells whether one engine could do both.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readNamePattern } from '../server/src/rpc/name-pattern.ts';
import { corpus } from './corpus.ts';
import { Figures, median, shown } from './support/figures.ts';
import { needPrograms } from './support/programs.ts';

const LINES = 100_000;
const ROUNDS = 3;
const MEGABYTE = 1e6;
const RIPGREP = 'rg';
const EXPRESSIONS: [name: string, expression: string][] = [
  ['an expression with a literal', 'panic: .*goroutine \\d+'],
  ['an expression without one', '[A-Z]{3}\\d{4}[a-z]+$'],
  ['an expression that many lines match', '\\d+ [a-z]+$'],
];

needPrograms({ rg: 'ripgrep' });
const text = Buffer.concat([...corpus(LINES)]);
const figures = new Figures(`ripgrep and RE2JS over ${LINES} lines, ${shown(text.length / MEGABYTE)} MB`);
for (const [name, expression] of EXPRESSIONS) {
  assert.equal(countByRipgrep(expression), countByRe2js(expression));
  figures.report(
    `ripgrep: ${name}`,
    rateOf(() => countByRipgrep(expression)),
    'MB/s, with its start',
  );
  figures.report(
    `RE2JS: ${name}`,
    rateOf(() => countByRe2js(expression)),
    'MB/s',
  );
}
figures.print();

function countByRipgrep(expression: string): number {
  const { stdout, status } = spawnSync(RIPGREP, ['--count', '--text', '--no-config', '-e', expression, '-'], {
    input: text,
  });
  assert.ok(status === 0 || status === 1);
  return Number(stdout.toString() || 0);
}

function countByRe2js(expression: string): number {
  const pattern = readNamePattern('expression', `.*(?:${expression}).*`);
  assert.ok(pattern);
  let count = 0;
  for (const line of text.toString().split('\n')) if (pattern.matches(line)) count += 1;
  return count;
}

function rateOf(search: () => number): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const startMs = performance.now();
    search();
    return performance.now() - startMs;
  });
  return text.length / MEGABYTE / (median(rounds) / 1000);
}
