import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { pino } from 'pino';
import { DatabaseNonces } from '#audit/database-nonces.ts';
import { connect } from '#db/postgres/open-postgres.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { callV1 } from '#gateway/testing/send.ts';
import { createApp } from '../port/port.ts';
import { BodyGate } from '../port/request-body.ts';
import { hookRoutes } from './hooks/hook-routes.ts';
import type { Metrics } from './metrics.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { type RegistryRoutesMeans, registryRoutes } from './registry/registry-routes.ts';

test('while the database is away, every listener answers 503 with Retry-After, and does not say why', async (t) => {
  const db = connect('postgresql:///away?host=/nowhere');
  t.after(() => db.destroy());
  const ask = async () => assert.fail(`answered ${JSON.stringify(await sql`select 1`.execute(db))}`);
  await using gateway = await startGatewayUnderTest({ means: { db } });
  const app = createApp(pino({ level: 'silent' }), new BodyGate({ totalBytes: 2 ** 20 }));
  t.after(() => app.close());
  const registry: Partial<RegistryRoutesMeans<string>> = { service: 'r', verifyBasic: ask, images: { db } as never };
  await app.register(registryRoutes<string>, registry as RegistryRoutesMeans<string>);
  const verifier = {};
  await app.register(hookRoutes, { prefix: '/hooks', means: { ...gateway.means, db }, verifier } as never);
  await app.register(metricsRoutes, { metrics: { contentType: 'text/plain', text: ask } as unknown as Metrics });
  const authorization = `Basic ${Buffer.from('a:b').toString('base64')}`;
  const answers = [
    await app.inject({ url: '/token?service=r', headers: { authorization } }),
    await app.inject({
      method: 'POST',
      url: '/hooks/h',
      headers: { 'x-hub-signature-256': 'sha256=00' },
      payload: '{}',
    }),
    await app.inject('/metrics'),
  ];
  for (const { statusCode, headers, body } of answers) {
    assert.deepEqual([statusCode, Number(headers['retry-after']) > 0], [503, true], body);
    assert.doesNotMatch(body, /nowhere|connect/);
  }
  const { status, headers, body } = await callV1(gateway, 'GetInstance', { InstanceId: gateway.instanceId });
  assert.deepEqual([status, headers['retry-after']], [503, '1'], body);
});

test('a signed call whose nonce cannot be stored is answered 503 with Retry-After, and does nothing', async (t) => {
  const db = connect('postgresql:///away?host=/nowhere');
  t.after(() => db.destroy());
  const nonces = new DatabaseNonces({ db, now: Date.now, onFault: assert.ifError });
  await using gateway = await startGatewayUnderTest({ nonces });
  const params = { InstanceId: gateway.instanceId, NamespaceName: 'team' };
  const { status, headers, body } = await callV1(gateway, 'CreateNamespace', params);
  assert.deepEqual([status, headers['retry-after']], [503, '1'], body);
  assert.equal((await gateway.means.db.selectFrom('namespace').selectAll().execute()).length, 0);
});
