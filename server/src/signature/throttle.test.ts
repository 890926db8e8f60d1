import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { callV1 } from '#gateway/testing/send.ts';
import { createThrottle } from './throttle.ts';

test('allows the set rate on average and a burst of twice that, and returns how long to wait', () => {
  const throttle = createThrottle(10);
  for (let i = 0; i < 20; i++) assert.equal(throttle.take('a', 1000), undefined);
  assert.equal(throttle.take('a', 1000), 100);
  assert.equal(throttle.take('a', 1050), 50);
  assert.equal(throttle.take('b', 1000), undefined, 'another caller has its own bucket');
  assert.equal(throttle.take('a', 1100), undefined);
  assert.equal(throttle.take('a', 1100), 100);
  assert.equal(throttle.take('a', 500), 100, 'setting the clock back gives no calls');
});

test('servers with one database share the rate and the burst, and each allows at least one call', () => {
  let servers = 1;
  const throttle = createThrottle(10, () => servers);
  for (let i = 0; i < 20; i++) assert.equal(throttle.take('a', 1000), undefined);
  servers = 4;
  assert.equal(throttle.take('a', 1000), 400);
  assert.equal(throttle.take('a', 1400), undefined);
  for (let i = 0; i < 5; i++) assert.equal(throttle.take('b', 1400), undefined);
  assert.equal(throttle.take('b', 1400), 400);
  servers = 40;
  assert.equal(throttle.take('a', 9000), undefined);
  assert.equal(throttle.take('a', 9000), 4000);
  servers = 1;
  assert.equal(throttle.take('a', 9100), undefined, 'the others are gone');
});

test('keeps a bounded number of callers', () => {
  const throttle = createThrottle(1);
  for (let i = 0; i < 25_000; i++) assert.equal(throttle.take(`caller ${i}`, i * 10), undefined);
});

test('a throttled call is refused, with the wait in the header that the vendor’s clients read', async () => {
  await using gateway = await startGatewayUnderTest({ throttle: createThrottle(1) });
  assert.equal((await callV1(gateway, 'ListInstance')).status, 200);
  assert.equal((await callV1(gateway, 'ListInstance')).status, 200);
  const refused = await callV1(gateway, 'ListInstance');
  assert.equal(refused.status, 400);
  assert.equal(JSON.parse(refused.body).Code, 'Throttling.User');
  const waitMs = Number(refused.headers['x-acs-retry-after']);
  assert.ok(waitMs > 0 && waitMs <= 1000, String(waitMs));
});
