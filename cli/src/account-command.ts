import type { Client } from '@slipway/client/client.ts';
import type { Command } from 'commander';
import { onServer, withServer } from './on-server.ts';
import { Output } from './output.ts';
import { jsonText } from './print-log.ts';

/** What a command of the account shows: its data for `--json`, and lines for people. */
export interface Shown {
  readonly data: unknown;
  readonly lines: readonly string[];
}

/** Options that every such command has, in addition to its own. */
export type AccountOptions = { json: boolean; endpoint?: string; data?: string } & Record<string, unknown>;

/** Adds `<usage>` to a group of commands: it finds its server, acts, and shows what came of it. */
export function accountCommand(
  group: Command,
  usage: string,
  description: string,
  options: readonly (readonly [flags: string, description: string, ...rest: unknown[]])[],
  act: (client: Client, args: readonly string[], options: AccountOptions) => Promise<Shown>,
): void {
  const command = group.command(usage).description(description);
  for (const [flags, text] of options) command.option(flags, text);
  withServer(command.option('--json', 'print JSON as the API gives it', false)).action(async () => {
    const given = command.opts<AccountOptions>();
    await onServer(given, async (server) => {
      const { data, lines } = await act(server.client, command.args, given);
      const output = new Output();
      const text = given.json ? jsonText(data, output.terminal, 2) : lines.join('\n');
      await output.write(text === '' ? '' : `${text}\n`);
    });
  });
}

/** Rows as columns of even width, with no space at the end of a line. */
export function columns(rows: readonly (readonly (string | undefined)[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell?.length ?? 0);
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (cell ?? '').padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** All pages of a list that continues at a marker. */
export async function everyPage<R extends { IsTruncated?: boolean | undefined; Marker?: string | undefined }, T>(
  read: (page: { Marker?: string }) => Promise<R>,
  items: (reply: R) => readonly T[] | undefined,
): Promise<T[]> {
  const all: T[] = [];
  for (let marker: string | undefined; ; ) {
    const reply = await read(marker === undefined ? {} : { Marker: marker });
    all.push(...(items(reply) ?? []));
    if (!reply.IsTruncated || reply.Marker === undefined) return all;
    marker = reply.Marker;
  }
}
