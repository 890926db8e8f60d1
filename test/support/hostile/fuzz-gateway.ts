import { connect } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../../server/src/gateway/testing/gateway.ts';
import { signAcs3, signV1, target } from '../../../server/src/gateway/testing/send.ts';
import { type Action, operationSpecs, productVersions } from '../../../server/src/rpc/spec.gen.ts';
import { wireAction } from '../../../server/src/rpc/wire-action.ts';
import { sampleParams } from '../api/sample-params.ts';
import { type Chance, chanceOf } from '../chance.ts';
import { hostileText } from './texts.ts';

/** What a fuzzer saw after that many requests. */
export interface FuzzFigures {
  requests: number;
  /** How often each status occurred; 0 is a connection closed without an answer. */
  statuses: Map<number, number>;
  /** After garbage collection; the requests themselves are made in the same process. */
  heapBytes: number;
  residentBytes: number;
}

const CONNECTIONS = 8;
const ANSWER_LIMIT_MS = 30_000;
/**
 * Twenty requests a second by the gateway's clock: the half hour for which a nonce is kept ends after 36,000 requests.
 */
const CLOCK_STEP_MS = 50;
const ACTIONS = Object.keys(operationSpecs) as Action[];
const NASTY = [
  ...['%', '%zz', '%00', '%ff', '%F0%9F', '+', '&&', '=', '\u0000', '\r\n', '__proto__=1'],
  ...['Action=GetInstance', 'é', '😀'],
];
const NUMBERS = ['-1', '1e3', '0x10', ' 5', '９', '9007199254740993', 'NaN', 'true', 'TRUE', '*', '../..'];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/**
 * Sends requests to its own gateway: correctly signed in both forms, with values of any kind, and damaged. Throws with
 * the seed if one is answered with a server fault, or not at all. `report` gets the figures every `every` requests.
 */
export async function fuzzGateway(
  { requests, seed, every }: { requests: number; seed: number; every: number },
  report: (figures: FuzzFigures) => void,
): Promise<void> {
  const startMs = Date.now();
  let sent = 0;
  const now = () => startMs + sent * CLOCK_STEP_MS;
  await using gateway = await startGatewayUnderTest({ means: { now } });
  const chance = chanceOf(seed);
  const statuses = new Map<number, number>();
  const work = async (end: number) => {
    while (sent < end) {
      sent++;
      const bytes = requestOf(gateway, chance, now());
      const status = await exchange(gateway, bytes);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500) throw new Error(`${status} to ${bytes.toString('latin1')} (seed ${seed})`);
    }
  };
  while (sent < requests) {
    const end = Math.min(requests, sent + every);
    await Promise.all(Array.from({ length: CONNECTIONS }, () => work(end)));
    const [fault] = gateway.faults;
    if (fault) throw new Error(`a server fault (seed ${seed})`, { cause: fault });
    collectGarbage();
    const { heapUsed: heapBytes, rss: residentBytes } = process.memoryUsage();
    report({ requests: sent, statuses, heapBytes, residentBytes });
  }
}

/** A request as bytes: correctly signed, signed with a parameter of any value, or damaged somewhere. */
function requestOf(gateway: GatewayUnderTest, chance: Chance, nowMs: number): Buffer {
  const action = chance.pick(ACTIONS);
  const params = sampleParams(action, { InstanceId: gateway.instanceId }, chance.below(2) === 0);
  for (const name of Object.keys(params)) if (chance.below(4) === 0) params[name] = text(chance);
  if (chance.below(5) === 0) params[text(chance)] = text(chance);
  const bytes =
    chance.below(4) === 0
      ? acs3Request(gateway, action, params, nowMs)
      : v1Request(gateway, action, params, chance, nowMs);
  if (chance.below(4) > 0) return bytes;
  for (let i = 0; i < 1 + chance.below(4); i++) bytes[chance.below(bytes.length)] = chance.below(256);
  return bytes;
}

function v1Request(
  gateway: GatewayUnderTest,
  action: Action,
  params: Record<string, string>,
  chance: Chance,
  nowMs: number,
): Buffer {
  const common = {
    Action: wireAction(action),
    Version: versionOf(action),
    Format: chance.pick(['JSON', 'XML']),
    Timestamp: stamp(nowMs),
  };
  const inBody = chance.below(4) === 0;
  const query = target(signV1(gateway, inBody ? 'POST' : 'GET', { ...common, ...params })).slice(2);
  const head = `Host: ${gateway.host}\r\nConnection: close\r\n`;
  if (!inBody) return Buffer.from(`GET /?${query} HTTP/1.1\r\n${head}\r\n`, 'latin1');
  const body = query + (chance.below(2) === 0 ? '' : chance.pick(NASTY));
  const type = chance.pick(['application/x-www-form-urlencoded', 'application/json', 'multipart/form-data', '']);
  const length = Buffer.byteLength(body, 'latin1');
  return Buffer.from(
    `POST / HTTP/1.1\r\n${head}Content-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n${body}`,
    'latin1',
  );
}

function acs3Request(gateway: GatewayUnderTest, action: Action, params: Record<string, string>, nowMs: number): Buffer {
  const given = { 'x-acs-action': wireAction(action), 'x-acs-version': versionOf(action), 'x-acs-date': stamp(nowMs) };
  const lines = signAcs3(gateway, given, Object.entries(params)).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${target(params)} HTTP/1.1\r\n${lines.join('')}Connection: close\r\n\r\n`, 'latin1');
}

function versionOf(action: Action): string {
  return productVersions[operationSpecs[action].product];
}

function stamp(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/\.\d+Z$/, 'Z');
}

function text(chance: Chance): string {
  const way = chance.below(6);
  if (way === 0) return '';
  if (way === 1) return chance.pick(NASTY).replace(/%.*/, 'x');
  if (way === 2) return chance.pick(NUMBERS);
  if (way === 3)
    return chance
      .bytes(1 + chance.below(39))
      .toString('utf8')
      .toWellFormed();
  return hostileText(chance, 1 + chance.below(2999)).toWellFormed();
}

/** Sends the bytes and reads to the end; returns the status, or 0 if the server just closed. */
function exchange({ host }: GatewayUnderTest, bytes: Buffer): Promise<number> {
  const [name = '', port] = host.split(':');
  return new Promise((resolve, reject) => {
    let head = '';
    const socket = connect({ host: name, port: Number(port) }, () => socket.end(bytes));
    socket.setTimeout(ANSWER_LIMIT_MS, () => reject(new Error(`no answer to ${bytes.toString('latin1')}`)));
    socket.on('data', (chunk: Buffer) => {
      if (head.length < 16) head += chunk.toString('latin1', 0, 16);
    });
    socket.on('error', () => resolve(0));
    socket.on('close', () => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0));
    });
  });
}
