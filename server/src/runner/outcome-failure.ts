import type { BuildOutcome } from '#sandbox/sandbox.ts';
import { BuildFailed, timedOut } from './build-failed.ts';
import { builderWords } from './builder-words.ts';
import type { StepTracker } from './step-tracker.ts';

const REFUSALS_SHOWN = 3;

/** What ended a build in the sandbox, from its outcome and its last output; undefined if it made an image. */
export function outcomeFailure(
  outcome: BuildOutcome,
  output: Pick<StepTracker, 'step' | 'instruction' | 'tail'>,
  limits: { memoryBytes: number; pids: number; timeoutMs: number; diskBytes: number },
): BuildFailed | undefined {
  const at = atStep(output);
  switch (outcome.reason) {
    case 'exited':
      return outcome.exitCode === 0 ? undefined : source(exitSentence(outcome, output));
    case 'timeout':
      return stoppedFailure(timedOut(limits.timeoutMs), output);
    case 'out-of-memory':
      return source(
        `the build ran out of memory at ${at}: its limit is ${mebibytes(limits.memoryBytes)} (setting build-memory-mebibytes)`,
      );
    case 'pids-limit':
      return source(
        `the build started too many processes at ${at}: its limit is ${limits.pids} (setting build-processes)`,
      );
    case 'disk-full':
      return outcome.detail === undefined
        ? source(
            `the build filled its disk at ${at}: its limit is ${mebibytes(limits.diskBytes)} (setting build-disk-mebibytes)`,
          )
        : new BuildFailed('machine', `the build was stopped at ${at}: ${outcome.detail}`);
    case 'cancelled':
      return new BuildFailed('cancelled', 'the build was cancelled');
    case 'builder-died':
    case 'network-died':
      return died(outcome, at);
  }
}

/** What stopped a build in the sandbox from outside, with the step that it was at where the source is to blame. */
export function stoppedFailure(reason: BuildFailed, output: Pick<StepTracker, 'step' | 'instruction'>): BuildFailed {
  return reason.fault === 'source' ? source(`${reason.message}, and was stopped at ${atStep(output)}`) : reason;
}

function source(message: string): BuildFailed {
  return new BuildFailed('source', message);
}

function died(outcome: BuildOutcome, at: string): BuildFailed {
  const what = outcome.reason === 'network-died' ? 'the network of the sandbox' : 'the builder';
  const detail = outcome.detail ? ` (${outcome.detail})` : '';
  return new BuildFailed('machine', `${what} died at ${at}${detail}`, { lostLines: `${what} died` });
}

function exitSentence(outcome: BuildOutcome, output: Pick<StepTracker, 'step' | 'instruction' | 'tail'>): string {
  const ended = /building at STEP "([^\n]*)":[^\n]*exit status (\d+)\s*$/m.exec(output.tail);
  if (ended) {
    return `step ${output.step} failed with exit code ${ended[2]}: ${shorten(ended[1] ?? '')}${refusedWith(outcome)}`;
  }
  if (outcome.phase === 'export') return `the finished image could not be written: exit code ${outcome.exitCode}`;
  const words = builderWords(output.tail);
  return words === undefined
    ? `the builder ended with exit code ${outcome.exitCode} at ${atStep(output)}`
    : `${atStep(output)} cannot be built: ${words}${refusedWith(outcome)}`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

function refusedWith({ refused }: BuildOutcome): string {
  if (refused.length === 0) return '';
  const shown = refused.slice(0, REFUSALS_SHOWN).map(({ address, port, protocol }) => `${address}:${port}/${protocol}`);
  const more = refused.length > shown.length ? ` and ${refused.length - shown.length} more` : '';
  return `; the build was refused ${shown.join(', ')}${more} (setting build-allow-addresses)`;
}

function atStep(output: Pick<StepTracker, 'step' | 'instruction'>): string {
  return output.instruction === undefined ? 'its start' : `step ${output.step} (${shorten(output.instruction)})`;
}

function shorten(instruction: string): string {
  return instruction.length > 200 ? `${instruction.slice(0, 200)}…` : instruction;
}
