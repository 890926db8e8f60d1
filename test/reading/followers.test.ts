import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { atEnd, cleanEnvironment, ROOT } from '../support/slipway.ts';

const SKIP = process.env.SLIPWAY_TEST_LONG !== '1' && 'opens 400 streams: runs with SLIPWAY_TEST_LONG=1';
const LIVE = 200;
const SLEEPING = 200;
/**
 * More than the kernel buffers for a socket that nobody reads: kept for each idle client, it would be about two
 * gigabytes.
 */
const BACKLOG_LINES = 50_000;
const ROUNDS = 100;
const BATCH_LINES = 10;
const MEMORY_LIMIT_BYTES = 400e6;

interface Place {
  endpoint: string;
  authorization: string;
  id: string;
  rssBytes: number;
}

test('200 active followers get every line once and in order, alongside 200 that never read, in bounded memory', {
  skip: SKIP,
}, async (t) => {
  const args = [BACKLOG_LINES, ROUNDS, BATCH_LINES, 5, 600_000].map(String);
  const child = spawn(process.execPath, [join(ROOT, 'bench/support/api-server.ts'), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: cleanEnvironment(),
  });
  const sockets: Socket[] = [];
  atEnd(t, async () => {
    for (const socket of sockets) socket.destroy();
    child.stdin.end();
    if (child.exitCode === null) await once(child, 'close');
  });
  const said = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async <T>(): Promise<T> => JSON.parse(String((await said.next()).value)) as T;
  const place = await next<Place>();
  const open = (from: number) => {
    const socket = openStream(place, from);
    sockets.push(socket);
    return socket;
  };
  const sleepers = Array.from({ length: SLEEPING }, () => open(1));
  await Promise.all(sleepers.map((socket) => once(socket, 'connect')));
  const readers = Array.from({ length: LIVE }, () => readNumbers(open(BACKLOG_LINES + 1)));
  // Each one has its answer, so it is following when the next line is written.
  await Promise.all(readers.map((reader) => reader.begun));
  child.stdin.write('go\n');
  const { followers, dropped, peakBytes } = await next<{ followers: number; dropped: number; peakBytes: number }>();
  assert.deepEqual([followers, dropped], [LIVE + SLEEPING, 0]);
  const expected = Array.from({ length: ROUNDS * BATCH_LINES }, (_, at) => BACKLOG_LINES + 1 + at);
  for (const reader of readers) assert.deepEqual(await reader.numbers, expected);
  const grownBytes = peakBytes - place.rssBytes;
  assert.ok(grownBytes < MEMORY_LIMIT_BYTES, `the server grew by ${Math.round(grownBytes / 1e6)} MB`);
});

/** A stream on a raw socket: unread data stays with the server. */
function openStream({ endpoint, authorization, id }: Place, from: number): Socket {
  const { hostname, port, host } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => socket.destroy());
  socket.write(
    `GET /api/v1/builds/${id}/log/stream?from=${from} HTTP/1.0\r\nhost: ${host}\r\nauthorization: ${authorization}\r\n\r\n`,
  );
  return socket;
}

/** Reads a stream to its end; `begun` resolves at its first bytes. */
function readNumbers(socket: Socket): { begun: Promise<unknown>; numbers: Promise<number[]> } {
  const numbers: number[] = [];
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('data: [')) continue;
      for (const match of line.matchAll(/\{"LineNumber":(\d+),/g)) numbers.push(Number(match[1]));
    }
  });
  return { begun: once(socket, 'data'), numbers: once(socket, 'close').then(() => numbers) };
}
