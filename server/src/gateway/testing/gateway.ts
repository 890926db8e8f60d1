import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logbook } from '@slipway/logbook';
import { fastify } from 'fastify';
import { accountKeys } from '#account/keys/account-keys.ts';
import { FileNonces } from '#audit/file-nonces.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { insertInstance } from '#instance/instance-store.ts';
import type { NativeMeans } from '#native/native-operation.ts';
import { nativeRoutes } from '#native/native-routes.ts';
import type { Means } from '#rpc/context.ts';
import { CODE_HOST_URLS } from '#source/testing/code-host-urls.ts';
import { answerMalformed } from '../answer-malformed.ts';
import { createGateway, type GatewayMeans } from '../gateway.ts';
import { loadOperations } from '../load-operations.ts';
import { meansUnderTest, PAIR } from './means.ts';

/** A gateway on a free port of 127.0.0.1, over a database in memory, a logbook of its own and one instance. */
export interface GatewayUnderTest extends AsyncDisposable {
  readonly endpoint: string;
  readonly host: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly instanceId: string;
  readonly means: Means;
  /** Where nonces are written down. */
  readonly nonceFolder: string;
  /** What the gateway told its logger. */
  readonly faults: object[];
  /** How often `buildQueued` was called. */
  queuedBuilds(): number;
}

/** What a test wants otherwise. */
export interface GatewayUnderTestOptions
  extends Partial<
    Pick<GatewayMeans, 'operations' | 'account' | 'nonces' | 'publicHost' | 'trustedProxies' | 'throttle'>
  > {
  readonly means?: Partial<Means>;
}

/** Starts one for a test: `await using gateway = await startGatewayUnderTest()`. It cleans up all it made. */
export async function startGatewayUnderTest({
  operations,
  means: otherMeans,
  ...settings
}: GatewayUnderTestOptions = {}): Promise<GatewayUnderTest> {
  await using undo = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'slipway-gateway-'));
  undo.defer(() => rm(folder, { recursive: true }));
  const db = await openDatabaseUnderTest();
  undo.defer(() => db.destroy());
  const logbook = await Logbook.open({ folder: join(folder, 'logs') });
  undo.defer(() => logbook.close());

  let queued = 0;
  const means = meansUnderTest({ db, logbook, buildQueued: () => void queued++, ...otherMeans });
  const instanceId = means.newId('cri');
  const [createdMs, modifiedMs] = [1_700_000_000_000, 1_700_000_000_001];
  await insertInstance(db, {
    instanceId,
    name: 'slipway',
    regionId: 'local',
    status: 'RUNNING',
    createdMs,
    modifiedMs,
  });

  const nonceFolder = join(folder, 'nonces');
  const nonces = FileNonces.open({ folder: nonceFolder, now: means.now });
  undo.defer(() => nonces.close());
  const faults: object[] = [];
  const account = accountKeys({
    root: { accountId: means.accountId, ...PAIR },
    db: means.db,
    secrets: means.secrets,
    onFault: (error) => faults.push({ error }),
  });
  const gateway = createGateway({
    operations: operations ?? (await loadOperations()),
    means,
    account,
    nonces,
    ...settings,
    logger: { error: (details, message) => faults.push({ ...details, message }) },
  });
  const api = fastify();
  undo.defer(() => api.close());
  // What operations need that read the database.
  const verifier = { account, nonces, now: means.now };
  const buildLimits = { perServer: 1, perInstance: 1, perRepository: 1 };
  const native = {
    ...means,
    verifier,
    instanceId,
    version: '1',
    waitReason: async () => undefined,
    buildLimits,
    codeHostUrls: CODE_HOST_URLS,
  };
  await api.register(nativeRoutes, { prefix: '/api/v1', means: native as unknown as NativeMeans });
  await api.ready();
  const server = createServer((request, response) =>
    request.url?.startsWith('/api/v1/') ? api.routing(request, response) : gateway(request, response),
  );
  server.on('clientError', answerMalformed);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  undo.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const cleanUp = undo.move();
  return {
    endpoint: `http://${host}`,
    host,
    ...PAIR,
    instanceId,
    means,
    nonceFolder,
    faults,
    queuedBuilds: () => queued,
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };
}
