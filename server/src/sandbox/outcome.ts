import type { BoxEnd } from './box.ts';
import type { RefusedConnection } from './refused-connections.ts';

/** How a build ended, in the words of the log's last lines. */
export type BuildOutcome = {
  /** The builder's own status (a RUN's, where one failed); null when it did not live to give one. */
  exitCode: number | null;
  /** The part that was under way at the end; `done` only when the result is in place. */
  phase: 'setup' | 'build' | 'export' | 'done';
  reason:
    | 'exited'
    | 'timeout'
    | 'cancelled'
    | 'out-of-memory'
    | 'pids-limit'
    | 'builder-died'
    | 'network-died'
    | 'disk-full';
  detail?: string;
  oomKills: number;
  pidsMaxEvents: number;
  /** The repository's own store was used; false also when another build held it. */
  cacheUsed: boolean;
  /** What the build tried to reach and may not, at most some dozens. */
  refused: RefusedConnection[];
};

/** Why the helper itself killed a box. */
export type Stopped = 'timeout' | 'cancelled' | 'host-disk-low';

/** What is known beside the box's own end. */
export type OutcomeFacts = {
  end: BoxEnd;
  stopped: Stopped | undefined;
  /** The store was written full, and the builder complained of no space. */
  isDiskFull: boolean;
  /** The last output has the builder's own `Error: …`, which it prints whenever it gives up by itself. */
  hasSpoken: boolean;
};

/** Decides phase and reason. Only the event lines and the kernel's counters count: a RUN may return any number. */
export function decideOutcome(facts: OutcomeFacts): Omit<BuildOutcome, 'cacheUsed' | 'refused'> {
  const { end, stopped } = facts;
  const status = (name: string): number | undefined => {
    const line = end.events.find((event) => event.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  };
  const built = status('built');
  const exported = status('exported');
  const failure = end.events.find((event) => event.startsWith('failed '))?.slice('failed '.length);
  const { oomKills, pidsMaxEvents } = end.counters;
  const exitCode = built === 0 ? (exported ?? null) : (built ?? null);
  const phase = phaseOf(end, built);
  const base = { exitCode, phase, oomKills, pidsMaxEvents };

  if (phase === 'done') return { ...base, reason: 'exited' };
  if (stopped === 'host-disk-low') {
    return { ...base, reason: 'disk-full', detail: 'the disk of the data folder is nearly full' };
  }
  if (stopped !== undefined) return { ...base, reason: stopped };
  // What the network keeps for a build is the build's own memory.
  if (end.events.includes('network-died') && oomKills === 0) return { ...base, reason: 'network-died' };
  if (facts.isDiskFull) return { ...base, reason: 'disk-full' };
  if (oomKills > 0) return { ...base, reason: 'out-of-memory' };
  if (pidsMaxEvents > 0) return { ...base, reason: 'pids-limit' };
  if (failure !== undefined) return { ...base, reason: 'builder-died', detail: `${failure}: ${end.complaints}` };
  // Above 128 a shell reports a signal; a RUN that returns such a number makes the builder say so.
  const wasKilled = exitCode !== null && exitCode > 128 && !facts.hasSpoken;
  if (wasKilled) return { ...base, exitCode: null, reason: 'builder-died', detail: `signal ${exitCode - 128}` };
  if (exitCode !== null && exitCode !== 0) return { ...base, reason: 'exited' };
  const ended = `the sandbox ended with ${end.signal ?? `status ${end.exitCode}`}`;
  return { ...base, reason: 'builder-died', detail: [ended, end.complaints].filter((part) => part !== '').join(': ') };
}

function phaseOf(end: BoxEnd, built: number | undefined): BuildOutcome['phase'] {
  if (end.events.includes('copied')) return 'done';
  if (built === 0) return 'export';
  return end.events.includes('build') ? 'build' : 'setup';
}
