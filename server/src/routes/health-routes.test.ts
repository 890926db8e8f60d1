import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { createApp } from '../port/port.ts';
import { BodyGate } from '../port/request-body.ts';
import { healthRoutes } from './health-routes.ts';

test('a server is healthy while it answers, and ready while it takes builds; otherwise it says why not', async (t) => {
  const problems: string[] = [];
  const platforms = async () => ({ native: ['linux/amd64'], emulated: ['linux/arm64'] });
  const Platforms = { Native: ['linux/amd64'], Emulated: ['linux/arm64'] };
  const app = createApp(pino({ level: 'silent' }), new BodyGate({ totalBytes: 2 ** 28 }));
  t.after(() => app.close());
  await app.register(healthRoutes, {
    version: '1',
    instanceId: 'cri-test',
    role: 'all',
    problems: async () => problems,
    platforms,
  });

  const ready = await app.inject('/readyz');
  assert.deepEqual([ready.statusCode, ready.json()], [200, { Ready: true, Role: 'all', Problems: [], Platforms }]);

  problems.push('the sandbox helper is gone');
  const notReady = await app.inject('/readyz');
  assert.deepEqual(
    [notReady.statusCode, notReady.json()],
    [503, { Ready: false, Role: 'all', Problems: problems, Platforms }],
  );
  const healthy = await app.inject('/healthz');
  assert.deepEqual([healthy.statusCode, healthy.json()], [200, { Status: 'ok', Version: '1', InstanceId: 'cri-test' }]);
});
