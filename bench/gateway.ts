/*
 * Signed calls a second through the whole gateway, against a bare server that sends the same bytes after the check of
 * the signature alone, and one that checks nothing: `node bench/gateway.ts`. Rounds are interleaved, since a machine's
 * speed drifts; the figures are medians of rounds, and processor time is the server's own. Ends with 1 below the bars.
 */
import { fork } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { canonicalQuery } from '../server/src/gateway/rfc3986.ts';
import { v1StringToSign } from '../server/src/gateway/signature-v1.ts';

const ROUNDS = 9;
const CALLS = 2_000;
const CONNECTIONS = 16;
const KINDS = ['gateway', 'signed', 'bare'] as const;
/** What part of the signed server's calls a second the gateway must reach. */
const BARS: Record<string, number> = { GetInstance: 0.7, ListRepoBuildRecordLog: 0.6 };

type Kind = (typeof KINDS)[number];
interface Ready {
  ports: Record<Kind, number>;
  calls: Record<string, Record<string, string>>;
  pair: { accessKeyId: string; accessKeySecret: string };
  sizes: Record<string, number>;
}

const server = fork(join(import.meta.dirname, 'support', 'gateway-server.ts'));
const [ready] = (await once(server, 'message')) as [Ready];
console.log(`${cpus()[0]?.model ?? 'unknown cpu'}, Node ${process.version}; ${CONNECTIONS} connections`);
let short = false;
for (const [action, params] of Object.entries(ready.calls)) {
  const results = await measure(action, params);
  const share = results.gateway.perSecond / results.signed.perSecond;
  console.log(`${action}, ${ready.sizes[action]} bytes of body`);
  for (const kind of KINDS) {
    const { perSecond, cpuMicros } = results[kind];
    console.log(
      `  ${kind.padEnd(8)} ${perSecond.toFixed(0).padStart(7)} calls/s  ${cpuMicros.toFixed(0).padStart(5)} µs of cpu a call`,
    );
  }
  const ofBare = results.gateway.perSecond / results.bare.perSecond;
  const cpuShare = results.signed.cpuMicros / results.gateway.cpuMicros;
  const bar = BARS[action] ?? 0;
  console.log(
    `  gateway / signed ${share.toFixed(2)} (bar ${bar}; by cpu ${cpuShare.toFixed(2)}), gateway / bare ${ofBare.toFixed(2)}`,
  );
  if (share < bar) short = true;
}
server.disconnect();
process.exit(short ? 1 : 0);

async function measure(action: string, params: Record<string, string>) {
  const rounds: Record<Kind, { perSecond: number; cpuMicros: number }[]> = { gateway: [], signed: [], bare: [] };
  // One round of each is not counted: the code is still being compiled.
  for (let round = -1; round < ROUNDS; round++) {
    for (const kind of KINDS) {
      const result = await runRound(ready.ports[kind], action, params);
      if (round >= 0) rounds[kind].push(result);
    }
  }
  const middle = (kind: Kind) => ({
    perSecond: median(rounds[kind].map((one) => one.perSecond)),
    cpuMicros: median(rounds[kind].map((one) => one.cpuMicros)),
  });
  return { gateway: middle('gateway'), signed: middle('signed'), bare: middle('bare') };
}

async function runRound(port: number, action: string, params: Record<string, string>) {
  const requests = Array.from({ length: CALLS }, () => signedRequest(port, action, params));
  const before = await cpuMicros();
  const start = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, () => drive(port, requests)));
  const seconds = (performance.now() - start) / 1000;
  return { perSecond: CALLS / seconds, cpuMicros: ((await cpuMicros()) - before) / CALLS };
}

function signedRequest(port: number, action: string, params: Record<string, string>): string {
  const parameters: Record<string, string> = {
    Action: action,
    Version: '2018-12-01',
    Format: 'JSON',
    AccessKeyId: ready.pair.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    ...params,
  };
  const stringToSign = v1StringToSign('GET', Object.entries(parameters));
  const Signature = createHmac('sha1', `${ready.pair.accessKeySecret}&`).update(stringToSign).digest('base64');
  const query = canonicalQuery(Object.entries({ ...parameters, Signature }));
  return `GET /?${query} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: application/json\r\n\r\n`;
}

/** Sends one request after the other on one connection, until none is left. */
function drive(port: number, requests: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let missing = 0;
    const next = () => {
      const request = requests.pop();
      if (request === undefined) {
        socket.destroy();
        resolve();
      } else socket.write(request);
    };
    socket.on('connect', next).on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      if (missing === 0) {
        const head = chunk.toString('latin1', 0, Math.min(chunk.length, 1024));
        const end = head.indexOf('\r\n\r\n');
        const length = /content-length: (\d+)/i.exec(head)?.[1];
        if (!head.startsWith('HTTP/1.1 200') || end === -1 || length === undefined) {
          reject(new Error(`an unexpected reply: ${chunk.toString()}`));
          return;
        }
        missing = end + 4 + Number(length);
      }
      missing -= chunk.length;
      if (missing === 0) next();
    });
  });
}

async function cpuMicros(): Promise<number> {
  server.send('cpu');
  const [{ user, system }] = (await once(server, 'message')) as [{ user: number; system: number }];
  return user + system;
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
