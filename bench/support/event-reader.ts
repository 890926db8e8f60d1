import type { Socket } from 'node:net';

import type { Committed } from './fan-out-server.ts';

/** A follower that records when an event came, and the number of its last line. */
export class EventReader {
  /** Resolves when the stream has reported its position. */
  readonly begun: Promise<void>;
  line = 0;
  readonly #socket: Socket;
  #events: [line: number, atMs: number][] = [];

  constructor(socket: Socket) {
    this.#socket = socket;
    let rest = '';
    this.begun = new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        const atMs = performance.timeOrigin + performance.now();
        const text = rest + chunk;
        const end = text.lastIndexOf('\n\n') + 1;
        rest = text.slice(end);
        for (const [, line] of text.slice(0, end).matchAll(/^id: (\d+)$/gm)) {
          this.line = Number(line);
          this.#events.push([this.line, atMs]);
          resolve();
        }
      });
    });
  }

  /** Several commits may have come as one event. */
  lagsMs(committed: Committed): number[] {
    let at = 0;
    const lags = committed.map(([line, atMs]) => {
      while ((this.#events[at]?.[0] ?? line) < line) at += 1;
      return (this.#events[at]?.[1] ?? Number.NaN) - atMs;
    });
    this.#events = [];
    return lags;
  }

  close(): void {
    this.#socket.destroy();
  }
}
