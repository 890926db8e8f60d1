import { Option } from 'commander';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import type { CommandOption, CommandOptions } from './server-command.ts';

/** The option without which nothing is deleted. */
export const MEANT: CommandOption = ['--yes', 'really delete it'];

/** Throws `CliError` unless the caller said that the deletion is meant. `does` completes “this …”. */
export function checkMeant({ yes }: CommandOptions, does: string): void {
  if (yes !== true) throw new CliError(EXIT_CODES.usage, `this ${does}; add --yes if you mean it`);
}

/** The value of an option that is on or off; undefined if it was not given. Throws `CliError`. */
export function onOff(name: string, given: unknown): boolean | undefined {
  if (given === undefined) return undefined;
  if (given === 'on' || given === 'off') return given === 'on';
  throw new CliError(EXIT_CODES.usage, `${name} must be on or off, not ${JSON.stringify(given)}`);
}

/** The value of `--type` of a repository. Throws `CliError`. */
export function repoTypeOf(given: unknown): 'PUBLIC' | 'PRIVATE' | undefined {
  if (given === undefined) return undefined;
  const type = String(given).toUpperCase();
  if (type === 'PUBLIC' || type === 'PRIVATE') return type;
  throw new CliError(EXIT_CODES.usage, `--type must be public or private, not ${JSON.stringify(given)}`);
}

/** The value of an option that takes a text; undefined if it was not given. */
export function textOf(given: unknown): string | undefined {
  return typeof given === 'string' ? given : undefined;
}

/** Throws `CliError` if none of the options of a change was given: nothing would change. */
export function checkChanges(settings: readonly CommandOption[], options: CommandOptions): void {
  const named = settings.map(([flags]) => new Option(flags));
  if (named.some((option) => options[option.attributeName()] !== undefined)) return;
  throw new CliError(EXIT_CODES.usage, `say what to change: ${named.map(({ long }) => long).join(', ')}`);
}
