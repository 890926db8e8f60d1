import type { Severity } from './advisory.ts';

const WORDS: Readonly<Record<string, Severity>> = {
  critical: 'High',
  high: 'High',
  important: 'High',
  medium: 'Medium',
  moderate: 'Medium',
  low: 'Low',
  minor: 'Low',
  negligible: 'Low',
  unimportant: 'Low',
};

/** The severity that a word means in any of the databases; undefined for other words. */
export function severityOfWord(word: unknown): Severity | undefined {
  // Debian marks with stars what a machine judged.
  const text = typeof word === 'string' ? word.toLowerCase().replaceAll('*', '').trim() : '';
  return Object.hasOwn(WORDS, text) ? WORDS[text] : undefined;
}

const WEIGHTS = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
} as const;
/** Unchanged scope, and changed. */
const PRIVILEGES: Readonly<Record<string, readonly [number, number]>> = {
  N: [0.85, 0.85],
  L: [0.62, 0.68],
  H: [0.27, 0.5],
};

/** The severity of a CVSS vector of version 3; undefined for others. https://www.first.org/cvss/v3.1/specification-document */
export function severityOfVector(vector: string): Severity | undefined {
  const [version, ...parts] = vector.split('/');
  if (version !== 'CVSS:3.0' && version !== 'CVSS:3.1') return undefined;
  const given = new Map(parts.map((part) => part.split(':', 2) as [string, string]));
  const weight = (name: keyof typeof WEIGHTS): number =>
    (WEIGHTS[name] as Record<string, number>)[given.get(name) ?? ''] ?? Number.NaN;
  const isChanged = given.get('S') === 'C';
  const privileges = PRIVILEGES[given.get('PR') ?? '']?.[isChanged ? 1 : 0] ?? Number.NaN;
  const lost = 1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A'));
  const impact = isChanged ? 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 : 6.42 * lost;
  const ease = 8.22 * weight('AV') * weight('AC') * privileges * weight('UI');
  const score = impact <= 0 ? 0 : Math.min(10, isChanged ? 1.08 * (impact + ease) : impact + ease);
  if (Number.isNaN(score)) return undefined;
  const rounded = Math.ceil(score * 10 - 1e-6) / 10;
  return rounded >= 7 ? 'High' : rounded >= 4 ? 'Medium' : rounded > 0 ? 'Low' : 'Unknown';
}
