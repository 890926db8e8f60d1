import { callNative } from '@slipway/client/call-native.ts';
import type { Client } from '@slipway/client/client.ts';
import type { NativeCalls } from '@slipway/client/native.gen.ts';
import { Output } from './output.ts';
import { jsonText } from './print-log.ts';
import { say } from './say.ts';

/** A list of the native API, and how it is shown. */
export interface ShownList<Name extends ListName, Entry> {
  readonly operation: Name;
  readonly query: NativeCalls[Name]['params'];
  /** The entries of a reply. */
  entries(reply: NativeCalls[Name]['reply']): readonly Entry[];
  /** The largest number of entries. */
  readonly limit: number;
  /** The entries as they came. */
  readonly json: boolean;
  row(entry: Entry): string;
  /** What people are told about a list without entries. */
  readonly none: string;
}

const PAGE_LIMIT = 100;

/** Operations that return pages. */
type ListName =
  | 'listBuilds'
  | 'listFailing'
  | 'listCalls'
  | 'listTags'
  | 'searchLog'
  | 'searchLogs'
  | 'listDeliveries'
  | 'listEventDeliveries'
  | 'listChains'
  | 'listChainInstances';

/** The replies of a list of the native API, page after page, to its end. A query that is a function is asked for each page. */
export async function* listPages<Name extends ListName>(
  client: Client,
  operation: Name,
  query: NativeCalls[Name]['params'] | (() => NativeCalls[Name]['params']),
): AsyncGenerator<NativeCalls[Name]['reply']> {
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const params = typeof query === 'function' ? query() : query;
    const reply = await callNative(client, operation, { ...params, ...(cursor === undefined ? {} : { cursor }) });
    yield reply;
    cursor = reply.Cursor;
  }
}

/** All entries of a list of the vendor's API, whose pages have numbers. */
export async function numberedPages<Reply, Entry>(
  read: (page: { PageNo: number; PageSize: number }) => Promise<Reply>,
  entries: (reply: Reply) => readonly Entry[] | undefined,
): Promise<Entry[]> {
  const all: Entry[] = [];
  for (let PageNo = 1; ; PageNo++) {
    const page = entries(await read({ PageNo, PageSize: PAGE_LIMIT })) ?? [];
    all.push(...page);
    if (page.length < PAGE_LIMIT) return all;
  }
}

/** Prints a list one entry a line, until it ends, the limit is reached or the reader is gone. */
export async function printList<Name extends ListName, Entry>(
  client: Client,
  { operation, query, entries, limit, json, row, none }: ShownList<Name, Entry>,
): Promise<void> {
  const output = new Output();
  let left = limit;
  for await (const reply of listPages(client, operation, { ...query, limit: Math.min(limit, PAGE_LIMIT) })) {
    for (const entry of entries(reply)) {
      if (left-- === 0 || output.gone) return;
      await output.write(`${json ? jsonText(entry, output.terminal) : row(entry)}\n`);
    }
    if (left === 0) return;
  }
  if (left === limit && !json) say(none);
}
