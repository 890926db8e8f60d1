import type { LogLine } from '@slipway/logbook';
import { lineReply } from './log-reply.ts';

/*
 * Server-sent events of a log (https://html.spec.whatwg.org/multipage/server-sent-events.html). Lines come as events without a
 * name: `data` is a JSON array of lines, `id` the number of the last one, so that a client that comes back with it as
 * Last-Event-ID goes on with the next. JSON holds no line end, so `data` is one line.
 */

/** What opens a stream: how long a client waits before it comes back. */
export const OPENING = Buffer.from('retry: 1000\n\n');

/** A comment that shows both sides that the other is there. */
export const HEARTBEAT = Buffer.from(': heartbeat\n\n');

/** Tells where the stream stands before its first line, so that a client that loses it goes on from there. */
export function positionFrame(lastLine: number): Buffer {
  return Buffer.from(`id: ${lastLine}\n\n`);
}

/**
 * Lines of a log; the stream has come as far as `lastLine`. The memory is the frame's own: in Node's pool it would keep 64 KiB
 * for as long as a follower does not take it.
 */
export function linesFrame(lines: readonly LogLine[], lastLine: number): Buffer {
  const text = `id: ${lastLine}\ndata: ${JSON.stringify(lines.map(lineReply))}\n\n`;
  const frame = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  frame.write(text);
  return frame;
}

/** A named event: `end`, `reconnect`, `dropped` or `failed`. */
export function eventFrame(event: 'end' | 'reconnect' | 'dropped' | 'failed', data: object): Buffer {
  return Buffer.from(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
