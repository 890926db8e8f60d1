import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { identifyServer, ServerNotProven } from '../../../client/src/identify-server.ts';
import { startApiUnderTest } from './testing/api.ts';

test('a server proves to the signer of a request that it knows the secret, and to nobody else', async (t) => {
  const { endpoint, pair, authorization } = await startApiUnderTest(t);
  const { InstanceId, Version } = await identifyServer({ endpoint, ...pair });
  assert.deepEqual([InstanceId, Version], ['cri-test', '1']);
  await assert.rejects(identifyServer({ endpoint, ...pair, accessKeySecret: 'x' }), { code: 'SignatureDoesNotMatch' });
  const url = `${endpoint}/api/v1/server`;
  assert.equal((await fetch(url)).status, 400);
  const byToken = await fetch(url, { headers: { authorization } });
  assert.deepEqual([byToken.status, byToken.headers.get('x-slipway-proof')], [200, null]);
});

test('the reply to an earlier request and an altered reply prove nothing', async (t) => {
  const { endpoint, pair } = await startApiUnderTest(t);
  const answers: Answer[] = [];
  const impostor = await listen(t, async (path, headers) => {
    const answer = await relay(endpoint, path, headers);
    answers.push(answer);
    return answers.length === 1 ? answer : answers.length === 2 ? answers[0] : { ...answer, body: `${answer.body} ` };
  });
  // Without TLS nothing shows who relays question and answer; the answer is still the server's own.
  assert.equal((await identifyServer({ endpoint: impostor, ...pair })).InstanceId, 'cri-test');
  await assert.rejects(identifyServer({ endpoint: impostor, ...pair }), ServerNotProven, 'an answer of another time');
  await assert.rejects(identifyServer({ endpoint: impostor, ...pair }), ServerNotProven, 'an altered reply');
  assert.equal(answers.length, 3);
});

interface Answer {
  body: string;
  proof: string;
}

/** Sends the request to the real server unchanged, including its Host. */
function relay(endpoint: string, path: string, headers: IncomingHttpHeaders): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${endpoint}${path}`, { headers }, async (response) => {
      resolve({ body: await text(response), proof: String(response.headers['x-slipway-proof']) });
    });
    asked.once('error', reject).end();
  });
}

async function listen(
  t: TestContext,
  answer: (path: string, headers: IncomingHttpHeaders) => Promise<Answer | undefined>,
): Promise<string> {
  const server = createServer(async (asked, response) => {
    const given = await answer(asked.url ?? '', asked.headers);
    response.writeHead(200, { 'x-slipway-proof': given?.proof }).end(given?.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
