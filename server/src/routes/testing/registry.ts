import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { rootKeys } from '#account/account.ts';
import { FileNonces } from '#audit/file-nonces.ts';
import type { BlobStore } from '#blob/blob.ts';
import { buildFence } from '#build/queue/tag-order-store.ts';
import { openDatabaseUnderTest } from '#db/testing/tested-database.ts';
import { PullNotes } from '#image/pull-notes.ts';
import { insertInstance } from '#instance/instance-store.ts';
import { ensureNamespace } from '#namespace/namespace-store.ts';
import { PushGate, type PushPauses } from '#registry/contents/push-gate.ts';
import { blobCollector } from '#registry/contents/unused-blobs.ts';
import { blobStorage } from '#registry/distribution/blob-storage.ts';
import { type ChildBlobs, childBlobs } from '#registry/distribution/child-blobs.ts';
import { childRegistry } from '#registry/distribution/child-registry.ts';
import { ChildStorage } from '#registry/distribution/child-storage.ts';
import { folderCollector } from '#registry/distribution/collect-layers.ts';
import { startDistribution } from '#registry/distribution/distribution.ts';
import type { ImageStorage, LayerCollector } from '#registry/distribution/image-storage.ts';
import { writeAuthFile } from '#registry/images/auth-file.ts';
import { BUILD_CREDENTIAL_USER, mintBuildCredential } from '#registry/tokens/build-credential.ts';
import type { RepositoryAction } from '#registry/tokens/scope.ts';
import { openSigningKey, type SigningKey } from '#registry/tokens/signing-key.ts';
import { ensureRepository } from '#repository/repository-store.ts';
import { newId } from '#rpc/new-id.ts';
import { authenticateAcs3 } from '#signature/authenticate-acs3.ts';
import { createApp, Port } from '../../port/port.ts';
import { BodyGate } from '../../port/request-body.ts';
import type { RegistryImages } from '../registry/registry-images.ts';
import { type RegistryRoutesMeans, registryRoutes } from '../registry/registry-routes.ts';
import { openTestedImages, type TestedBucket } from './tested-images.ts';

/**
 * A complete registry for tests: distribution behind its token service and proxy, on free ports, in a folder of its
 * own.
 */
export interface RegistryUnderTest extends AsyncDisposable {
  url: string;
  /** Distribution itself, without the proxy. */
  distributionUrl: string;
  folder: string;
  key: SigningKey;
  /** Tags and manifests, as the routes use them. */
  images: RegistryImages & { blobs: ChildBlobs; pulls: PullNotes; storage: ImageStorage };
  storage: ImageStorage;
  /** Distribution's storage, unless it is read as files. */
  blobs: BlobStore | undefined;
  collector: LayerCollector;
  /** Writes an authfile with a build credential and returns its path. */
  buildAuthFile(repository: string, actions: RepositoryAction[]): Promise<string>;
  /** Writes an authfile with the root pair and returns its path. */
  rootAuthFile(): Promise<string>;
  /** Requests a token; fails unless the reply is one. */
  fetchToken(user: string, password: string, scopes: string[]): Promise<string>;
}

export const ROOT_USER = 'LTAItestroot';
export const ROOT_PASSWORD = 'testrootsecret';

const IDS = { issuer: 'slipway', service: 'registry.test' };
const INSTANCE = { instanceId: 'cri-1', name: 'test', regionId: 'local', status: 'RUNNING' } as const;

