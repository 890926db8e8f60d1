import { Option } from 'commander';
import { type AccountOptions, columns } from '../../account-command.ts';
import { CliError, EXIT_CODES } from '../../cli-error.ts';

/** An option, what it says, and the parameter of the API that it becomes. */
export type Setting = readonly [flags: string, description: string, parameter: string];

/** The parameters of the options that were given. Throws `CliError` where none was: nothing would change. */
export function paramsOf(settings: readonly Setting[], options: AccountOptions): Record<string, unknown> {
  const given = settings.flatMap(([flags, , parameter]): [string, unknown][] => {
    const value = options[new Option(flags).attributeName()];
    return value === undefined ? [] : [[parameter, value]];
  });
  if (given.length > 0) return Object.fromEntries(given);
  const names = settings.map(([flags]) => new Option(flags).long).join(', ');
  throw new CliError(EXIT_CODES.usage, `say what to change: ${names}`);
}

/** What a reply says of each setting, under the name of its option; groups in a reply are no matter. */
export function settingLines(settings: readonly Setting[], reply: unknown): string[] {
  const values = new Map(leavesOf(reply));
  const rows = settings.flatMap(([flags, , parameter]) => {
    const value = values.get(parameter);
    return value === undefined ? [] : [[new Option(flags).name(), value]];
  });
  return columns(rows);
}

function leavesOf(value: unknown): [name: string, value: string][] {
  return Object.entries(value ?? {}).flatMap(([name, item]): [string, string][] =>
    typeof item === 'object' ? leavesOf(item) : [[name, String(item)]],
  );
}
