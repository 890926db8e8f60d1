import { shownStep } from '#build/build-step.ts';
import type { BuildOutcome } from '#sandbox/client/sandbox.ts';
import { BuildFailed, timedOut } from '../failure/build-failed.ts';
import type { BuildOutput } from '../output/build-output.ts';
import { exitCodeOf } from '../output/build-output.ts';
import type { AnnouncedStep } from '../output/builder-progress.ts';
import { builderWords, finalError } from '../output/builder-words.ts';
import { shownPlatform } from '../output/step-name.ts';
import { mebibytes } from '../work/mebibytes.ts';

const REFUSALS_SHOWN = 3;

/** The limits of the build. */
interface Limits {
  memoryBytes: number;
  pids: number;
  timeoutMs: number;
  diskBytes: number;
}
/** What is known about a build's output after it ended. */
type Output = Pick<BuildOutput, 'newest' | 'failed' | 'words'>;

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
      return limit(`ran out of memory at ${at}`, mebibytes(limits.memoryBytes), 'build-memory-mebibytes');
    case 'pids-limit':
      return limit(`started too many processes at ${at}`, String(limits.pids), 'build-processes');
    case 'disk-full':
      return outcome.detail === undefined
        ? diskFull(at, limits)
        : new BuildFailed('machine', `the build was stopped at ${at}: ${outcome.detail}`);
    case 'cancelled':
      return new BuildFailed('cancelled', 'the build was cancelled');
    case 'builder-died':
    case 'network-died':
      return died(outcome, at);
  }
}

/** What stopped a build in the sandbox from outside, with the current step if it was a limit. */
export function stoppedFailure(reason: BuildFailed, output: Pick<Output, 'newest'>): BuildFailed {
  if (reason.fault !== 'settings') return reason;
  return new BuildFailed('settings', `${reason.message}, and was stopped at ${atStep(output)}`);
}

function limit(what: string, most: string, setting: string): BuildFailed {
  return new BuildFailed('settings', `the build ${what}: its limit is ${most} (setting ${setting})`);
}

function diskFull(at: string, { diskBytes }: Limits): BuildFailed {
  return limit(`filled its disk at ${at}`, mebibytes(diskBytes), 'build-disk-mebibytes');
}

function died(outcome: BuildOutcome, at: string): BuildFailed {
  const what = outcome.reason === 'network-died' ? 'the network of the sandbox' : 'the builder';
  const detail = outcome.detail ? ` (${outcome.detail})` : '';
  if (outcome.phase === 'setup' && outcome.reason === 'builder-died') {
    const message = `the sandbox of the build did not start${detail}; run slipway doctor to see what this machine lacks`;
    return new BuildFailed('machine', message, { lostLines: 'the sandbox did not start' });
  }
  return new BuildFailed('machine', `${what} died at ${at}${detail}`, { lostLines: `${what} died` });
}

/**
 * The builder gave up by itself. If a connection was refused, that is the reason, and it is due to the operator's
 * setting.
 */
function exitFailure(outcome: BuildOutcome, output: Output, limits: Limits): BuildFailed {
  const fault = outcome.refused.length > 0 ? 'settings' : 'source';
  const { failed } = output;
  if (failed?.isLost) return died({ ...outcome, detail: 'the runtime of the step was killed' }, stepName(failed.step));
  const exitCode = failed && exitCodeOf(failed.error);
  if (failed && exitCode !== undefined) {
    const what = `step ${shownStep(failed.step)} failed with exit code ${exitCode}${onPlatform(failed.step)}: ${shorten(failed.step.instruction)}`;
    return new BuildFailed(fault, `${what}${refusedWith(outcome)}`, { exitCode });
  }
  const at = failed ? stepName(failed.step) : 'the Dockerfile';
  const reason = failed?.error ?? finalError(output.words);
  if (reason === undefined)
    return new BuildFailed('machine', `the builder ended with exit code ${outcome.exitCode} at ${atStep(output)}`);
  if (reason.includes('no space left on device')) return diskFull(failed ? at : atStep(output), limits);
  const said = builderWords(reason, failed?.step.instruction ?? '');
  if (said.fault === 'machine') return new BuildFailed('machine', `${at} was not built: ${said.words}`);
  return new BuildFailed(fault, `${at} cannot be built: ${said.words}${refusedWith(outcome)}`);
}

function refusedWith({ refused }: BuildOutcome): string {
  if (refused.length === 0) return '';
  const shown = refused.slice(0, REFUSALS_SHOWN).map(({ address, port, protocol }) => `${address}:${port}/${protocol}`);
  const more = refused.length > shown.length ? ` and ${refused.length - shown.length} more` : '';
  return `; the build was refused ${shown.join(', ')}${more} (setting build-allow-addresses)`;
}

function atStep({ newest }: Pick<Output, 'newest'>): string {
  return newest === undefined ? 'its start' : stepName(newest);
}

function stepName(step: AnnouncedStep): string {
  return `step ${shownStep(step)} (${shorten(step.instruction)})${onPlatform(step)}`;
}

function onPlatform(step: Pick<AnnouncedStep, 'platform' | 'targetPlatform'>): string {
  const platform = shownPlatform(step);
  return platform === undefined ? '' : ` on ${platform}`;
}

function shorten(instruction: string): string {
  return instruction.length > 200 ? `${instruction.slice(0, 200)}…` : instruction;
}
