import type { Command, Option } from 'commander';
import { BUILD_ARGUMENT, LATEST } from '../build/build-id.ts';

/** A command of `slipway` as data: what help, completion, man pages and tests say about it. */
export interface CommandEntry {
  /** `['slipway', 'ram', 'user']` */
  readonly path: readonly string[];
  /** Other words for the last one: `add` for `create`. */
  readonly otherNames: readonly string[];
  readonly description: string;
  readonly arguments: readonly ArgumentEntry[];
  readonly options: readonly OptionEntry[];
  readonly commands: readonly CommandEntry[];
  /** It does something itself, and is no mere group of commands. */
  readonly acts: boolean;
}

export interface ArgumentEntry {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isRepeated: boolean;
  /** The words that it takes, if it says so: all of them, or those that are always right. */
  readonly words: readonly string[];
}

export interface OptionEntry {
  /** As in the help: `-f, --follow`, `--tag <name>`. */
  readonly flags: string;
  readonly short: string | undefined;
  readonly long: string;
  readonly description: string;
  /** `<file>`; undefined if it takes no value. */
  readonly value: string | undefined;
  readonly isRepeated: boolean;
  /** The only values that it takes, if it says so. */
  readonly choices: readonly string[];
}

/** The table of a program, without hidden commands and flags; `help` and `-h` are left out, since all have them. */
export function commandTable(program: Command): CommandEntry {
  return entryOf(program, []);
}

/** All commands that do something, in the order of the help. */
export function commandsThatAct(entry: CommandEntry): CommandEntry[] {
  return [...(entry.acts ? [entry] : []), ...entry.commands.flatMap(commandsThatAct)];
}

/** A table and all tables below it. */
export function allEntries(entry: CommandEntry): CommandEntry[] {
  return [entry, ...entry.commands.flatMap(allEntries)];
}

/** Whether a command has a flag, by its long or short form. */
export function hasFlag({ options }: CommandEntry, flag: string): boolean {
  return options.some(({ long, short }) => long === flag || short === flag);
}

function entryOf(command: Command, above: readonly string[]): CommandEntry {
  const help = command.createHelp();
  const path = [...above, command.name()];
  const below = help.visibleCommands(command).filter((each) => each.name() !== 'help');
  const commands = below.map((each) => entryOf(each, path));
  return {
    path,
    otherNames: command.aliases(),
    description: command.description(),
    arguments: command.registeredArguments.map((each) => ({
      name: each.name(),
      description: each.description,
      isRequired: each.required,
      isRepeated: each.variadic,
      words: each.argChoices ?? (each.description === BUILD_ARGUMENT ? [LATEST] : []),
    })),
    options: command.options.filter(({ hidden }) => !hidden).map(optionOf),
    commands,
    acts: commands.length === 0 || command.registeredArguments.length > 0,
  };
}

function optionOf(option: Option): OptionEntry {
  return {
    flags: option.flags,
    short: option.short,
    long: option.long ?? option.flags,
    description: option.description,
    value: option.required || option.optional ? option.flags.slice(option.flags.search(/[<[]/)) : undefined,
    isRepeated: option.variadic,
    choices: option.argChoices ?? [],
  };
}
