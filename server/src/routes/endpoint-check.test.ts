import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import Fastify from 'fastify';
import { parseIpRange } from '#address/ip-range.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { switched, withEntries, withoutEntries } from '#endpoint/endpoint.ts';
import { endpointGate } from '#endpoint/endpoint-gate.ts';
import { changeEndpoint } from '#endpoint/endpoint-store.ts';
import { insertNetworkLink, removeNetworkLink } from '#endpoint/network-store.ts';
import { insertInstance } from '#instance/instance-store.ts';
import type { Network } from '#rpc/context.ts';
import { requireEndpoint } from './endpoint-check.ts';

const OUTSIDE = '203.0.113.9';

async function openDoor(trusted: string[], networks: readonly Network[] = []) {
  const db = await openDatabaseUnderTest();
  const times = { createdMs: 1, modifiedMs: 1 };
  await insertInstance(db, { instanceId: 'cri-1', name: 'a', regionId: 'local', status: 'RUNNING', ...times });
  const app = Fastify();
  const trustedProxies = trusted.flatMap((range) => parseIpRange(range) ?? []);
  requireEndpoint(app, { refusal: endpointGate(db, 'cri-1', 'Registry', networks), trustedProxies });
  app.get('/v2/', async () => 'in');
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const come = async (from?: string) => {
    const answer = await fetch(`${url}/v2/`, { headers: from === undefined ? {} : { 'x-forwarded-for': from } });
    return { status: answer.status, text: await answer.text() };
  };
  const close = async () => {
    await app.close();
    await db.destroy();
  };
  return { db, url, come, [Symbol.asyncDispose]: close };
}

const entry = (text: string) => [{ entry: text, comment: '' }];

test('admits everyone until there is a list, and then only its ranges, from the next request on', async () => {
  await using door = await openDoor(['127.0.0.1']);
  const change = (how: Parameters<typeof changeEndpoint>[3]) => changeEndpoint(door.db, 'cri-1', 'Registry', how);
  assert.equal((await door.come(OUTSIDE)).status, 200);
  await change((endpoint) => withEntries(endpoint, entry('198.51.100.7/24')));
  const refused = await door.come(OUTSIDE);
  assert.equal(refused.status, 403);
  assert.deepEqual(JSON.parse(refused.text).errors, [
    { code: 'DENIED', message: `the allow-list of this registry does not have your address ${OUTSIDE}`, detail: null },
  ]);
  // Host bits are ignored, and IPv4 in IPv6 is IPv4.
  for (const inside of ['198.51.100.200', '::ffff:198.51.100.1']) assert.equal((await door.come(inside)).status, 200);
  await change((endpoint) => withEntries(endpoint, entry('203.0.113.9')));
  assert.equal((await door.come(OUTSIDE)).status, 200);
  await change((endpoint) => withoutEntries(endpoint, entry('203.0.113.9')));
  assert.equal((await door.come(OUTSIDE)).status, 403);
});

test('admits nobody but this machine while the endpoint is off', async () => {
  await using door = await openDoor(['127.0.0.1']);
  await changeEndpoint(door.db, 'cri-1', 'Registry', (endpoint) => switched(endpoint, false));
  const refused = await door.come(OUTSIDE);
  assert.equal(refused.status, 403);
  assert.match(refused.text, /endpoint of this registry is off/);
  assert.equal((await door.come()).status, 200);
});

test('ignores an address that a stranger made up', async () => {
  await using door = await openDoor(['127.0.0.1', '192.0.2.0/24']);
  await changeEndpoint(door.db, 'cri-1', 'Registry', (endpoint) => withEntries(endpoint, entry('198.51.100.7')));
  // The proxy wrote the last address; those before it are the stranger's own claims.
  assert.equal((await door.come(`198.51.100.7, ${OUTSIDE}`)).status, 403);
  assert.equal((await door.come(`127.0.0.1, ${OUTSIDE}`)).status, 403);
  assert.equal((await door.come(`${OUTSIDE}, 198.51.100.7, 192.0.2.1`)).status, 200);
  await using direct = await openDoor([]);
  await changeEndpoint(direct.db, 'cri-1', 'Registry', (endpoint) => withEntries(endpoint, entry('198.51.100.7')));
  // The connection comes from this machine, whatever the header says.
  assert.equal((await direct.come(OUTSIDE)).status, 200);
});

test('cuts an open connection when its address is removed from the list', async () => {
  await using door = await openDoor(['127.0.0.1']);
  const { hostname, port } = new URL(door.url);
  const { Agent } = await import('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const come = () =>
    new Promise<{ status: number; port: number | undefined; connection: string | undefined }>((resolve, reject) => {
      const sent = request(
        { agent, hostname, port, path: '/v2/', headers: { 'x-forwarded-for': OUTSIDE } },
        (answer) => {
          const { localPort } = answer.socket;
          answer
            .resume()
            .on('end', () =>
              resolve({ status: answer.statusCode ?? 0, port: localPort, connection: answer.headers.connection }),
            );
        },
      );
      sent.on('error', reject).end();
    });
  const first = await come();
  await changeEndpoint(door.db, 'cri-1', 'Registry', (endpoint) => withEntries(endpoint, entry('198.51.100.7')));
  const second = await come();
  assert.deepEqual([first.status, second.status, second.connection], [200, 403, 'close']);
  assert.equal(first.port, second.port);
  agent.destroy();
});

test('admits clients of a linked network although the endpoint is off, until the link is removed', async () => {
  const clients = parseIpRange('10.8.0.0/16');
  assert.ok(clients);
  const link = { vpcId: 'vpc-a', vswitchId: 'vsw-a', wantsDns: false };
  await using door = await openDoor(['127.0.0.1'], [{ ...link, clients, address: '10.8.0.1' }]);
  await changeEndpoint(door.db, 'cri-1', 'Registry', (endpoint) => switched(endpoint, false));
  assert.equal((await door.come('10.8.3.4')).status, 403);
  await insertNetworkLink(door.db, 'cri-1', 'Registry', link);
  assert.equal((await door.come('10.8.3.4')).status, 200);
  assert.equal((await door.come('10.9.3.4')).status, 403);
  await removeNetworkLink(door.db, 'cri-1', 'Registry', link);
  assert.equal((await door.come('10.8.3.4')).status, 403);
});
