import { shownStep } from '#build/build-step.ts';
import type { FailureFacts, FailureKind } from '#build/failure/failure-kind.ts';
import type { BuildOutcome } from '#sandbox/client/sandbox.ts';
import { finalError } from '#sandbox/protocol/builder-errors.ts';
import { BuildFailed, cancelled, timedOut } from '../failure/build-failed.ts';
import type { BuildOutput } from '../output/build-output.ts';
import { exitCodeOf } from '../output/build-output.ts';
import type { AnnouncedStep } from '../output/builder-progress.ts';
import { builderWords } from '../output/builder-words.ts';
import { shownPlatform } from '../output/step-name.ts';
import { mebibytes } from '../work/mebibytes.ts';

const REFUSALS_SHOWN = 3;

/** The limits of the build. */
interface Limits {
  memoryBytes: number;
  pids: number;
  timeoutMs: number;
  diskBytes: number;
  /** Whether builds have no network. */
  isOffline?: boolean;
}
/** What is known about a build's output after it ended. */
type Output = Pick<BuildOutput, 'newest' | 'failed' | 'words'>;

/** How a sentence names the point where a build ended: with the instruction there, and without it. */
interface PointNames {
  full: string;
  short: string;
}

/**
 * What ended a build in the sandbox, from its outcome and the builder's last messages; undefined if it made an image.
 */
export function outcomeFailure(outcome: BuildOutcome, output: Output, limits: Limits): BuildFailed | undefined {
  const at = atStep(output);
  switch (outcome.reason) {
    case 'exited':
      return outcome.exitCode === 0 ? undefined : exitFailure(outcome, output, limits);
    case 'timeout':
      return stoppedFailure(timedOut(limits.timeoutMs), output);
    case 'out-of-memory':
      return limit('memory-limit', 'ran out of memory', at, mebibytes(limits.memoryBytes), 'build-memory-mebibytes');
    case 'pids-limit':
      return limit('process-limit', 'started too many processes', at, String(limits.pids), 'build-processes');
    case 'disk-full':
      return outcome.detail === undefined
        ? diskFull(at, limits)
        : failedAt(at, 'disk-low', (point) => `the build was stopped at ${point}: ${outcome.detail}`);
    case 'cancelled':
      return cancelled();
    case 'builder-died':
    case 'network-died':
      return died(outcome, at);
  }
}

/** What stopped a build in the sandbox from outside, with the current step if it was a limit. */
export function stoppedFailure(reason: BuildFailed, output: Pick<Output, 'newest'>): BuildFailed {
  if (reason.fault !== 'settings') return reason;
  return failedAt(atStep(output), reason.kind, (point) => `${reason.message}, and was stopped at ${point}`);
}

/** The failure of a build at a point, in a sentence that names the point. */
function failedAt(
  at: PointNames,
  kind: FailureKind,
  sentence: (point: string) => string,
  options?: { lostLines?: string; facts?: FailureFacts },
): BuildFailed {
  return new BuildFailed(kind, sentence(at.full), { ...options, summary: sentence(at.short) });
}

function limit(kind: FailureKind, what: string, at: PointNames, most: string, setting: string): BuildFailed {
  const end = `its limit is ${most} (setting ${setting})`;
  return failedAt(at, kind, (point) => `the build ${what} at ${point}: ${end}`);
}

function diskFull(at: PointNames, { diskBytes }: Limits): BuildFailed {
  return limit('disk-limit', 'filled its disk', at, mebibytes(diskBytes), 'build-disk-mebibytes');
}

function died(outcome: BuildOutcome, at: PointNames): BuildFailed {
  const what = outcome.reason === 'network-died' ? 'the network of the sandbox' : 'the builder';
  const detail = outcome.detail ? ` (${outcome.detail})` : '';
  if (outcome.phase === 'setup' && outcome.reason === 'builder-died') {
    const message = `the sandbox of the build did not start${detail}; run slipway doctor to see what this machine lacks`;
    return new BuildFailed('sandbox-not-started', message, { lostLines: 'the sandbox did not start' });
  }
  const kind = outcome.reason === 'network-died' ? 'network-died' : 'builder-died';
  return failedAt(at, kind, (point) => `${what} died at ${point}${detail}`, { lostLines: `${what} died` });
}

/**
 * The builder gave up by itself. If a connection was refused, that is the reason, and it is due to the operator's
 * setting.
 */
function exitFailure(outcome: BuildOutcome, output: Output, limits: Limits): BuildFailed {
  const isRefused = outcome.refused.length > 0;
  const { failed } = output;
  if (failed?.isLost) return died({ ...outcome, detail: 'the runtime of the step was killed' }, stepName(failed.step));
  const exitCode = failed && exitCodeOf(failed.error);
  if (failed && exitCode !== undefined) {
    const what = `step ${shownStep(failed.step)} failed with exit code ${exitCode}${onPlatform(failed.step)}`;
    const refused = refusedWith(outcome);
    const message = `${what}: ${shorten(failed.step.instruction)}${refused}`;
    const kind = limits.isOffline ? 'step-failed-offline' : 'step-failed';
    const summary = `${what}${refused}`;
    return new BuildFailed(isRefused ? 'step-connection-refused' : kind, message, { exitCode, summary });
  }
  const at = failed ? stepName(failed.step) : pointName('the Dockerfile');
  const reason = failed?.error ?? finalError(output.words);
  if (reason === undefined)
    return failedAt(
      atStep(output),
      'builder-failed',
      (point) => `the builder ended with exit code ${outcome.exitCode} at ${point}`,
    );
  const said = builderWords(reason, failed?.step.instruction ?? '');
  // Other reasons quote what the Dockerfile says.
  const isUnclear = said.kind === 'step-not-built' || said.kind === 'builder-failed';
  if (isUnclear && reason.includes('no space left on device')) return diskFull(failed ? at : atStep(output), limits);
  if (said.kind === 'builder-failed')
    return failedAt(at, said.kind, (point) => `${point} was not built: ${said.words}`);
  const kind = isRefused ? 'step-connection-refused' : said.kind;
  const facts = said.secret === undefined ? {} : { secret: said.secret };
  return failedAt(at, kind, (point) => `${point} cannot be built: ${said.words}${refusedWith(outcome)}`, { facts });
}

function refusedWith({ refused }: BuildOutcome): string {
  if (refused.length === 0) return '';
  const shown = refused.slice(0, REFUSALS_SHOWN).map(({ address, port, protocol }) => `${address}:${port}/${protocol}`);
  const more = refused.length > shown.length ? ` and ${refused.length - shown.length} more` : '';
  return `; the build was refused ${shown.join(', ')}${more} (setting build-allow-addresses)`;
}

function atStep({ newest }: Pick<Output, 'newest'>): PointNames {
  return newest === undefined ? pointName('its start') : stepName(newest);
}

function stepName(step: AnnouncedStep): PointNames {
  const name = `step ${shownStep(step)}`;
  return {
    full: `${name} (${shorten(step.instruction)})${onPlatform(step)}`,
    short: `${name}${onPlatform(step)}`,
  };
}

function pointName(name: string): PointNames {
  return { full: name, short: name };
}

function onPlatform(step: Pick<AnnouncedStep, 'platform' | 'targetPlatform'>): string {
  const platform = shownPlatform(step);
  return platform === undefined ? '' : ` on ${platform}`;
}

function shorten(instruction: string): string {
  return instruction.length > 200 ? `${instruction.slice(0, 200)}…` : instruction;
}
