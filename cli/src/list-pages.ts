import type { Client } from '@slipway/client/client.ts';
import { readReply } from './native-reply.ts';
import { Output } from './output.ts';
import { jsonText } from './print-log.ts';

/** A list of the native API, and how it is shown. */
export interface ShownList<Entry> {
  readonly path: string;
  readonly query: URLSearchParams;
  /** The field of a reply that holds the entries. */
  readonly field: string;
  /** At most so many entries. */
  readonly limit: number;
  /** The entries as they came. */
  readonly json: boolean;
  row(entry: Entry): string;
}

const PAGE_LIMIT = 100;

/** The replies of a list of the native API, page after page, to its end. */
export async function* listPages(
  client: Client,
  path: string,
  query: URLSearchParams,
): AsyncGenerator<Record<string, unknown>> {
  const asked = new URLSearchParams(query);
  for (;;) {
    const reply = await readReply(await client.fetch(`${path}?${asked}`));
    yield reply;
    if (reply.Cursor === undefined) return;
    asked.set('cursor', String(reply.Cursor));
  }
}

/** Prints a list one entry a line, until it ends, the limit is reached or nobody reads. */
export async function printList<Entry>(
  client: Client,
  { path, query, field, limit, json, row }: ShownList<Entry>,
): Promise<void> {
  const output = new Output();
  query.set('limit', String(Math.min(limit, PAGE_LIMIT)));
  let left = limit;
  for await (const reply of listPages(client, path, query)) {
    for (const entry of reply[field] as Entry[]) {
      if (left-- === 0 || output.gone) return;
      await output.write(`${json ? jsonText(entry, output.terminal) : row(entry)}\n`);
    }
    if (left === 0) return;
  }
}
