import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { createClient } from '@slipway/client/client.ts';
import type { Server } from '../server/find-server.ts';
import { followLog } from './follow-log.ts';

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e';

test('continues after the last line seen when a connection breaks, the server is busy or asks to come back', async (t) => {
  const asked: (string | undefined)[] = [];
  const answers: ((response: ServerResponse) => void)[] = [
    (response) => {
      response.write(`id: 0\n\n${linesEvent(1, 2)}`);
      // Half an event, so its line was not seen.
      response.write('id: 3\ndata: [{"LineNumber":3', () => response.destroy());
    },
    (response) => response.writeHead(503, { 'retry-after': '1' }).end('starting\n'),
    (response) => response.end(`id: 2\n\n${linesEvent(3, 3)}event: reconnect\ndata: {"Reason":"stopping"}\n\n`),
    (response) => response.end(`id: 3\n\n${linesEvent(4, 5)}event: end\ndata: {"Status":"FAILED"}\n\n`),
  ];
  const server = await startServer(t, (request, response) => {
    asked.push(request.headers['last-event-id'] as string | undefined);
    answers.shift()?.(response);
  });
  const seen: number[] = [];
  const said: string[] = [];
  const result = await followLog(server, ID, { say: (text) => said.push(text) }, async (lines) => {
    seen.push(...lines.map((line) => line.LineNumber));
  });
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  assert.deepEqual(asked, [undefined, '2', '2', '3']);
  assert.equal(result.Status, 'FAILED');
  assert.equal(said.length, 2, 'it says once a time away that the server is gone');
});

test('waits for a server that goes before it has shown a line', async (t) => {
  const answers = [
    (response: ServerResponse) => response.destroy(),
    (response: ServerResponse) => response.end('id: 0\n\nevent: end\ndata: {"Status":"SUCCESS"}\n\n'),
  ];
  const server = await startServer(t, (_request, response) => answers.shift()?.(response));
  const said: string[] = [];
  const result = await followLog(server, ID, { say: (text) => said.push(text) }, async () => undefined);
  assert.deepEqual([result.Status, said.length], ['SUCCESS', 1]);
});

test('reports a refusal at once', async (t) => {
  const body = '{"RequestId":"R","Code":"BUILD_RECORD_NOT_EXIST","Message":"no such build"}';
  const server = await startServer(t, (_request, response) => response.writeHead(404).end(body));
  await assert.rejects(
    followLog(server, ID, { say: () => undefined }, async () => undefined),
    { name: 'ApiCallError', code: 'BUILD_RECORD_NOT_EXIST' },
  );
});

test('ends at once for a log that is damaged on disk, with the damage and the exit code for a faulty machine', async (t) => {
  let asked = 0;
  const body = '{"RequestId":"R-1","Code":"BUILD_LOG_DAMAGED","Message":"The log is damaged on disk: lines 3 to 9."}';
  const server = await startServer(t, (_request, response) => {
    asked += 1;
    response.end(`id: 0\n\n${linesEvent(1, 2)}event: failed\ndata: ${body}\n\n`);
  });
  const seen: number[] = [];
  const following = followLog(server, ID, { say: () => undefined }, async (lines) => {
    seen.push(...lines.map((line) => line.LineNumber));
  });
  await assert.rejects(following, { exitCode: 4, message: /^BUILD_LOG_DAMAGED: .* lines 3 to 9\. \(RequestId R-1\)$/ });
  assert.deepEqual([seen, asked], [[1, 2], 1]);
});

async function startServer(
  t: TestContext,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Server> {
  const http = createServer(answer);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', () => resolve()));
  t.after(() => {
    http.closeAllConnections();
    http.close();
  });
  const pair = { accessKeyId: 'a', accessKeySecret: 'b' };
  const endpoint = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const client = createClient({ endpoint, ...pair });
  const life = {
    embedded: false,
    beforeSend: () => undefined,
    refresh: async () => undefined,
    close: async () => undefined,
  };
  return { endpoint, ...pair, client, instanceId: 'cri-1', imageHost: '127.0.0.1', ...life };
}

function linesEvent(first: number, last: number): string {
  const lines = Array.from({ length: last - first + 1 }, (_, at) => ({ LineNumber: first + at, Message: 'x' }));
  return `id: ${last}\ndata: ${JSON.stringify(lines)}\n\n`;
}
