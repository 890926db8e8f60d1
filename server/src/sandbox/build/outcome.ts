import type { BoxEnd } from '../box/box.ts';
import type { BuildOutcome } from '../protocol/reply.ts';

/** Why the helper killed a box. */
export type Stopped = 'timeout' | 'cancelled' | 'host-disk-low';

/** What is known in addition to how the box ended. */
export interface OutcomeFacts {
  end: BoxEnd;
  stopped: Stopped | undefined;
}

/** The outcome of a build that was cancelled while it waited for its turn. */
export const CANCELLED_IN_WAIT: BuildOutcome = {
  phase: 'setup',
  reason: 'cancelled',
  exitCode: null,
  oomKills: 0,
  pidsMaxEvents: 0,
  cacheUsed: false,
  refused: [],
};

/** Decides phase and reason from the event lines and the kernel's counters alone. */
export function decideOutcome({ end, stopped }: OutcomeFacts): Omit<BuildOutcome, 'cacheUsed' | 'refused'> {
  const said = (name: string): string | undefined =>
    end.events.find((event) => event.startsWith(`${name} `))?.slice(name.length + 1);
  const built = said('built') === undefined ? undefined : Number(said('built'));
  const noEmulation = said('no-emulation');
  const failure =
    said('failed') ?? said('no-daemon') ?? (noEmulation && `emulators were not registered: ${noEmulation}`);
  const { oomKills, pidsMaxEvents } = end.counters;
  const exitCode = built ?? null;
  const phase = phaseOf(end, built);
  const base = { exitCode, phase, oomKills, pidsMaxEvents };

  if (phase === 'done') return { ...base, reason: 'exited' };
  if (stopped === 'host-disk-low') {
    return { ...base, reason: 'disk-full', detail: 'the disk of the data folder is nearly full' };
  }
  if (stopped !== undefined) return { ...base, reason: stopped };
  // Memory that the network uses for a build counts as the build's memory.
  if (end.events.includes('network-died') && oomKills === 0) return { ...base, reason: 'network-died' };
  if (end.events.includes('disk-full')) return { ...base, reason: 'disk-full' };
  if (oomKills > 0) return { ...base, reason: 'out-of-memory' };
  if (pidsMaxEvents > 0) return { ...base, reason: 'pids-limit' };
  if (failure !== undefined) return { ...base, reason: 'builder-died', detail: `${failure}: ${end.complaints}` };
  if (end.events.includes('containerd-died')) {
    return { ...base, exitCode: null, reason: 'builder-died', detail: 'its containerd ended' };
  }
  // A shell reports signals as numbers above 128; the builder's client uses small numbers.
  if (end.events.includes('daemon-died') || (exitCode !== null && exitCode > 128)) {
    const detail = exitCode !== null && exitCode > 128 ? `signal ${exitCode - 128}` : 'its daemon ended';
    return { ...base, exitCode: null, reason: 'builder-died', detail };
  }
  if (exitCode !== null && exitCode !== 0) return { ...base, reason: 'exited' };
  const ended = `the sandbox ended with ${end.signal ?? `status ${end.exitCode}`}`;
  return { ...base, reason: 'builder-died', detail: [ended, end.complaints].filter((part) => part !== '').join(': ') };
}

function phaseOf(end: BoxEnd, built: number | undefined): BuildOutcome['phase'] {
  if (end.events.includes('copied')) return 'done';
  if (built === 0) return 'export';
  return end.events.includes('build') ? 'build' : 'setup';
}
