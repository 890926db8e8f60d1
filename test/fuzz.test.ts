import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { connect } from 'node:net';
import { test } from 'node:test';
import { type GatewayUnderTest, startGatewayUnderTest } from '../server/src/gateway/gateway-under-test.ts';
import { signV1, target } from '../server/src/gateway/send-under-test.ts';
import { type Action, operationSpecs } from '../server/src/rpc/spec.gen.ts';
import { sampleParams } from './compat/sample-params.ts';

const REQUESTS = process.env.SLIPWAY_TEST_LONG === '1' ? 50_000 : 5_000;
const CONNECTIONS = 8;
const ACTIONS = Object.keys(operationSpecs) as Action[];
const NASTY = [
  '%',
  '%zz',
  '%00',
  '%ff',
  '%F0%9F',
  '+',
  '&&',
  '=',
  '\u0000',
  '\r\n',
  '__proto__=1',
  'Action=GetInstance',
  'é',
  '😀',
];

test(`${REQUESTS} requests of a fuzzer: each is answered, none with a fault of ours, and memory does not grow`, async () => {
  await using gateway = await startGatewayUnderTest();
  const seen = new Map<number, number>();
  let left = REQUESTS;
  const work = async () => {
    while (left-- > 0) {
      const status = await exchange(gateway, requestOf(gateway));
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
  };
  // The first tenth makes caches and compiled code; what grows after it is a leak.
  const tenth = REQUESTS / 10;
  left = tenth;
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  globalThis.gc?.();
  const beforeBytes = process.memoryUsage().heapUsed;
  left = REQUESTS - tenth;
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  globalThis.gc?.();
  const grownBytes = process.memoryUsage().heapUsed - beforeBytes;
  const faults = [...seen.keys()].filter((status) => status >= 500 && status !== 501);
  assert.deepEqual(faults, [], JSON.stringify([...seen]));
  assert.deepEqual(gateway.faults, []);
  assert.ok((seen.get(200) ?? 0) > 0 && (seen.get(400) ?? 0) > 0, JSON.stringify([...seen]));
  assert.ok(grownBytes < 150 * 1024 * 1024, `${grownBytes} bytes`);
});

/** A request as bytes: signed and whole, signed with a parameter of any value, or damaged somewhere. */
function requestOf(gateway: GatewayUnderTest): Buffer {
  const action = pick(ACTIONS);
  const params = sampleParams(action, { InstanceId: gateway.instanceId }, randomInt(2) === 0);
  for (const name of Object.keys(params)) if (randomInt(4) === 0) params[name] = text();
  if (randomInt(5) === 0) params[text()] = text();
  const Version = { cr: '2018-12-01', ram: '2015-05-01', sts: '2015-04-01' }[operationSpecs[action].product];
  const Format = pick(['JSON', 'XML']);
  const query = target(signV1(gateway, 'GET', { Action: action, Version, Format, ...params })).slice(1);
  const head = `Host: ${gateway.host}\r\nConnection: close\r\n`;
  const bytes = Buffer.from(`GET /${query} HTTP/1.1\r\n${head}\r\n`, 'latin1');
  const way = randomInt(4);
  if (way <= 1) return bytes;
  if (way === 2) {
    const damaged = Buffer.from(bytes);
    for (let i = 0; i < 1 + randomInt(4); i++) damaged[randomInt(damaged.length)] = randomInt(256);
    return damaged;
  }
  const body = Buffer.from(query.slice(1) + pick(NASTY), 'latin1');
  const type = pick(['application/x-www-form-urlencoded', 'application/json', 'multipart/form-data', '']);
  const lines = `POST / HTTP/1.1\r\n${head}Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(lines), body]);
}

function text(): string {
  const way = randomInt(6);
  if (way === 0) return '';
  if (way === 1) return pick(NASTY).replace(/%.*/, 'x');
  if (way === 2)
    return pick(['-1', '1e3', '0x10', ' 5', '９', '9007199254740993', 'NaN', 'true', 'TRUE', '*', '../..']);
  if (way === 3) return randomBytes(randomInt(1, 40)).toString('utf8').toWellFormed();
  if (way === 4) return '{"a":'.repeat(randomInt(1, 30));
  return 'x'.repeat(randomInt(1, 3000));
}

function pick<T>(list: readonly T[]): T {
  return list[randomInt(list.length)] as T;
}

/** Sends the bytes and reads to the end; answers the status, and 0 where the server just closed. */
function exchange({ host }: GatewayUnderTest, bytes: Buffer): Promise<number> {
  const [name = '', port] = host.split(':');
  return new Promise((resolve, reject) => {
    let head = '';
    const socket = connect({ host: name, port: Number(port) }, () => socket.end(bytes));
    socket.setTimeout(20_000, () => reject(new Error(`no answer to ${bytes.toString('latin1')}`)));
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
