/*
 * A server of one event stream in a process of its own, `slipway` or `bare`: the native API following a running build,
 * or a loop that writes the same bytes to every socket. Prints its address as one line of JSON, and answers each line
 * of its standard input with one line: `write` and a number of events, or `rss`. Ends when its standard input closes.
 */
import { subscribe } from 'node:diagnostics_channel';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { startApiUnderTest } from '../../server/src/native/testing/api.ts';

/** Lines written at once become one event: the pause is longer than the time in which the engine joins lines. */
const EVENT_LINES = 5;
const PAUSE_MS = 100;

/** When an event was available to its followers, by the number of its last line. */
export type Committed = readonly [line: number, atMs: number][];

interface Server {
  place: { endpoint: string; authorization: string; id: string };
  write: (events: number) => Promise<Committed>;
  state: () => { streams: number; dropped: number };
  close: () => Promise<void>;
}

const [mode = 'slipway', backlogLines = '0', stallMs = '60000', lineChars = '120'] = process.argv.slice(2);
const LINE = '.'.repeat(Number(lineChars));
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const server = mode === 'bare' ? await bareServer() : await slipwayServer(Number(backlogLines), Number(stallMs));
say(server.place);
for await (const said of createInterface(process.stdin)) {
  const [what, count] = said.split(' ');
  if (what === 'write') say(await server.write(Number(count)));
  if (what !== 'rss') continue;
  const withGarbage = process.memoryUsage();
  // The buffers in it count until the next collection.
  for (let times = 0; times < 2; times += 1) collectGarbage();
  const held = process.memoryUsage();
  say({ rssBytes: held.rss, heldBytes: sizeOf(held), peakBytes: sizeOf(withGarbage), ...server.state() });
}
await server.close();
process.exit(0);

async function slipwayServer(backlog: number, stall: number): Promise<Server> {
  const closing: (() => unknown)[] = [];
  const owner = { after: (act: () => unknown) => closing.push(act) } as unknown as TestContext;
  const api = await startApiUnderTest(owner, { stallMs: stall, total: 10_000, each: 10_000 });
  const id = await api.beginBuild();
  const writer = await api.means.logbook.create(id);
  for (let line = 0; line < backlog; line += 100) await writer.write(Buffer.from(`${LINE}\n`.repeat(100)));
  await writer.committed();
  let committed: [number, number][] = [];
  // Before the followers are woken.
  subscribe('slipway:log-append', () => committed.push([writer.lineCount, now()]));
  return {
    place: { endpoint: api.endpoint, authorization: api.authorization, id },
    write: async (events) => {
      committed = [];
      for (let event = 0; event < events; event += 1) {
        await writer.write(Buffer.from(`${LINE}\n`.repeat(EVENT_LINES)));
        await sleep(PAUSE_MS);
      }
      return committed;
    },
    state: () => ({ streams: api.followers.count, dropped: api.followers.dropped }),
    close: async () => {
      for (const act of closing) await act();
    },
  };
}

async function bareServer(): Promise<Server> {
  const sockets = new Set<Socket>();
  const bare = createServer((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nid: 0\n\n');
      sockets.add(socket);
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
  let line = 0;
  return {
    place: { endpoint: `http://127.0.0.1:${(bare.address() as AddressInfo).port}`, authorization: 'none', id: 'none' },
    write: async (events) => {
      const committed: [number, number][] = [];
      for (let event = 0; event < events; event += 1) {
        const frame = bareFrame(line);
        line += EVENT_LINES;
        committed.push([line, now()]);
        for (const socket of sockets) socket.write(frame);
        await sleep(PAUSE_MS);
      }
      return committed;
    },
    state: () => ({ streams: sockets.size, dropped: 0 }),
    close: async () => undefined,
  };
}

/** As many bytes as an event of the API has. */
function bareFrame(after: number): Buffer {
  const lines = Array.from({ length: EVENT_LINES }, (_, at) => ({
    LineNumber: after + at + 1,
    Message: LINE,
    BuildStage: 'GIT_CLONE',
    Time: new Date().toISOString(),
    Step: 0,
    Attempt: 1,
  }));
  return Buffer.from(`id: ${after + EVENT_LINES}\ndata: ${JSON.stringify(lines)}\n\n`);
}

function sizeOf({ heapUsed, external }: NodeJS.MemoryUsage): number {
  return heapUsed + external;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function say(what: unknown): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
