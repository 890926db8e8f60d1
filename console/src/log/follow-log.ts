import { readApiError } from '@slipway/client/api-call-error.ts';
import { readEvents } from '@slipway/client/event-stream.ts';
import type { Line } from '../api/build.ts';
import { fetchNative } from '../api/native-api.ts';
import { mayAnswerLater } from '../failure/api-failure.ts';
import { answered } from '../failure/reach.ts';
import type { LogStore } from './log-store.ts';

const RETRY_MS = 1000;
/** The server sends a comment every 15 seconds; if nothing arrives for longer, the connection is dead. */
const SILENCE_LIMIT_MS = 45_000;
/** A backlog is handled in slices, so that key presses and frames are not blocked. */
const SLICE_MS = 8;

/**
 * Adds a log's new lines to a store as they are written, until the build has ended. If the connection breaks or the
 * server restarts, it resumes after the last line. Rejects if the server refuses.
 */
export async function followLog(id: string, store: LogStore, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if (await readStream(id, store, signal)) return;
    } catch (error) {
      if (signal.aborted) return;
      if (!mayAnswerLater(error) && !(error instanceof DOMException)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

/** Reads one connection; returns whether the log has ended. */
async function readStream(id: string, store: LogStore, signal: AbortSignal): Promise<boolean> {
  const silence = new AbortController();
  let watch = setTimeout(() => silence.abort(), SILENCE_LIMIT_MS);
  const onBytes = () => {
    clearTimeout(watch);
    watch = setTimeout(() => silence.abort(), SILENCE_LIMIT_MS);
  };
  try {
    const either = AbortSignal.any([signal, silence.signal]);
    const path = `/builds/${id}/log/stream?from=${store.lineCount + 1}`;
    const response = await fetchNative(path, either, { accept: 'text/event-stream' });
    if (response.body === null) return false;
    let sliceMs = performance.now();
    for await (const { event, data } of readEvents(chunksOf(response.body), onBytes)) {
      if (event === 'end') {
        store.grow((JSON.parse(data) as { TotalCount: number }).TotalCount);
        return true;
      }
      // Damage on disk would make the next connection fail too.
      if (event === 'failed') throw readApiError(500, data);
      if (event !== '') return false;
      if (data === '') continue;
      store.append(JSON.parse(data) as Line[]);
      if (performance.now() - sliceMs < SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve));
      sliceMs = performance.now();
    }
    return false;
  } finally {
    clearTimeout(watch);
  }
}

/** A body's chunks; not every browser iterates over a stream itself. */
async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await answered(() => reader.read());
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