/** Starts the registry with one root pair; repositories whose name starts with `missing` do not exist, nobody may push to `denied`, and nobody pull from `secret`. */
export async function startRegistryUnderTest(
  overrides: Partial<RegistryRoutesMeans<string>> = {},
  pauses?: PushPauses & { monotonicMs?: () => number },
  inBucket?: TestedBucket,
): Promise<RegistryUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-registry-test-'));
  await using failed = new AsyncDisposableStack();
  failed.defer(() => rm(folder, { recursive: true, force: true }));
  const key = await openSigningKey(join(folder, 'keys'), (make) => make());
  const tested = await openTestedImages(join(folder, 'registry'), inBucket);
  const distribution = await startDistribution({
    folder: join(folder, 'registry'),
    bucket: tested.bucket,
    certificateFile: key.certificateFile,
    httpSecret: 'a secret',
    tokenRealm: 'http://placeholder.invalid/token',
    ...IDS,
    log: pino({ level: 'silent' }),
  });
  failed.defer(() => distribution.close());
  const port = await Port.bind({ host: '127.0.0.1', port: 0 });
  const { url } = port;
  const app = createApp(pino({ level: 'silent' }), new BodyGate({ totalBytes: 2 ** 28 }));
  failed.defer(() => app.close());
  failed.defer(() => port.close(0));
  const db = await openDatabaseUnderTest();
  failed.defer(() => db.destroy());
  await insertInstance(db, { ...INSTANCE, createdMs: 0, modifiedMs: 0 });
  const ensure = async (repository: string) => {
    const [namespaceName = '', name = ''] = repository.split('/');
    const what = { type: 'PRIVATE', summary: '', detail: undefined, tagImmutability: false, status: 'NORMAL' } as const;
    const { instanceId } = INSTANCE;
    const namespace = { namespaceId: newId('crn'), instanceId, name: namespaceName, autoCreateRepo: false };
    const times = { createdMs: 0, modifiedMs: 0 };
    await ensureNamespace(db, {
      ...namespace,
      ...times,
      defaultRepoType: 'PRIVATE',
      defaultTagImmutability: false,
      status: 'NORMAL',
    });
    const made = { repoId: newId('crr'), instanceId, namespaceName, name, ...times };
    await ensureRepository(db, { ...made, ...what });
  };
  await ensure('library/busybox');
  const pulls = new PullNotes(db, (message, error) => assert.ifError(error ?? message));
  failed.defer(() => pulls.close());
  const gate = new PushGate(pauses?.monotonicMs ?? (() => performance.now()), pauses);
  const files = new ChildStorage(join(folder, 'registry'));
  const storage = tested.blobs === undefined ? files : blobStorage(tested.blobs);
  const address = { url: () => distribution.url, links: storage, key, ...IDS, now: Date.now };
  const [child, blobs] = [childRegistry(address), childBlobs(address)];
  const collector =
    tested.blobs === undefined
      ? folderCollector(distribution.configFile, files)
      : blobCollector({ db, blobs: tested.blobs, storage, child, leastAgeMs: -3_600_000, now: Date.now });
  const images = {
    db,
    fence: buildFence,
    instanceId: INSTANCE.instanceId,
    child,
    blobs,
    pulls,
    gate,
    storage,
    now: Date.now,
  };
  const root = { accountId: '1', accessKeyId: ROOT_USER, accessKeySecret: ROOT_PASSWORD };
  const verifier = { account: rootKeys(root), nonces: FileNonces.open({ now: Date.now }), now: Date.now };
  await app.register(registryRoutes<string>, {
    ...IDS,
    key,
    verifyBasic: (user, password) => (user === ROOT_USER && password === ROOT_PASSWORD ? user : undefined),
    verifySigned: async (message) => {
      await authenticateAcs3(message, verifier);
      return { accessKeyId: ROOT_USER, principal: ROOT_USER };
    },
    authorize: (principal, action, resource) =>
      principal === ROOT_USER &&
      !(action === 'cr:PushRepository' && resource.endsWith('/denied')) &&
      !(action === 'cr:PullRepository' && resource.includes('/secret/')),
    repositoryArn: (namespace, name) => `acs:cr:local:1:repository/cri-1/${namespace}/${name}`,
    repositoryExists: async (namespace, name) => {
      if (name.startsWith('missing')) return false;
      await ensure(`${namespace}/${name}`);
      return true;
    },
    mayReplicate: () => true,
    nameOf: (principal) => principal,
    images,
    now: Date.now,
    distributionUrl: () => distribution.url,
    publicUrl: () => 'https://public.example',
    ...overrides,
  });
  await app.ready();
  port.serve((_request, response) => response.writeHead(404).end(), app);
  const started = failed.move();
  let authFiles = 0;
  const authFile = async (user: string, password: string) => {
    const file = join(folder, `auth-${++authFiles}.json`);
    await writeAuthFile(file, { registryUrl: url, user, password });
    return file;
  };
  return {
    url,
    distributionUrl: distribution.url,
    folder,
    key,
    rootAuthFile: () => authFile(ROOT_USER, ROOT_PASSWORD),
    images,
    storage,
    blobs: tested.blobs,
    collector,
    buildAuthFile: async (repository, actions) => {
      await ensure(repository);
      return authFile(BUILD_CREDENTIAL_USER, await mintBuildCredential(key, { repository, actions }, Date.now()));
    },
    async fetchToken(user, password, scopes) {
      const request = new URL(`${url}/token?service=${IDS.service}`);
      for (const scope of scopes) request.searchParams.append('scope', scope);
      const answer = await fetch(request, { headers: { authorization: basic(user, password) } });
      if (answer.status !== 200) throw new Error(`the token service answered ${answer.status}`);
      return ((await answer.json()) as { token: string }).token;
    },
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

/** The header of Basic authentication. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
