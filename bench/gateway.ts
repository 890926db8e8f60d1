/*
 * Signed calls a second through the whole gateway, including log pages at random offsets of a million lines. Compared
 * with a bare server that sends a reply of that size after checking only the signature, and with one that checks
 * nothing: `node bench/gateway.ts`. Rounds are interleaved, since a machine's speed drifts; figures are medians of
 * rounds, and processor time is the server's own.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { Figures, median, shown } from './support/figures.ts';
import type { BenchCall, BenchServerReady } from './support/gateway-server.ts';
import { randomOffset } from './support/rounds.ts';
import { sendAll, signedRequest } from './support/signed-calls.ts';

const ROUNDS = 9;
const CALLS = 2_000;
const CONNECTIONS = 16;
const KINDS = ['gateway', 'signed', 'bare'] as const;
type Kind = (typeof KINDS)[number];
/** The share of the other two servers' calls a second that the gateway must reach. */
const ASKED: Record<string, Partial<Record<Kind, number>>> = {
  GetInstance: { signed: 0.7 },
  'log page, running': { signed: 0.6, bare: 0.35 },
  'log page, sealed, cached': { bare: 0.35 },
  'log page, sealed, cold': { bare: 0.1 },
};

const server = fork(join(import.meta.dirname, 'support', 'gateway-server.ts'));
const [ready] = (await once(server, 'message')) as [BenchServerReady];
const figures = new Figures(`Signed calls on ${CONNECTIONS} connections, calls/s`);
for (const call of ready.calls) {
  const spent = await measure(call);
  for (const kind of KINDS) {
    const detail = `cpu ${shown(spent[kind].cpuUs)} us a call, ${call.sizeBytes} bytes of body`;
    figures.report(`${call.name}: ${kind}`, spent[kind].perSecond, detail);
  }
  for (const kind of ['signed', 'bare'] as const) {
    const what = `${call.name}: share of the ${kind} server`;
    const share = spent.gateway.perSecond / spent[kind].perSecond;
    const detail = `by processor time ${shown(spent[kind].cpuUs / spent.gateway.cpuUs)}`;
    const asked = ASKED[call.name]?.[kind];
    if (asked === undefined) figures.report(what, share, detail);
    else figures.atLeast(what, share, asked, detail);
  }
}
figures.print();
server.disconnect();
await once(server, 'exit');

async function measure(call: BenchCall): Promise<Record<Kind, { perSecond: number; cpuUs: number }>> {
  const rounds: Record<Kind, { perSecond: number; cpuUs: number }[]> = { gateway: [], signed: [], bare: [] };
  // The first round of each is not counted: code is still being compiled.
  for (let round = -1; round < ROUNDS; round++) {
    for (const kind of KINDS) {
      const result = await runRound(call, kind, (round + 1) * CALLS);
      if (round >= 0) rounds[kind].push(result);
    }
  }
  const middle = (kind: Kind) => ({
    perSecond: median(rounds[kind].map((one) => one.perSecond)),
    cpuUs: median(rounds[kind].map((one) => one.cpuUs)),
  });
  return { gateway: middle('gateway'), signed: middle('signed'), bare: middle('bare') };
}

async function runRound(call: BenchCall, kind: Kind, firstIndex: number) {
  const port = call.ports[kind];
  const requests = Array.from({ length: CALLS }, (_, at) => requestOf(call, port, firstIndex + at));
  const before = await cpuUs();
  const start = performance.now();
  await sendAll(port, requests, CONNECTIONS);
  const seconds = (performance.now() - start) / 1000;
  return { perSecond: CALLS / seconds, cpuUs: ((await cpuUs()) - before) / CALLS };
}

function requestOf({ action, params, lineCount }: BenchCall, port: number, index: number): string {
  const offset = lineCount === undefined ? {} : { Offset: String(randomOffset(index, lineCount)) };
  return signedRequest(action, { ...params, ...offset }, { port, ...ready.pair });
}

async function cpuUs(): Promise<number> {
  server.send('cpu');
  const [{ user, system }] = (await once(server, 'message')) as [{ user: number; system: number }];
  return user + system;
}
