import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Logbook } from '../../logbook/src/logbook.ts';
import { insertBuildRecord } from '../../server/src/build/build-store.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from '../../server/src/gateway/testing/gateway.ts';
import { callV1 } from '../../server/src/gateway/testing/send.ts';
import { insertNamespace } from '../../server/src/namespace/namespace-store.ts';
import { insertRepository } from '../../server/src/repository/repository-store.ts';
import { v1StringToSign } from '../../server/src/signature/signature-v1.ts';
import { parseUrlEncoded, queryOf } from '../../server/src/signature/url-encoded.ts';
import { fillLog, inBenchFolder, logOf } from './bench-folder.ts';

// A process of its own for `bench/gateway.ts`: the gateway over a running and a sealed log, a bare server that sends
// the same bytes after checking only the signature, and one that sends them unchecked. It prints its ports, and its
// processor time when asked.

const LINES = 1_000_000;
const RUNNING = '0f8fad5b-d9cb-469f-a165-70867728950e';
const SEALED = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** One kind of call, and the ports of those that answer it. */
export interface BenchCall {
  name: string;
  action: string;
  params: Record<string, string>;
  /** The number of lines over which its offsets are spread; if absent, none are sent. */
  lineCount?: number;
  sizeBytes: number;
  ports: Record<'gateway' | 'signed' | 'bare', number>;
}

/** The first line that the process prints. */
export interface BenchServerReady {
  calls: BenchCall[];
  pair: { accessKeyId: string; accessKeySecret: string };
}

await inBenchFolder(async (folder) => {
  const cold = await Logbook.open({ folder, blockCacheBytes: 0 });
  await fillLog(cold, RUNNING, LINES);
  await (await fillLog(cold, SEALED, LINES)).seal({ verdict: 'complete' });
  const cached = await Logbook.open({ folder, blockCacheBytes: 512 * 1024 * 1024 });
  const sealed = await logOf(cached, SEALED);
  for (let offset = 0; offset < LINES; offset += 100) await sealed.page(offset);
  await using coldGateway = await startGateway(cold);
  await using cachedGateway = await startGateway(cached);
  const page = (gateway: GatewayUnderTest, record: string) => ({
    action: 'ListRepoBuildRecordLog',
    params: { InstanceId: gateway.instanceId, RepoId: 'crr-bench', BuildRecordId: record },
    lineCount: LINES,
  });
  const instance = { action: 'GetInstance', params: { InstanceId: coldGateway.instanceId } };
  const calls = [
    await benchCall(coldGateway, { name: 'GetInstance', ...instance }),
    await benchCall(coldGateway, { name: 'log page, running', ...page(coldGateway, RUNNING) }),
    await benchCall(cachedGateway, { name: 'log page, sealed, cached', ...page(cachedGateway, SEALED) }),
    await benchCall(coldGateway, { name: 'log page, sealed, cold', ...page(coldGateway, SEALED) }),
  ];
  const { accessKeyId, accessKeySecret } = coldGateway;
  process.send?.({ calls, pair: { accessKeyId, accessKeySecret } } satisfies BenchServerReady);
  process.on('message', () => process.send?.(process.cpuUsage()));
  await new Promise((resolve) => process.once('disconnect', resolve));
});
process.exit(0);

async function startGateway(logbook: Logbook): Promise<GatewayUnderTest> {
  const gateway = await startGatewayUnderTest({ means: { logbook } });
  const { instanceId, means } = gateway;
  const stamp = { createdMs: Date.now(), modifiedMs: Date.now() };
  await insertNamespace(means.db, {
    namespaceId: 'crn-bench',
    instanceId,
    name: 'bench',
    autoCreateRepo: false,
    defaultRepoType: 'PRIVATE',
    defaultTagImmutability: false,
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
  for (const buildRecordId of [RUNNING, SEALED]) {
    await insertBuildRecord(means.db, {
      buildRecordId,
      instanceId,
      repoId: 'crr-bench',
      imageTag: 'latest',
      source: { kind: 'archive', archiveId: 'none', name: 'none' },
      dockerfile: 'Dockerfile',
      buildArgs: [],
      useCache: false,
      createdMs: stamp.createdMs,
      requesters: undefined,
      trigger: 'call',
    });
  }
  return gateway;
}

async function benchCall(
  gateway: GatewayUnderTest,
  call: Pick<BenchCall, 'name' | 'action' | 'params' | 'lineCount'>,
): Promise<BenchCall> {
  const reply = await callV1(gateway, call.action, call.params);
  if (reply.status !== 200) throw new Error(`${call.name}: ${reply.body}`);
  const body = Buffer.from(reply.body);
  const signed = createServer((request, response) => {
    const parameters = parseUrlEncoded(queryOf(request.url ?? '/'));
    const expected = createHmac('sha1', `${gateway.accessKeySecret}&`)
      .update(v1StringToSign(request.method ?? 'GET', parameters))
      .digest();
    const given = Buffer.from(new Map(parameters).get('Signature') ?? '', 'base64');
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) response.writeHead(400).end();
    else sendBody(response, body);
  });
  const bare = createServer((_request, response) => sendBody(response, body));
  const ports = {
    gateway: Number(gateway.host.split(':')[1]),
    signed: await listen(signed),
    bare: await listen(bare),
  };
  return { ...call, sizeBytes: body.length, ports };
}

function sendBody(response: ServerResponse, body: Buffer): void {
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
