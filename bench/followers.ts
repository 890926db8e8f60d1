/*
 * Followers of one running build, over HTTP: 200 that read, and 200 that never do. Measures how long a line takes from
 * the write to each reader, and the server's memory: `node bench/followers.ts`.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

import { Figures, percentile } from './support/figures.ts';

const LIVE = 200;
const SLEEPING = 200;
const BACKLOG_LINES = 50_000;
const ROUNDS = 500;
const BATCH_LINES = 5;
const PAUSE_MS = 20;
const LAG_LIMIT_MS = 500;
const MEMORY_LIMIT_MB = 256;

interface Place {
  endpoint: string;
  authorization: string;
  id: string;
  rssBytes: number;
}
interface Outcome {
  followers: number;
  dropped: number;
  peakBytes: number;
}

const child = spawn(
  process.execPath,
  [join(import.meta.dirname, 'support/api-server.ts'), ...[BACKLOG_LINES, ROUNDS, BATCH_LINES, PAUSE_MS].map(String)],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
child.setMaxListeners(0);
const said = createInterface(child.stdout)[Symbol.asyncIterator]();
try {
  await run();
} finally {
  child.stdin.end();
}

async function run(): Promise<void> {
  const place = await next<Place>();
  for (let number = 0; number < SLEEPING; number += 1) open(place, 1);
  const lagsMs: number[] = [];
  const counts = Array.from({ length: LIVE }, () => 0);
  const ended = counts.map((_, at) =>
    read(place, (sentMs) => {
      counts[at] = (counts[at] ?? 0) + 1;
      lagsMs.push(performance.timeOrigin + performance.now() - sentMs);
    }),
  );
  await sleep(3000);
  child.stdin.write('go\n');
  const outcome = await next<Outcome>();
  await Promise.all(ended);
  assert.ok(
    counts.every((count) => count === ROUNDS * BATCH_LINES),
    'every reader got every line once',
  );
  const figures = new Figures(`${LIVE} readers beside ${SLEEPING} that never read, ${ROUNDS * BATCH_LINES} lines`);
  figures.report('a line from the write to a reader, p50', percentile(lagsMs, 50), 'ms');
  figures.atMost('a line from the write to a reader, p99', percentile(lagsMs, 99), LAG_LIMIT_MS, 'ms');
  const grownMb = (outcome.peakBytes - place.rssBytes) / 1e6;
  figures.atMost(
    'growth of the server’s memory',
    grownMb,
    MEMORY_LIMIT_MB,
    `MB, with ${outcome.followers} streams open`,
  );
  figures.print();
}

async function next<T>(): Promise<T> {
  const { value } = await said.next();
  return JSON.parse(String(value)) as T;
}

/** A stream that nobody reads. */
function open({ endpoint, authorization, id }: Place, from: number) {
  const { hostname, port, host } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => socket.destroy());
  socket.write(
    `GET /api/v1/builds/${id}/log/stream?from=${from} HTTP/1.0\r\nhost: ${host}\r\nauthorization: ${authorization}\r\n\r\n`,
  );
  child.once('close', () => socket.destroy());
  return socket;
}

/** Reads a stream from the end of the backlog; resolves at its end. */
function read(place: Place, onLine: (sentMs: number) => void): Promise<void> {
  const socket = open(place, BACKLOG_LINES + 1);
  let rest = '';
  return new Promise((resolve, reject) => {
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data: [')) continue;
        for (const match of line.matchAll(/"Message":"([\d.]+?) /g)) onLine(Number(match[1]));
      }
    });
    socket.once('close', () => resolve());
    socket.once('error', reject);
  });
}
