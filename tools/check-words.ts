import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Finds phrases that a reader of plain English has to decode, in texts for users, comments and names of tests:
 * docs/decisions/0036-one-word-one-thing.md. `npm run check` runs it.
 */
interface Phrase {
  readonly pattern: RegExp;
  readonly instead: string;
}

const PHRASES: readonly Phrase[] = [
  { pattern: /\bmend(s|ed|ing)?\b/i, instead: 'fix' },
  { pattern: /\bso many\b/i, instead: '“at most 20”, “a number of”, or the limit itself' },
  { pattern: /\bwhatever (its|the|their) case\b/i, instead: '“ignoring case”' },
  { pattern: /\bcounts? now\b/i, instead: '“is the current one”, “is the default”' },
  { pattern: /\bwho(m)?ever\b/i, instead: '“anyone who”, “the caller”, or the one who is meant' },
  { pattern: /\bat the latest\b/i, instead: '“within”, “no later than”' },
  { pattern: /\bit is none (of|that)\b/i, instead: '“must be one of”, “is not”' },
  { pattern: /\bbelongs? into\b/i, instead: '“belongs in”' },
  {
    pattern: /\bstands? (in(?! for\b)|on|at|there|here|beside|behind|before|below|above|over|twice|alone)\b/i,
    instead: '“is”',
  },
  { pattern: /\bhas other than\b/i, instead: '“must be”' },
  { pattern: /\bspeaks? for (somebody|a user|users|whom)\b/i, instead: '“is attached to”' },
];

/**
 * How many such lines a folder may still have: of those whose comments nobody has gone over yet. Numbers only go down; a folder
 * that is not here has none.
 */
const LEFT: Readonly<Record<string, number>> = { 'server/src': 75, 'logbook/src': 31 };

const NOT_OURS =
  /^(spec\/(?!native)|test\/golden\/|docs\/api\/|logbook\/fixtures\/|CHANGELOG\.md|package-lock\.json|tools\/check-words|docs\/decisions\/0036)|\.gen\./;
const TEXTS = /(\.(md|ts|tsx|sh|json|css|html)|^slipway)$/;

/** The lines of a text with such phrases, as `LINE: PHRASE; write INSTEAD`. */
export function findPhrases(text: string): string[] {
  return text.split('\n').flatMap((line, at) =>
    PHRASES.flatMap(({ pattern, instead }) => {
      const found = pattern.exec(line)?.[0];
      return found === undefined ? [] : [`${at + 1}: “${found}”; write ${instead}`];
    }).slice(0, 1),
  );
}

function check(root: string): number {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const found = new Map<string, string[]>();
  for (const file of files.filter((name) => TEXTS.test(name) && !NOT_OURS.test(name))) {
    const phrases = findPhrases(readFileSync(join(root, file), 'utf8')).map((phrase) => `${file}:${phrase}`);
    const folder = Object.keys(LEFT).find((name) => file.startsWith(`${name}/`)) ?? '';
    found.set(folder, [...(found.get(folder) ?? []), ...phrases]);
  }
  const over = [...found].filter(([folder, phrases]) => phrases.length > (LEFT[folder] ?? 0));
  for (const [, phrases] of over) for (const phrase of phrases) process.stderr.write(`${phrase}\n`);
  for (const [folder, phrases] of over) {
    const allowed = LEFT[folder] ?? 0;
    process.stderr.write(
      `${folder || 'these files'}: ${phrases.length} phrases, ${allowed} may be left (docs/decisions/0036)\n`,
    );
  }
  return over.length;
}

if (import.meta.main) process.exitCode = check(join(import.meta.dirname, '..')) === 0 ? 0 : 1;
