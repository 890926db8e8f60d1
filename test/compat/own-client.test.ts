import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { ApiCallError } from '../../client/src/api-call-error.ts';
import { createClient } from '../../client/src/client.ts';
import { signAcs3 } from '../../client/src/sign-acs3.ts';
import { rootKeys } from '../../server/src/account/account.ts';
import { FileNonces } from '../../server/src/audit/file-nonces.ts';
import { startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { ApiError } from '../../server/src/rpc/errors/api-error.ts';
import { authenticateAcs3 } from '../../server/src/signature/authenticate-acs3.ts';
import { checkedBody } from '../../server/src/signature/checked-body.ts';

const PAIR = { accessKeyId: 'test-key', accessKeySecret: 'test-secret' };

test("our signer agrees with the vendor's published ACS3 example", async () => {
  const url = new URL('https://ecs.cn-shanghai.aliyuncs.com/');
  url.searchParams.set('RegionId', 'cn-shanghai');
  url.searchParams.set('ImageId', 'win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd');
  const headers = { 'x-acs-action': 'RunInstances', 'x-acs-version': '2014-05-26' };
  const fixed = { nonce: '3156853299f313e23d1673dc12e1703d', timeMs: Date.parse('2023-10-26T10:22:32Z') };
  const credentials = { accessKeyId: 'YourAccessKeyId', accessKeySecret: 'YourAccessKeySecret' };
  const signed = await signAcs3({ method: 'POST', url, headers }, credentials, fixed);
  assert.equal(signed.signature, '06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0');
  assert.match(signed.stringToSign, /^ACS3-HMAC-SHA256\n[0-9a-f]{64}$/);
  assert.match(signed.canonicalRequest, /^POST\n\/\nImageId=win2019.*&RegionId=cn-shanghai\nhost:ecs/);
});

test('calls operations with typed parameters and replies', async () => {
  await using gateway = await startGatewayUnderTest();
  const client = createClient(gateway);
  const reply = await client.call('GetInstance', { InstanceId: gateway.instanceId });
  assert.equal(reply.InstanceName, 'slipway');
  const list = await client.call('ListInstance', { InstanceName: "ö* ~+%!'()" });
  assert.equal(list.TotalCount, 0);
});

test('throws the server’s error with code, status and request id', async () => {
  await using gateway = await startGatewayUnderTest();
  const refused = createClient(gateway).call('GetInstance', { InstanceId: 'cri-none' });
  await assert.rejects(refused, (error) => {
    assert.ok(error instanceof ApiCallError);
    assert.deepEqual([error.code, error.status], ['INSTANCE_NOT_EXIST', 404]);
    return /^[0-9A-F-]{36}$/.test(error.requestId);
  });
});

test('explains a signature with the string that the server compares', async () => {
  await using gateway = await startGatewayUnderTest();
  const explained = await createClient(gateway).explain('ListInstance', {});
  const wrong = createClient({ ...gateway, accessKeySecret: 'wrong' });
  assert.match(explained.canonicalRequest, /^POST\n\/\n\nhost:127\.0\.0\.1:\d+\nx-acs-action:ListInstance\n/);
  await assert.rejects(wrong.call('ListInstance', {}), /server string to sign is:ACS3-HMAC-SHA256\n[0-9a-f]{64}$/);
});

test('signs any path, and bodies whether given or streamed', async (t) => {
  const { endpoint, seen } = await nativeServer(t);
  const client = createClient({ endpoint, ...PAIR });
  const path = "/api/v1/logs/a%20b/%E4%B8%AD?from=1&q=a%20b%2B*~'(c)&empty=";
  assert.equal((await client.fetch(path)).status, 200);
  assert.equal((await client.fetch('/api/v1/sources', { method: 'POST', body: 'text' })).status, 200);
  const bytes = new Uint8Array(300_000).fill(7);
  const stream = () => new Blob([bytes]).stream();
  const contentSha256 = createHash('sha256').update(bytes).digest('hex');
  const headers = { 'content-type': 'application/gzip' };
  const streamed = await client.fetch('/api/v1/sources', { method: 'PUT', headers, body: stream(), contentSha256 });
  assert.equal(streamed.status, 200);
  assert.deepEqual(seen, ['GET 0', 'POST 4', 'PUT 300000']);
  const other = createHash('sha256').update('other').digest('hex');
  const swapped = await client.fetch('/api/v1/sources', { method: 'PUT', body: stream(), contentSha256: other });
  assert.equal(swapped.status, 400);
  assert.equal((await createClient({ endpoint, ...PAIR, accessKeySecret: 'x' }).fetch(path)).status, 400);
  await assert.rejects(client.fetch('//elsewhere.example/'), /is not a path on the server/);
});

/** A server that authenticates each request like the native API and then reads its body. */
async function nativeServer(t: { after(fn: () => Promise<unknown>): void }) {
  const seen: string[] = [];
  const verifier = {
    account: rootKeys({ accountId: '1', ...PAIR }),
    nonces: FileNonces.open({ now: () => Date.now() }),
    now: () => Date.now(),
  };
  const answer = async (message: IncomingMessage) => {
    const { principal, contentSha256 } = await authenticateAcs3(message, verifier);
    assert.equal(principal.accessKeyId, PAIR.accessKeyId);
    let sizeBytes = 0;
    await pipeline(
      message,
      (body) => checkedBody(body as AsyncIterable<Buffer>, contentSha256),
      async (chunks) => {
        for await (const chunk of chunks) sizeBytes += chunk.length;
      },
    );
    seen.push(`${message.method} ${sizeBytes}`);
  };
  const server = createServer((message, response) => {
    answer(message).then(
      () => response.end(),
      (error) => {
        response.statusCode = error instanceof ApiError ? error.status : 500;
        response.end();
      },
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

test('reports that the answer is not from such a server', async (t) => {
  const server = createServer((_, response) => response.end('<html>hello</html>'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await assert.rejects(createClient({ endpoint, ...PAIR }).call('ListInstance', {}), { code: 'UnreadableReply' });
});
