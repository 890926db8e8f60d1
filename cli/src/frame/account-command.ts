import type { Client } from '@slipway/client/client.ts';
import type { Command } from 'commander';
import { type CommandOption, type CommandOptions, type Shown, serverCommand } from './server-command.ts';

/** Adds `<usage>` to a group of commands of the account: they call the server, and need nothing else of it. */
export function accountCommand(
  group: Command,
  usage: string,
  description: string,
  options: readonly CommandOption[],
  act: (client: Client, args: readonly string[], options: CommandOptions) => Promise<Shown>,
): void {
  serverCommand(group, usage, description, options, ({ client }, args, given) => act(client, args, given));
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
