import { callNative } from '@slipway/client/call-native.ts';
import type { Client } from '@slipway/client/client.ts';
import type { Step } from '@slipway/client/native.gen.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';

const SHOWN = 10;

/**
 * The step that the log shows under this name, in the API's numbering: `3`, `1:3` for stage 1, `linux/arm64:3` for a
 * platform; `0` for lines outside any step. Throws `CliError` if a build has no such step, or several.
 */
export async function findStep(client: Client, id: string, text: string): Promise<number> {
  if (text === '0') return 0;
  const { Steps } = await callNative(client, 'listSteps', { id });
  const found = Steps.filter((step) => isCalled(step, text));
  const [first] = found;
  if (first === undefined) throw mistake(text, 'the build has no such step', Steps);
  if (found.length > 1) throw mistake(text, 'several steps have this number', found);
  return first.Step;
}

function isCalled({ Stage, Number: number, Platform }: Step, text: string): boolean {
  const [last, ...others] = text.split(':').toReversed();
  return last === String(number) && others.every((part) => part === String(Stage) || part === Platform);
}

function mistake(text: string, what: string, steps: readonly Step[]): CliError {
  const hasStages = steps.some(({ Stage }) => Stage !== steps[0]?.Stage);
  const names = steps.map(({ Stage, Number: number, Platform }) =>
    [Platform, hasStages ? Stage : undefined, number].filter((part) => part !== undefined).join(':'),
  );
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const those = names.length === 0 ? 'it has none' : `give one of ${names.slice(0, SHOWN).join(', ')}${more}`;
  return new CliError(EXIT_CODES.usage, `--step ${JSON.stringify(text)}: ${what}; ${those}`);
}
