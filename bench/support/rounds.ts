import { median, percentile, shown } from './figures.ts';

/**
 * One candidate of a comparison: an act, done `acts` times a round. `cpuMs` is the processor time of its server, if it
 * has one.
 */
export interface Candidate {
  name: string;
  acts: number;
  act: (index: number) => Promise<unknown> | unknown;
  cpuMs?: () => number;
}

/** Microseconds per act: medians over the rounds of each round's median, 99th percentile and processor time. */
export interface Spent {
  p50Us: number;
  p99Us: number;
  cpuUs: number;
}

/**
 * Measures all candidates in turn, round after round, since a machine's speed drifts; the first round is a warm-up and
 * does not count. The indexes passed to an act never repeat.
 */
export async function measure(candidates: readonly Candidate[], rounds: number): Promise<(name: string) => Spent> {
  const spent = new Map<string, Spent[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const candidate of candidates) {
      const result = await oneRound(candidate, round * candidate.acts);
      if (round > 0) spent.get(candidate.name)?.push(result);
    }
  }
  return (name) => {
    const results = spent.get(name);
    if (results === undefined) throw new Error(`no candidate ${name}`);
    return {
      p50Us: median(results.map(({ p50Us }) => p50Us)),
      p99Us: median(results.map(({ p99Us }) => p99Us)),
      cpuUs: median(results.map(({ cpuUs }) => cpuUs)),
    };
  };
}

/** One line with the cost of an act. */
export function spentText({ p50Us, p99Us, cpuUs }: Spent): string {
  return `p50 ${shown(p50Us)} us, p99 ${shown(p99Us)} us, cpu ${shown(cpuUs)} us`;
}

/** Offsets that are spread over a log of that many lines, the same in every run. */
export function randomOffset(index: number, lineCount: number): number {
  return Math.floor(((index * 0.618_033_988_75) % 1) * (lineCount - 100));
}

async function oneRound({ acts, act, cpuMs }: Candidate, firstIndex: number): Promise<Spent> {
  const timesUs: number[] = [];
  const serverBefore = cpuMs?.() ?? 0;
  const before = process.cpuUsage();
  for (let index = 0; index < acts; index += 1) {
    const start = performance.now();
    const result = act(firstIndex + index);
    if (result instanceof Promise) await result;
    timesUs.push((performance.now() - start) * 1000);
  }
  const { user, system } = process.cpuUsage(before);
  const serverUs = ((cpuMs?.() ?? 0) - serverBefore) * 1000;
  return { p50Us: median(timesUs), p99Us: percentile(timesUs, 99), cpuUs: (user + system + serverUs) / acts };
}
