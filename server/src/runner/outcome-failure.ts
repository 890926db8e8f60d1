import type { BuildOutcome } from '#sandbox/sandbox.ts';
import { BuildFailed, timedOut } from './build-failed.ts';
import { builderWords } from './builder-words.ts';
import type { StepTracker } from './step-tracker.ts';

const REFUSALS_SHOWN = 3;

/** What is known of a build's output when it has ended. */
type Output = Pick<StepTracker, 'step' | 'instruction' | 'hasRun' | 'tail'>;

/** What ended a build in the sandbox, from its outcome and what the builder said last; undefined if it made an image. */
export function outcomeFailure(
  outcome: BuildOutcome,
  output: Output,
  limits: { memoryBytes: number; pids: number; timeoutMs: number; diskBytes: number },
): BuildFailed | undefined {
  const at = atStep(output);
  switch (outcome.reason) {
    case 'exited':
      return outcome.exitCode === 0 ? undefined : exitFailure(outcome, output);
    case 'timeout':
      return stoppedFailure(timedOut(limits.timeoutMs), output);
    case 'out-of-memory':
      return limit(`ran out of memory at ${at}`, mebibytes(limits.memoryBytes), 'build-memory-mebibytes');
    case 'pids-limit':
      return limit(`started too many processes at ${at}`, String(limits.pids), 'build-processes');
    case 'disk-full':
      return outcome.detail === undefined
        ? limit(`filled its disk at ${at}`, mebibytes(limits.diskBytes), 'build-disk-mebibytes')
        : new BuildFailed('machine', `the build was stopped at ${at}: ${outcome.detail}`);
    case 'cancelled':
      return new BuildFailed('cancelled', 'the build was cancelled');
    case 'builder-died':
    case 'network-died':
      return died(outcome, at);
  }
}

/** What stopped a build in the sandbox from outside, with the step that it was at where a limit did. */
export function stoppedFailure(reason: BuildFailed, output: Pick<Output, 'step' | 'instruction'>): BuildFailed {
  if (reason.fault !== 'settings') return reason;
  return new BuildFailed('settings', `${reason.message}, and was stopped at ${atStep(output)}`);
}

function limit(what: string, most: string, setting: string): BuildFailed {
  return new BuildFailed('settings', `the build ${what}: its limit is ${most} (setting ${setting})`);
}

function died(outcome: BuildOutcome, at: string): BuildFailed {
  const what = outcome.reason === 'network-died' ? 'the network of the sandbox' : 'the builder';
  const detail = outcome.detail ? ` (${outcome.detail})` : '';
  return new BuildFailed('machine', `${what} died at ${at}${detail}`, { lostLines: `${what} died` });
}

/** The builder gave up by itself. A build that was refused a connection failed for that, by the operator's setting. */
function exitFailure(outcome: BuildOutcome, output: Output): BuildFailed {
  const { exitCode } = outcome;
  const fault = outcome.refused.length > 0 ? 'settings' : 'source';
  if (outcome.phase === 'export')
    return new BuildFailed('machine', `the finished image could not be written: exit code ${exitCode}`);
  if (output.hasRun && exitCode !== null && output.tail.trimEnd().endsWith(`: exit status ${exitCode}`)) {
    const what = `step ${output.step} failed with exit code ${exitCode}: ${shorten(output.instruction ?? '')}`;
    return new BuildFailed(fault, `${what}${refusedWith(outcome)}`, { exitCode });
  }
  const subject = output.instruction === undefined ? 'the Dockerfile' : atStep(output);
  const said = builderWords(output.tail, output.instruction);
  if (said === undefined)
    return new BuildFailed('machine', `the builder ended with exit code ${exitCode} at ${atStep(output)}`);
  if (said.fault === 'machine') return new BuildFailed('machine', `${subject} was not built: ${said.words}`);
  return new BuildFailed(fault, `${subject} cannot be built: ${said.words}${refusedWith(outcome)}`);
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

function atStep(output: Pick<Output, 'step' | 'instruction'>): string {
  return output.instruction === undefined ? 'its start' : `step ${output.step} (${shorten(output.instruction)})`;
}

function shorten(instruction: string): string {
  return instruction.length > 200 ? `${instruction.slice(0, 200)}…` : instruction;
}
