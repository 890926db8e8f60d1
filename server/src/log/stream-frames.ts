import type { LogLine } from '@slipway/logbook';
import { lineReply } from './log-reply.ts';

/*
 * Server-sent events of a log (https://html.spec.whatwg.org/multipage/server-sent-events.html). Lines are sent as events without
 * a name: `data` is a JSON array of lines, and `id` is the number of the last one, so that a client that reconnects with it as
 * Last-Event-ID continues with the next line. JSON contains no line break, so `data` is one line.
 */

/** The start of a stream: how long a client waits before it reconnects. */
export const OPENING = Buffer.from('retry: 1000\n\n');

/** A comment that shows both sides that the connection is alive. */
export const HEARTBEAT = Buffer.from(': heartbeat\n\n');

/** Gives the stream's position before its first line, so that a client that loses the stream resumes from there. */
export function positionFrame(lastLine: number): Buffer {
  return Buffer.from(`id: ${lastLine}\n\n`);
}

/**
 * Lines of a log; the stream's position is then `lastLine`. The frame has its own memory: from Node's pool, it would keep 64 KiB
 * alive until the follower takes it.
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
