import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { atEnd, type Scope } from '../slipway.ts';

/** What happens to a request: `undefined` passes it on. */
export type Fault =
  /** Refused before the server sees it; the answer may say after how many seconds to try again. */
  | { status: number; retryAfter?: number }
  /** Passed on, but the connection ends after this number of bytes of its body. */
  | { cutAnswerAt: number }
  /** Passed on, but its answer has only this number of bytes, and says so. */
  | { shortenTo: number }
  /** Passed on, and its answer is lost: the server has done what was asked. */
  | 'lose answer'
  /** Passed on later. */
  | { delayMs: number }
  /** Held back until then. */
  | { until: Promise<unknown> }
  /** Never passed on; a byte comes now and then that is no answer yet. */
  | { busyEveryMs: number }
  /** Never passed on; its answer begins, and has only a space now and then. */
  | { spacesEveryMs: number }
  /** Its body is passed on with one bit changed. */
  | 'change body'
  | undefined;

/** In front of a real server; `plan` chooses the fault of each request. */
export interface FaultProxy {
  url: string;
  plan: (request: IncomingMessage, count: number) => Fault;
  count: number;
}

/** Starts it on loopback, with TLS if it is given a certificate. */
export async function startFaultProxy(
  t: Scope,
  target: string,
  tls?: { cert: string; key: string },
): Promise<FaultProxy> {
  const proxy: FaultProxy = { url: '', plan: () => undefined, count: 0 };
  const serve = (incoming: IncomingMessage, response: ServerResponse) => {
    proxy.count += 1;
    void pass(target, proxy.plan(incoming, proxy.count), incoming, response);
  };
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => {
    server.closeAllConnections();
    server.close();
  });
  proxy.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

async function pass(target: string, fault: Fault, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  response.on('error', () => undefined);
  if (typeof fault === 'object' && 'delayMs' in fault) await sleep(fault.delayMs);
  if (typeof fault === 'object' && 'until' in fault) await fault.until;
  if (typeof fault === 'object' && 'status' in fault) {
    incoming.resume();
    const after = fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) };
    return void incoming.once('end', () => response.writeHead(fault.status, after).end());
  }
  if (typeof fault === 'object' && 'busyEveryMs' in fault) {
    incoming.resume();
    return void repeat(response, fault.busyEveryMs, () => response.writeProcessing());
  }
  if (typeof fault === 'object' && 'spacesEveryMs' in fault) {
    incoming.resume();
    response.writeHead(200, { 'content-type': 'application/xml' });
    return void repeat(response, fault.spacesEveryMs, () => response.write(' '));
  }
  const { port } = new URL(target);
  // The host stays the one that was signed.
  const { method, url: path, headers } = incoming;
  const forward = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
    // Who asked may be gone.
    if (response.destroyed) return void answer.destroy();
    if (fault === 'lose answer') return void answer.resume().once('end', () => response.destroy());
    const shorter = typeof fault === 'object' && 'shortenTo' in fault ? fault.shortenTo : undefined;
    const length = shorter === undefined ? {} : { 'content-length': String(shorter) };
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, ...length });
    if (method === 'HEAD') response.end();
    else if (shorter !== undefined) shorten(answer, response, shorter);
    else if (typeof fault === 'object' && 'cutAnswerAt' in fault) cut(answer, response, fault.cutAnswerAt);
    // A server that is killed cuts its answer, and so does this.
    else pipeline(answer, response, () => undefined);
  });
  // Swift sends a body with some answers to HEAD, which is no HTTP by then.
  forward.on('error', () => response.writableEnded || response.destroy());
  let isChanged = fault !== 'change body';
  incoming.on('data', (chunk: Buffer) => {
    if (!isChanged && chunk.length > 0) chunk[0] = (chunk[0] ?? 0) ^ 1;
    isChanged = true;
    forward.write(chunk);
  });
  incoming.once('end', () => forward.end());
}

function repeat(response: ServerResponse, everyMs: number, act: () => unknown): void {
  const timer = setInterval(act, everyMs);
  response.once('close', () => clearInterval(timer));
}

function shorten(answer: IncomingMessage, response: ServerResponse, toBytes: number): void {
  let left = toBytes;
  answer.on('data', (chunk: Buffer) => {
    response.write(chunk.subarray(0, left));
    left = Math.max(0, left - chunk.length);
  });
  answer.once('end', () => response.end());
}

function cut(answer: IncomingMessage, response: ServerResponse, atByte: number): void {
  let left = atByte;
  answer.on('data', (chunk: Buffer) => {
    response.write(chunk.subarray(0, left), () => {
      if (left === 0) response.destroy();
    });
    left = Math.max(0, left - chunk.length);
  });
  answer.once('end', () => response.end());
}
