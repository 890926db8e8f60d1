import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { insertBuildRecord } from '../../server/src/build/build-store.ts';
import { startGatewayUnderTest } from '../../server/src/gateway/gateway-under-test.ts';
import { queryBytes } from '../../server/src/gateway/read-request.ts';
import { callV1 } from '../../server/src/gateway/send-under-test.ts';
import { v1StringToSign } from '../../server/src/gateway/signature-v1.ts';
import { parseUrlEncoded } from '../../server/src/gateway/url-encoded.ts';
import { insertNamespace } from '../../server/src/namespace/namespace-store.ts';
import { insertRepository } from '../../server/src/repository/repository-store.ts';

// A process of its own for `bench/gateway.ts`: the gateway, a bare server that sends the same bytes after the check of
// the signature alone, and one that sends them unasked. It tells its ports, and its processor time when asked.

const RECORD = '0f8fad5b-d9cb-469f-a165-70867728950e';
const LINES = 100;

const gateway = await startGatewayUnderTest();
const { instanceId, means } = gateway;
const stamp = { createdMs: Date.now(), modifiedMs: Date.now() };
await insertNamespace(means.db, {
  namespaceId: 'crn-bench',
  instanceId,
  name: 'bench',
  autoCreateRepo: false,
  defaultRepoType: 'PRIVATE',
  status: 'NORMAL',
  ...stamp,
});
await insertRepository(means.db, {
  repoId: 'crr-bench',
  instanceId,
  namespaceName: 'bench',
  name: 'bench',
  type: 'PRIVATE',
  summary: 'bench',
  detail: undefined,
  tagImmutability: false,
  status: 'NORMAL',
  ...stamp,
});
await insertBuildRecord(means.db, {
  buildRecordId: RECORD,
  instanceId,
  repoId: 'crr-bench',
  imageTag: 'latest',
  source: { kind: 'archive', archiveId: 'none' } as never,
  dockerfile: 'Dockerfile',
  buildArgs: [],
  platform: 'linux/amd64',
  useCache: false,
  createdMs: stamp.createdMs,
});
await writeLog();

const calls = {
  GetInstance: { InstanceId: instanceId },
  ListRepoBuildRecordLog: { InstanceId: instanceId, RepoId: 'crr-bench', BuildRecordId: RECORD },
};
const bodies: Record<string, Buffer> = {};
for (const [action, params] of Object.entries(calls)) {
  const reply = await callV1(gateway, action, params);
  if (reply.status !== 200) throw new Error(`${action}: ${reply.body}`);
  bodies[action] = Buffer.from(reply.body);
}
const sizes = Object.fromEntries(Object.entries(bodies).map(([action, body]) => [action, body.length]));

const signed = createServer((request, response) => {
  const parameters = parseUrlEncoded(queryBytes(request.url ?? '/'));
  const values = new Map(parameters);
  const expected = createHmac('sha1', `${gateway.accessKeySecret}&`)
    .update(v1StringToSign(request.method ?? 'GET', parameters))
    .digest();
  const given = Buffer.from(values.get('Signature') ?? '', 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) response.writeHead(400).end();
  else sendBody(response, values.get('Action') ?? '');
});
const bare = createServer((request: IncomingMessage, response) => {
  sendBody(response, /Action=(\w+)/.exec(request.url ?? '')?.[1] ?? '');
});
const ports = {
  gateway: Number(gateway.host.split(':')[1]),
  signed: await listen(signed),
  bare: await listen(bare),
};
const pair = { accessKeyId: gateway.accessKeyId, accessKeySecret: gateway.accessKeySecret };
process.send?.({ ports, calls, pair, sizes });
process.on('message', () => process.send?.(process.cpuUsage()));
process.on('disconnect', () => process.exit(0));

function sendBody(response: ServerResponse, action: string): void {
  const body = bodies[action] ?? Buffer.alloc(0);
  response.writeHead(200, {
    'Content-Type': 'application/json;charset=utf-8',
    'Content-Length': body.length,
    'x-acs-request-id': '0F8FAD5B-D9CB-469F-A165-70867728950E',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
}

async function writeLog(): Promise<void> {
  const writer = await means.logbook.create(RECORD);
  for (let line = 1; line <= LINES; line++) {
    await writer.write(Buffer.from(`#9 ${line}.${line % 997} Setting up package-${line} (1.${line}-2) ...\n`));
  }
  await writer.committed();
  await writer.seal({ verdict: 'complete' });
}
