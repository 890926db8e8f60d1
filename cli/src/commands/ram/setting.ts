import { Option } from 'commander';
import { CliError, EXIT_CODES } from '../../error/cli-error.ts';
import { columns } from '../../frame/account-command.ts';
import type { CommandOptions } from '../../frame/server-command.ts';

/** An option, its description, and the API parameter that it sets. */
export type Setting = readonly [flags: string, description: string, parameter: string];

/** The parameters of the given options. */
export function givenParams(settings: readonly Setting[], options: CommandOptions): Record<string, unknown> {
  const given = settings.flatMap(([flags, , parameter]): [string, unknown][] => {
    const value = options[new Option(flags).attributeName()];
    return value === undefined ? [] : [[parameter, value]];
  });
  return Object.fromEntries(given);
}

/** The same of a change. Throws `CliError` if there are none: nothing would change. */
export function paramsOf(settings: readonly Setting[], options: CommandOptions): Record<string, unknown> {
  const given = givenParams(settings, options);
  if (Object.keys(given).length > 0) return given;
  const names = settings.map(([flags]) => new Option(flags).long).join(', ');
  throw new CliError(EXIT_CODES.usage, `say what to change: ${names}`);
}

/** The settings in a reply, by the name of their option; groups in the reply are flattened. */
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
