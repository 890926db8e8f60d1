import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { healthRoutes } from './health-routes.ts';
import { createApp } from './port.ts';
import { BodyGate } from './request-body.ts';

test('a server is healthy as long as it answers, and ready as long as it takes builds; else it says why not', async (t) => {
  const problems: string[] = [];
  const app = createApp(pino({ level: 'silent' }), new BodyGate({ totalBytes: 2 ** 28 }));
  t.after(() => app.close());
  await app.register(healthRoutes, { version: '1', instanceId: 'cri-test', problems: async () => problems });

  const ready = await app.inject('/readyz');
  assert.deepEqual([ready.statusCode, ready.json()], [200, { Ready: true, Problems: [] }]);

  problems.push('the sandbox helper is gone');
  const notReady = await app.inject('/readyz');
  assert.deepEqual([notReady.statusCode, notReady.json()], [503, { Ready: false, Problems: problems }]);
  const healthy = await app.inject('/healthz');
  assert.deepEqual([healthy.statusCode, healthy.json()], [200, { Status: 'ok', Version: '1', InstanceId: 'cri-test' }]);
});
