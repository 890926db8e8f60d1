/*
 * A thousand followers of one running build, over HTTP: how long a line takes from its commit to each of them, compared
 * with a bare loop that writes the same bytes to a thousand sockets; and the server's memory for a follower, one that
 * reads and one that never does. `node bench/followers-fan-out.ts`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { EventReader } from './support/event-reader.ts';
import type { Committed } from './support/fan-out-server.ts';
import { Figures, median, percentile, shown } from './support/figures.ts';

const FOLLOWERS = 1000;
const OPENED_AT_ONCE = 50;
/** Followers that never read. */
const SLEEPERS = 200;
const ROUNDS = 5;
const EVENTS_A_ROUND = 40;
/** More than the kernel buffers for a socket that nobody reads, in lines of these lengths. */
const BACKLOG_BYTES = 10e6;
const LINE_CHARS = [120, 4000];
const STALL_MS = 5_000;
const MEMORY_LIMIT_KB = 20;

interface Place {
  endpoint: string;
  authorization: string;
  id: string;
}
interface State {
  rssBytes: number;
  heldBytes: number;
  peakBytes: number;
  streams: number;
  dropped: number;
}
interface Server {
  place: Place;
  ask: <T>(what: string) => Promise<T>;
  close: () => Promise<void>;
}
interface Round {
  p50Ms: number;
  p99Ms: number;
}

const figures = new Figures(`${FOLLOWERS} followers of one build`);
await delays();
await memory();
for (const lineChars of LINE_CHARS) await silence(lineChars);
figures.print();

async function delays(): Promise<void> {
  const servers = { ours: await startServer(['slipway']), bare: await startServer(['bare']) };
  const readers = { ours: await openReaders(servers.ours.place), bare: await openReaders(servers.bare.place) };
  const rounds: Record<'ours' | 'bare', Round[]> = { ours: [], bare: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const who of ['ours', 'bare'] as const) {
      const committed = await servers[who].ask<Committed>(`write ${EVENTS_A_ROUND}`);
      const lagsMs = await readers[who].lagsMs(committed);
      // The first round warms up.
      if (round > 0) rounds[who].push({ p50Ms: percentile(lagsMs, 50), p99Ms: percentile(lagsMs, 99) });
    }
  }
  const middle = (who: 'ours' | 'bare', of: keyof Round): number => median(rounds[who].map((round) => round[of]));
  const [ours, bare] = [middle('ours', 'p50Ms'), middle('bare', 'p50Ms')];
  const both = `${shown(ours)} ms and ${shown(bare)} ms`;
  figures.atMost('from commit to reception, p50, times that of a bare loop', ours / bare, 1.3, both);
  figures.atMost(
    'from commit to reception, p99, ms',
    middle('ours', 'p99Ms'),
    50,
    `bare ${shown(middle('bare', 'p99Ms'))}`,
  );
  for (const who of ['ours', 'bare'] as const) {
    readers[who].close();
    await servers[who].close();
  }
}

async function memory(): Promise<void> {
  const reading = await startServer(['slipway']);
  // The memory of the first ones is code and caches.
  const first = await openReaders(reading.place);
  await first.lagsMs(await reading.ask<Committed>('write 10'));
  const before = await reading.ask<State>('rss');
  const second = await openReaders(reading.place);
  await second.lagsMs(await reading.ask<Committed>('write 10'));
  atMostKb('memory of a follower that reads, KB', before, await reading.ask<State>('rss'), FOLLOWERS);
  first.close();
  second.close();
  await reading.close();
}

/** Fewer followers: each takes some MB of the kernel's buffers before it stalls. */
async function silence(lineChars: number): Promise<void> {
  const silent = await startServer(['slipway', ...[BACKLOG_BYTES / lineChars, STALL_MS, lineChars].map(String)]);
  const first = await openSleepers(silent.place);
  await dropped(silent, SLEEPERS);
  for (const socket of first) socket.destroy();
  while ((await silent.ask<State>('rss')).streams > 0) await sleep(500);
  const before = await silent.ask<State>('rss');
  const second = await openSleepers(silent.place);
  const { rest, most } = await dropped(silent, 2 * SLEEPERS);
  atMostKb(`memory of one that never reads lines of ${lineChars} characters, KB`, before, rest, SLEEPERS);
  const mostKb = (bytes: number): number => (bytes - before.heldBytes) / SLEEPERS / 1000;
  figures.report('of those, the most at any time', mostKb(most.heldBytes), 'KB, not at rest');
  figures.report('the same, including what was not yet collected', mostKb(most.peakBytes), 'KB');
  figures.report('of those, dropped', most.dropped - SLEEPERS, `of ${SLEEPERS}, after ${STALL_MS / 1000} s`);
  for (const socket of second) socket.destroy();
  await silent.close();
}

/** Waits until that many were dropped; returns the last state before the first was dropped, and the maximum. */
async function dropped(server: Server, count: number): Promise<{ rest: State; most: State }> {
  const first = await server.ask<State>('rss');
  let rest = first;
  let most = first;
  while (most.dropped < count) {
    await sleep(500);
    const state = await server.ask<State>('rss');
    if (state.dropped === first.dropped) rest = state;
    const heldBytes = Math.max(most.heldBytes, state.heldBytes);
    most = { ...state, heldBytes, peakBytes: Math.max(most.peakBytes, state.peakBytes) };
  }
  return { rest, most };
}

function atMostKb(what: string, before: State, after: State, count: number): void {
  const [heldKb, rssKb] = (['heldBytes', 'rssBytes'] as const).map((of) => (after[of] - before[of]) / count / 1000);
  figures.atMost(
    what,
    heldKb ?? Number.NaN,
    MEMORY_LIMIT_KB,
    `heap and buffers; resident grew by ${shown(rssKb ?? 0)}`,
  );
}

async function startServer(args: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'support/fan-out-server.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => JSON.parse(String((await said.next()).value)) as T;
  return {
    place: await next<Place>(),
    ask: (what) => {
      child.stdin.write(`${what}\n`);
      return next();
    },
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'close');
    },
  };
}

/** Followers that read. */
async function openReaders(place: Place) {
  const readers: EventReader[] = [];
  for (let opened = 0; opened < FOLLOWERS; opened += OPENED_AT_ONCE) {
    const some = Array.from({ length: OPENED_AT_ONCE }, () => new EventReader(open(place)));
    await Promise.all(some.map((reader) => reader.begun));
    readers.push(...some);
  }
  return {
    /** How long committed lines took to reach each reader, once all have them. */
    lagsMs: async (committed: Committed): Promise<number[]> => {
      const [last = 0] = committed.at(-1) ?? [];
      while (readers.some((reader) => reader.line < last)) await sleep(20);
      return readers.flatMap((reader) => reader.lagsMs(committed));
    },
    close: () => {
      for (const reader of readers) reader.close();
    },
  };
}

async function openSleepers(place: Place): Promise<Socket[]> {
  const sockets = Array.from({ length: SLEEPERS }, () => open(place));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets;
}

function open({ endpoint, authorization, id }: Place): Socket {
  const { hostname, port, host } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  socket.write(
    `GET /api/v1/builds/${id}/log/stream HTTP/1.0\r\nhost: ${host}\r\nauthorization: ${authorization}\r\n\r\n`,
  );
  return socket;
}
