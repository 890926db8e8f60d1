import { compareDecisions } from '../../server/src/ram/testing/decision-model.ts';

const SEEDS = 4;

/**
 * Compares `count` decisions with those of a naive evaluator, from a few seeds, and prints the verdicts. Throws at the
 * first difference.
 */
export function soakRam(decisions: number, firstSeed: number): void {
  for (let seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
    const seen = compareDecisions(Math.ceil(decisions / SEEDS), seed);
    const verdicts = [...seen].sort().map(([verdict, times]) => `${verdict}: ${times}`);
    process.stdout.write(`seed ${seed}; ${verdicts.join(', ')}\n`);
  }
}
