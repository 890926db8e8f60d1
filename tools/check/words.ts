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
  { pattern: /\bgives what\b/i, instead: '“returns”' },
  { pattern: /\blast first\b|\bthose set last\b/i, instead: '“latest first”, “most recently set first”' },
  { pattern: /\bwhence\b/i, instead: '“where from”, “origin”' },
  { pattern: /\b(tells?|told) of (it|a|an|the)\b/i, instead: '“reports”, “shows”' },
  { pattern: /\ball the same\b/i, instead: '“still”, “anyway”' },
  { pattern: /\bwithout end\b/i, instead: '“endless”, “forever”' },
  { pattern: /\bmade anew\b/i, instead: '“rebuilt”, “replaced”' },
  { pattern: /\bwhatever is inserted\b/i, instead: '“also for concurrent inserts”' },
  { pattern: /\bsays something of\b/i, instead: '“describes”, “refers to”' },
  { pattern: /\bin the place of\b/i, instead: '“replacing”, “instead of”' },
  { pattern: /\bst(ands?|ood) for\b/i, instead: '“points to” for a tag, “means” for a name, “is”' },
  { pattern: /\bunder way\b/i, instead: '“in progress”' },
  { pattern: /\bfor ever\b/i, instead: '“forever”' },
  { pattern: /\b(one|each) a line\b/i, instead: '“one per line”' },
  { pattern: /\bwhat became of\b/i, instead: '“the result of”' },
  { pattern: /\banew\b/i, instead: '“again”, “a new one”' },
  { pattern: /\bthat is none\b/i, instead: '“that is not one”, “an invalid one”' },
  {
    pattern: /\b(a|the) (\w+ )?(registry|registries|scanner|program|server|API)s? of others\b/i,
    instead: '“another registry”, “an external program”',
  },
  { pattern: /\bGives (how|why|whether|what|its|whom?)\b/, instead: '“Returns”' },
  {
    pattern: /\b(creates?|scans?|copies) (none |nothing )?by (itself|themselves)\b/i,
    instead: '“on push”, “automatically”',
  },
  { pattern: /\bweakness(es)?\b/i, instead: '“vulnerability”' },
];

const NOT_OURS =
  /^(spec\/(?!native|descriptions)|test\/golden\/|docs\/api\/|logbook\/fixtures\/|CHANGELOG\.md|package-lock\.json|tools\/check\/words|docs\/decisions\/0036)|\.gen\./;
const TEXTS = /(\.(md|ts|tsx|sh|json|css|html)|^slipway)$/;

/** The lines of a text with such phrases, as `LINE: PHRASE; write INSTEAD`. */
export function findPhrases(text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => {
    // A phrase may continue on the next line.
    const both = `${line.trimEnd()} ${(lines[at + 1] ?? '').replace(/^[\s/*#>|-]+/, '')}`;
    return PHRASES.flatMap(({ pattern, instead }) => {
      const found = pattern.exec(both);
      return found === null || found.index >= line.length ? [] : [`${at + 1}: “${found[0]}”; write ${instead}`];
    }).slice(0, 1);
  });
}

/** Prints each line of a checkout with such a phrase. Returns how many there are. */
function check(root: string): number {
  const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  const found = files
    .filter((name) => TEXTS.test(name) && !NOT_OURS.test(name))
    .flatMap((file) => findPhrases(readFileSync(join(root, file), 'utf8')).map((phrase) => `${file}:${phrase}`));
  for (const phrase of found) process.stderr.write(`${phrase}\n`);
  if (found.length > 0) process.stderr.write('the phrases are listed in docs/decisions/0036\n');
  return found.length;
}

if (import.meta.main) process.exitCode = check(join(import.meta.dirname, '..', '..')) === 0 ? 0 : 1;
