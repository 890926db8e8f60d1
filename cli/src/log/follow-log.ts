import { readApiError } from '@slipway/client/api-call-error.ts';
import { readEvents } from '@slipway/client/event-stream.ts';
import type { Line } from '@slipway/client/native.gen.ts';
import { CliError, EXIT_CODES } from '../error/cli-error.ts';
import { filterQuery } from '../input/log-filter.ts';
import type { Server } from '../server/find-server.ts';
import { Interrupted, Silence, untilServed } from '../server/server-away.ts';
import type { BuildResult } from './build-result.ts';
import type { LogPart } from './read-log.ts';

/** Where to begin, which lines to show, and whom to notify when the server is gone for a while. */
export interface FollowOptions extends Partial<LogPart> {
  say: (text: string) => void;
}

const SILENCE_LIMIT_MS = 45_000;

/**
 * Passes on every selected line of a build's log once and in order, as it comes, until the build has ended; returns its
 * result. Continues after the last line seen if the server restarts or the connection breaks. Throws `ApiCallError` if
 * the server refuses, `CliError` if it stays away or cannot continue.
 */
export async function followLog(
  server: Server,
  buildRecordId: string,
  options: FollowOptions,
  onLines: (lines: readonly Line[]) => Promise<void>,
): Promise<BuildResult> {
  const start = query(options);
  let seen: number | undefined;
  const follow = async (served: () => void) => {
    for await (const event of connect(server, buildRecordId, start, seen)) {
      served();
      if (event.event === 'end') return JSON.parse(event.data) as BuildResult;
      if (event.event === 'failed') throw failed(event.data);
      if (event.event !== '') break;
      const lines = event.data === '' ? [] : (JSON.parse(event.data) as Line[]);
      await onLines(lines);
      seen = Number(event.lastEventId);
    }
    throw new Interrupted();
  };
  return untilServed(server, follow, { tell: options.say, later: `slipway logs -f ${buildRecordId}` });
}

async function* connect(server: Server, id: string, start: string, seen: number | undefined) {
  const abort = new AbortController();
  const watch = setTimeout(() => abort.abort(new Silence()), SILENCE_LIMIT_MS);
  try {
    const response = await server.client.fetch(`/api/v1/builds/${id}/log/stream${start}`, {
      headers: { accept: 'text/event-stream', ...(seen === undefined ? {} : { 'last-event-id': String(seen) }) },
      signal: abort.signal,
    });
    if (!response.ok || response.body === null) throw readApiError(response.status, await response.text());
    yield* readEvents(response.body, () => watch.refresh());
  } finally {
    clearTimeout(watch);
    abort.abort();
  }
}

/** A retry would not help: the log is damaged on the server's disk. */
function failed(data: string): CliError {
  const { Code, Message, RequestId } = JSON.parse(data) as { Code: string; Message: string; RequestId: string };
  return new CliError(EXIT_CODES.machine, `${Code}: ${Message} (RequestId ${RequestId})`);
}

function query({ from, tail, filter = {} }: FollowOptions): string {
  const query = new URLSearchParams(filterQuery(filter));
  if (from !== undefined) query.set('from', String(from));
  else if (tail !== undefined) query.set('tail', String(tail));
  return query.size === 0 ? '' : `?${query}`;
}
