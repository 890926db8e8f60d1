/** Words are alike if at most this share of the longer one differs. */
const ALIKE = 0.4;
const SHOWN = 3;

/** The candidates that a mistyped word may mean: those that differ least from it, if they are like it at all. */
export function nearest(word: string, candidates: Iterable<string>): string[] {
  const typed = word.toLowerCase();
  const measured = [...candidates].map((name) => ({ name, steps: distance(typed, name.toLowerCase()) }));
  const least = Math.min(...measured.map(({ steps }) => steps));
  return measured
    .filter(({ name, steps }) => steps === least && steps <= ALIKE * Math.max(word.length, name.length))
    .map(({ name }) => name)
    .slice(0, SHOWN);
}

/** ` (Did you mean A or B?)`, or nothing. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const names = nearest(word, candidates);
  return names.length === 0 ? '' : ` (Did you mean ${names.join(' or ')}?)`;
}

/**
 * How many characters must be inserted, removed, replaced or swapped with their neighbour to make one word of another:
 * the optimal string alignment distance, one row of its table after another.
 */
function distance(from: string, to: string): number {
  let [before, row]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const costs = [at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + (same ? 0 : 1)];
      next.push(Math.min(...costs, ...(isSwapped ? [at(before, j - 2) + 1] : [])));
    }
    [before, row] = [row, next];
  }
  return at(row, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}
