import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import type { Delivery } from '#delivery/delivery.ts';
import { posting, startReceiver } from './testing/receiver.ts';

const BODY = JSON.stringify({ push_data: { tag: 'v1' }, repository: { name: 'ü' } });
const DELIVERY = { deliveryId: 'crd-1', body: BODY, contentType: 'application/json' } as Delivery;
const { signal } = new AbortController();
const post = posting(() => 1_700_000_000_999);

function send(url: string, secret?: string) {
  return post({ receiver: { receiverId: 'crw-1', url, secret }, delivery: DELIVERY, signal });
}

test('sends the body as JSON with a signature that the receiver can check, and the login in the address', async (context) => {
  const receiver = await startReceiver(context, (response) => response.writeHead(202).end('thanks'));
  const url = receiver.url.replace('http://', 'http://us%40er:p%3Ass@');
  assert.deepEqual(await send(url, 'whsec_1'), { status: 202, reply: 'thanks' });
  const [{ headers, body } = assert.fail()] = receiver.received;
  assert.equal(body, BODY);
  assert.equal(headers['content-type'], 'application/json');
  assert.equal(headers['x-slipway-delivery'], 'crd-1');
  assert.equal(headers.authorization, `Basic ${Buffer.from('us@er:p:ss').toString('base64')}`);
  const expected = createHmac('sha256', 'whsec_1').update(`1700000000.${body}`).digest('hex');
  assert.equal(headers['x-slipway-signature'], `t=1700000000,v1=${expected}`);
});

test('keeps only the first KiB of a reply, also of an endless one', async (context) => {
  const receiver = await startReceiver(context, (response) => response.writeHead(500).write('x'.repeat(100_000)));
  const { status, reply, failure } = await send(receiver.url);
  assert.deepEqual([status, reply?.length, failure], [500, 1024, 'it answered HTTP 500']);
});

test('follows a redirect within the host, with the same body, and nowhere else', async (context) => {
  const other = await startReceiver(context);
  const receiver = await startReceiver(context, (response, { path }) => {
    const targets: Record<string, string> = {
      '/hook': '/moved',
      '/metadata': 'http://169.254.169.254/latest',
      '/other': `http://localhost:${other.port}/?token=secret`,
      '/scheme': 'file:///etc/passwd',
      '/round': '/round',
    };
    const location = targets[path];
    response.writeHead(location === undefined ? 200 : 307, { ...(location ? { location } : {}) }).end();
  });
  assert.equal((await send(receiver.url)).status, 200);
  assert.deepEqual(
    receiver.received.map(({ path, body }) => [path, body]),
    [
      ['/hook', BODY],
      ['/moved', BODY],
    ],
  );
  const failure = async (path: string) => (await send(receiver.url.replace('/hook', path))).failure;
  assert.match(
    (await failure('/metadata')) ?? '',
    /redirects to http:\/\/169\.254\.169\.254\/latest, which is not followed/,
  );
  assert.match((await failure('/other')) ?? '', /localhost:\d+\/\?token=\*\*\*, which/);
  assert.match((await failure('/scheme')) ?? '', /redirects to file:/);
  assert.match((await failure('/round')) ?? '', /more than 3 times/);
  assert.equal(other.received.length, 0);
});

test('refuses a private address with the setting that allows it, and reports a refused connection', async (context) => {
  const receiver = await startReceiver(context);
  const { failure } = await send(receiver.url.replace('127.0.0.1', '127.0.0.2'));
  assert.match(failure ?? '', /127\.0\.0\.2 .*loopback.*; the setting trigger-allow-addresses can allow it/);
  await receiver.close();
  assert.match((await send(receiver.url)).failure ?? '', /cannot be reached/);
  assert.equal(receiver.received.length, 0);
});
