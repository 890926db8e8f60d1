import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXCEPTED } from '../expressions/excepted.ts';
import { type FoundExpression, listExpressions } from '../expressions/list-expressions.ts';
import { linearMistake } from '../expressions/prove-linear.ts';

/**
 * Checks that every regular expression in the packages takes linear time: each one has a proof, or a reason in
 * `excepted.ts`. A proof takes up to a minute, so `npm run gen` (`--keep`) stores finished proofs in `proven.gen.json`;
 * `--all` proves everything again.
 */
const ROOT = join(import.meta.dirname, '..', '..');
const FILE = join(import.meta.dirname, '..', 'expressions', 'proven.gen.json');

const [mode] = process.argv.slice(2);
const found = listExpressions(ROOT);
const known = new Set(mode === '--all' ? [] : (JSON.parse(readFileSync(FILE, 'utf8')) as string[]));
const proven = new Set<string>();
const mistakes: string[] = [];
for (const expression of found) {
  const { text } = expression;
  if (proven.has(text) || Object.hasOwn(EXCEPTED, text)) continue;
  const why = known.has(text) ? undefined : mistakeOf(expression);
  if (why === undefined) proven.add(text);
  else mistakes.push(`${expression.file}:${expression.line}  ${text}\n    ${why}`);
}
const texts = new Set(found.map(({ text }) => text));
for (const text of Object.keys(EXCEPTED)) {
  if (!texts.has(text)) mistakes.push(`tools/expressions/excepted.ts has ${text}, which no source uses any more`);
}
if (mode === '--keep') writeFileSync(FILE, `${JSON.stringify([...proven].sort(), null, 2)}\n`);
if (mistakes.length > 0) {
  process.stderr.write(`${mistakes.join('\n')}\n`);
  process.stderr.write('Text from outside could stop the server: docs/decisions/0021-text-costs-what-it-is-long.md\n');
  process.exit(1);
}

function mistakeOf({ pattern, flags }: FoundExpression): string | undefined {
  if (pattern !== undefined) return linearMistake(pattern, flags);
  return 'its text is known only at run time; say in tools/expressions/excepted.ts why it is linear';
}
