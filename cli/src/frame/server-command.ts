import type { Command } from 'commander';
import { Output } from '../output/output.ts';
import { jsonText } from '../output/print-log.ts';
import { say } from '../output/say.ts';
import type { Server } from '../server/find-server.ts';
import { onServer, type ServerOptions, withServer } from '../server/on-server.ts';

/** What a command shows: its data for `--json`, and lines and remarks for people. */
export interface Shown {
  /** A list is printed one entry a line, everything else as one document on one line. */
  readonly data: unknown;
  /** The result, on standard output. */
  readonly lines: readonly string[];
  /** What goes to standard error. */
  readonly notes?: readonly string[];
  /** Thrown once everything was shown. */
  readonly failure?: Error;
}

/** A flag in commander's notation and its description; what follows is for others. */
export type CommandOption = readonly [flags: string, description: string, ...more: unknown[]];

/** What a command is given: its arguments by position, and its options by their names. */
export type CommandOptions = ServerOptions & { json: boolean } & Record<string, unknown>;

/** The description of `--json`, which is the same everywhere. */
export const JSON_FLAG = ['--json', 'print JSON, one document per line, and errors as JSON too'] as const;

/** Adds `<usage>` to a group of commands: it finds its server, acts, and shows what came of it. */
export function serverCommand(
  group: Command,
  usage: string,
  description: string,
  options: readonly CommandOption[],
  act: (server: Server, args: readonly string[], options: CommandOptions) => Promise<Shown>,
): Command {
  const command = addCommand(group, usage, description, options);
  return withServer(command).action(async () => {
    const given = command.opts<CommandOptions>();
    await onServer(given, async (server) => show(await act(server, command.args, given), given.json));
  });
}

/** The same for a command that needs no server. */
export function localCommand(
  group: Command,
  usage: string,
  description: string,
  options: readonly CommandOption[],
  act: (args: readonly string[], options: CommandOptions) => Promise<Shown> | Shown,
): Command {
  const command = addCommand(group, usage, description, options);
  return command.action(async () => {
    const given = command.opts<CommandOptions>();
    await show(await act(command.args, given), given.json);
  });
}

function addCommand(group: Command, usage: string, description: string, options: readonly CommandOption[]): Command {
  const command = group.command(usage).description(description);
  for (const [flags, text] of options) command.option(flags, text);
  return command.option(...JSON_FLAG, false);
}

/** Prints what a command shows. With `--json` the data has everything, so remarks are left out. */
export async function show({ data, lines, notes = [], failure }: Shown, json: boolean): Promise<void> {
  const output = new Output();
  const documents = () => (Array.isArray(data) ? data : [data]).map((each) => jsonText(each, output.terminal));
  const shown = json ? documents() : lines;
  await output.write(shown.map((line) => `${line}\n`).join(''));
  if (!json) for (const note of notes) say(note);
  if (failure !== undefined) throw failure;
}
