import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IpRange, parseIpRange } from '#address/ip-range.ts';
import { callAs, makeUser, policy } from '#gateway/testing/caller.ts';
import { startGatewayUnderTest } from '#gateway/testing/gateway.ts';
import { send, signV1, target } from '#gateway/testing/send.ts';
import { callOrigin } from './call-origin.ts';

const trusted = ['127.0.0.1', '10.0.0.0/8'].map((range) => parseIpRange(range) as IpRange);

function origin(remoteAddress: string, headers: Record<string, string> = {}, encrypted = false) {
  const rawHeaders = Object.entries(headers).flat();
  return callOrigin({ rawHeaders, socket: { remoteAddress, encrypted } }, trusted);
}

test('ignores forwarding headers from an untrusted address', () => {
  const claimed = { 'X-Forwarded-For': '1.1.1.1', 'X-Forwarded-Proto': 'https' };
  assert.deepEqual(origin('8.8.8.8', claimed), { sourceIp: '8.8.8.8', secureTransport: false });
  assert.deepEqual(origin('::ffff:8.8.8.8', {}, true), { sourceIp: '8.8.8.8', secureTransport: true });
});

test('uses the last address that is not a trusted proxy’s, not the first, which a client can make up', () => {
  const through = (hops: string) => origin('127.0.0.1', { 'x-forwarded-for': hops }).sourceIp;
  assert.equal(through('9.9.9.9'), '9.9.9.9');
  assert.equal(through('1.1.1.1, 9.9.9.9'), '9.9.9.9');
  assert.equal(through('1.1.1.1, 9.9.9.9, 10.0.0.7'), '9.9.9.9');
  assert.equal(through('10.0.0.8, 10.0.0.7'), '10.0.0.8');
  assert.equal(through(''), '127.0.0.1');
  assert.equal(origin('127.0.0.1', { 'x-forwarded-proto': 'http, https' }).secureTransport, true);
});

test('acs:SourceIp in a policy is the client behind the proxy', async () => {
  await using gateway = await startGatewayUnderTest({ trustedProxies: trusted });
  const office = policy('Allow', 'cr:ListInstance', '*', { IpAddress: { 'acs:SourceIp': '203.0.113.0/24' } });
  const key = await makeUser(gateway, 'office', office);
  const from = async (address: string) => {
    const query = target(signV1(key, 'GET', { Action: 'ListInstance' }));
    return (await send(gateway, query, { headers: { 'X-Forwarded-For': address } })).status;
  };
  assert.equal(await from('203.0.113.9'), 200);
  assert.equal(await from('198.51.100.9'), 403);
  assert.equal((await callAs(gateway, key, 'ListInstance')).status, 403);
});
