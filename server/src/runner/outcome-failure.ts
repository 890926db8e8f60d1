import type { BuildOutcome } from '#sandbox/sandbox.ts';
import { BuildFailed } from './build-failed.ts';
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
      return source(
        `the build took longer than its limit of ${limits.timeoutMs / 1000} seconds, and was stopped at ${at}`,
      );
    case 'out-of-memory':
      return source(`the build ran out of memory at ${at}: its limit is ${limits.memoryBytes} bytes`);
    case 'pids-limit':
      return source(`the build started too many processes at ${at}: its limit is ${limits.pids}`);
    case 'disk-full':
      return source(`the build filled its disk at ${at}: its limit is ${limits.diskBytes} bytes`);
    case 'cancelled':
      return new BuildFailed('cancelled', 'the build was cancelled');
    case 'builder-died':
    case 'network-died':
      return died(outcome, at);
  }
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
  return `the builder ended with exit code ${outcome.exitCode} at ${atStep(output)}`;
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
