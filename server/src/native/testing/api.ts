import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Logbook } from '@slipway/logbook';
import { pino } from 'pino';
import { accountKeys } from '#account/keys/account-keys.ts';
import { issueBearerToken } from '#account/keys/bearer-token-store.ts';
import { FileNonces } from '#audit/file-nonces.ts';
import { diskBlobStore } from '#blob/disk.ts';
import { insertBuildRecordUnderTest } from '#build/testing/insert-build-record.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { meansUnderTest, PAIR } from '#gateway/testing/means.ts';
import { insertInstance } from '#instance/instance-store.ts';
import { type FollowerLimits, Followers } from '#log/followers.ts';
import { openLogStreams } from '#log/log-streams.ts';
import { machineReader } from '#machine/read-machine.ts';
import { ensureNamespace } from '#namespace/namespace-store.ts';
import { createApp, Port } from '#port/port.ts';
import { BodyGate } from '#port/request-body.ts';
import { ensureRepository } from '#repository/repository-store.ts';
import { consoleRoutes } from '#routes/console-routes.ts';
import type { Means } from '#rpc/context.ts';
import { newId } from '#rpc/new-id.ts';
import { sumSourceArchives } from '#source/source-store.ts';
import { CODE_HOST_URLS } from '#source/testing/code-host-urls.ts';
import { CallGate } from '../call-gate.ts';
import { nativeRoutes } from '../native-routes.ts';
import { SentQuota } from '../sent-quota.ts';
import { SignInGate } from '../sign-in-gate.ts';

/** The native API on a free port of 127.0.0.1, over a database in memory and a logbook of its own. */
export interface ApiUnderTest {
  endpoint: string;
  means: Means;
  followers: Followers;
  /** The account's owner. */
  pair: { accessKeyId: string; accessKeySecret: string };
  /** `Authorization` of the account's owner. */
  authorization: string;
  /** A build without a log. */
  beginBuild(): Promise<string>;
  /** Ends a build as SUCCESS. */
  endBuild(id: string): Promise<void>;
}

const DEFAULT_LIMITS: FollowerLimits = { total: 1000, each: 1000, stallMs: 60_000, heartbeatMs: 15_000 };

/** Starts one for a test, which closes it. */
export async function startApiUnderTest(
  t: TestContext,
  limits: Partial<FollowerLimits> = {},
  folder = mkdtempSync(join(tmpdir(), 'slipway-api-')),
  consoleFolder?: string,
): Promise<ApiUnderTest> {
  const db = await openDatabaseUnderTest();
  const logbook = await Logbook.open({ folder: join(folder, 'logs') });
  const means = meansUnderTest({ db, logbook, publicHost: 'slipway.test' });
  const { secrets } = means;
  const root = { accountId: means.accountId, ...PAIR };
  const account = accountKeys({ root, db, secrets, onFault: () => undefined });
  const repository = await makeRepository(means);
  const followers = new Followers({ ...DEFAULT_LIMITS, ...limits });
  const port = await Port.bind({ host: '127.0.0.1', port: 0 });
  const app = createApp(pino({ level: 'silent' }), new BodyGate({ totalBytes: 2 ** 28 }));
  const native = {
    ...means,
    verifier: { account, nonces: FileNonces.open({ now: Date.now }), now: Date.now },
    instanceId: repository.instanceId,
    sources: {
      blobs: diskBlobStore(join(folder, 'blobs')),
      limitBytes: 64 * 1024,
      quota: new SentQuota(100 * 1024, (owner) => sumSourceArchives(db, owner)),
      changes: new CallGate({ name: 'changed sources', running: 2, each: 2, eachAddress: 2, total: 2 }),
    },
    followers,
    streams: openLogStreams(means, () => undefined),
    garbage: {
      keepMs: 0,
      state: { runningSinceMs: undefined, last: undefined },
      collect: async () => ({ startMs: 0, endMs: 0, manifests: 0, layers: 0, freedBytes: 0, pausedMs: 0 }),
    },
    platformsOf: async () => new Map(),
    checkImages: async () => ({ manifests: 0, differences: [], more: false }),
    space: {
      disk: async () => ({ sizeBytes: 100, freeBytes: 40, inodes: 10, freeInodes: 4 }),
      parts: async () => [{ part: 'logs' as const, sizeBytes: 10, reclaimableBytes: 0 }],
      stored: async () => undefined,
      reclaim: async () => 0,
    },
    hookOptions: { supersede: false, pullRequests: true },
    remoteRefs: async () => ({
      url: 'https://git.example/team/app.git',
      problem: undefined,
      branches: ['main'],
      tags: ['v1'],
      isCut: false,
    }),
    settings: [],
    isPaused: () => false,
    waitReason: async () => undefined,
    codeHostUrls: CODE_HOST_URLS,
    buildLimits: { perServer: 1, perInstance: 2, perRepository: 2 },
    lastBackup: () => undefined,
    lookAtMachine: async () => ({
      machine: await machineReader({ folder, version: '1', now: Date.now })(),
      findings: [{ what: 'the machine is slow', fix: 'buy another one' }],
    }),
    layerStores: { listStores: async () => [], removeStore: async () => true },
    regexProgram: { command: 'rg', environment: { PATH: '/usr/local/bin:/usr/bin:/bin' } },
    searches: new CallGate({ name: 'searches', running: 2, each: 4, eachAddress: 16, total: 64 }),
    signIns: new SignInGate(db),
    scanDatabaseKeepMs: 7 * 86_400_000,
    publicUrl: 'http://slipway.test',
    givenPublicUrl: undefined,
    version: '1',
  };
  await app.register(nativeRoutes, { prefix: '/api/v1', means: native });
  if (consoleFolder) await app.register(consoleRoutes, { folder: consoleFolder, names: {} });
  await app.ready();
  port.serve(() => undefined, app);
  t.after(async () => {
    void followers.drain();
    await port.close(0);
    await app.close();
    await logbook.close();
    await db.destroy();
    rmSync(folder, { recursive: true, force: true });
  });
  const caller = await account.findKey(PAIR.accessKeyId);
  if (caller === undefined) throw new Error('the owner has no key');
  const issue = { tokenId: newId('tok'), nowMs: Date.now() };
  const { token } = await issueBearerToken(db, account, caller.principal, issue);
  return {
    endpoint: port.url,
    pair: PAIR,
    means,
    followers,
    authorization: `Bearer ${token}`,
    beginBuild: () => {
      const { instanceId, repoId } = repository;
      return insertBuildRecordUnderTest(db, { instanceId, repoId, createdMs: Date.now() });
    },
    endBuild: async (id) => {
      const end = { status: 'SUCCESS', ended_ms: Date.now() };
      await db.updateTable('build_record').set(end).where('build_record_id', '=', id).execute();
    },
  };
}

async function makeRepository(means: Means) {
  const instanceId = 'cri-test';
  const times = { createdMs: 1, modifiedMs: 1 };
  await insertInstance(means.db, { instanceId, name: 'a', regionId: 'local', status: 'RUNNING', ...times });
  await ensureNamespace(means.db, {
    namespaceId: 'crn-test',
    instanceId,
    name: 'team',
    autoCreateRepo: true,
    defaultRepoType: 'PRIVATE',
    defaultTagImmutability: false,
    status: 'NORMAL',
    ...times,
  });
  return ensureRepository(means.db, {
    repoId: 'crr-test',
    instanceId,
    namespaceName: 'team',
    name: 'app',
    type: 'PRIVATE',
    summary: '',
    detail: undefined,
    tagImmutability: false,
    status: 'NORMAL',
    ...times,
  });
}
