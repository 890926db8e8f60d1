import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logbook } from '@slipway/logbook';
import type { Proxies } from '#address/route.ts';
import type { BlobStore } from '#blob/blob.ts';
import type { BuildRecord } from '#build/build.ts';
import { openGivenSecrets } from '#build/request/given-secret-store.ts';
import { beginRefusal, pullRefusal, pushRefusal, type RequesterRightsMeans } from '#build/request/requester-rights.ts';
import { openBuildSecrets } from '#build/secrets/build-secret-store.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import type { RootAccount } from '#data-folder/root-file.ts';
import type { Database } from '#db/database.ts';
import type { Port } from '#port/port.ts';
import { VERSION } from '#process/version.ts';
import { RegistryError } from '#registry/foreign/registry-error.ts';
import { bareHostname } from '#registry/foreign/registry-host.ts';
import { writeAuthFile } from '#registry/images/auth-file.ts';
import { pushImage } from '#registry/images/skopeo.ts';
import { BUILD_CREDENTIAL_USER, type BuildCredential, mintBuildCredential } from '#registry/tokens/build-credential.ts';
import { findRepositoryByName } from '#repository/repository-store.ts';
import type { SecretBox } from '#rpc/context.ts';
import type { RegistryWay } from '#runner/bases/foreign-bases.ts';
import type { DiskReserve } from '#runner/disk-reserve.ts';
import { storagePatiently } from '#runner/failure/patience.ts';
import { PullRefused } from '#runner/failure/pull-refused.ts';
import { pushFailure } from '#runner/failure/push-failure.ts';
import { LocalJobs } from '#runner/jobs/local-jobs.ts';
import { BUILD_LEASE_MS } from '#runner/lease.ts';
import { LostBuilds } from '#runner/lost-builds.ts';
import { Runner } from '#runner/runner.ts';
import type { PushRequest, SourceHost } from '#runner/stages/build-job.ts';
import type { WorkFolder } from '#runner/work/work-folder.ts';
import type { Sandbox } from '#sandbox/client/sandbox.ts';
import { type Config, childEnvironment } from '#settings/config.ts';
import { mayUseLogin } from '#source/bases/base-registry.ts';
import { listBaseRegistries, openRegistryPassword } from '#source/bases/base-registry-store.ts';
import { findKnownBase, saveKnownBase } from '#source/bases/known-base-store.ts';
import { secretOf } from '#source/hosts/code-host.ts';
import { openCodeHost } from '#source/hosts/code-host-store.ts';
import { type CodeRepoType, pullRequestOf } from '#source/source.ts';
import { codeHostUrls } from './code-host-urls.ts';
import { parseAllowed } from './delivery.ts';
import type { Hold } from './hold.ts';
import type { Registry } from './registry.ts';

/** What the runner is made from. */
export interface RunnerWiringMeans {
  config: Config;
  nodeId: string;
  folder: DataFolder;
  account: RootAccount;
  /** Certificates in PEM; undefined for those of the machine. */
  authorities: string | undefined;
  port: Port;
  publicUrl: string;
  db: Database;
  secrets: SecretBox;
  logbook: Logbook;
  blobs: BlobStore;
  sandbox: Sandbox;
  registry: Registry;
  reserve: DiskReserve;
  hold: Hold;
  noteDecision: RequesterRightsMeans['noteDecision'];
  now: () => number;
  keepOut: (secret: string) => void;
  report: (message: string, error: unknown) => void;
}

/** How many builds this server runs at once: none if its role is to run none. */
export function concurrentBuilds(config: Pick<Config, 'role' | 'concurrent-builds'>): number {
  return config.role === 'api' ? 0 : config['concurrent-builds'];
}

/** The runner of this server, with its settings. Throws `ConfigError` for invalid address ranges. */
export function createRunner(parts: RunnerWiringMeans): Runner {
  const { config, folder, port, registry, now } = parts;
  const allowed = parseAllowed(config, 'allow-addresses');
  const reach = {
    proxies: { proxy: config.proxy, direct: config['no-proxy'] },
    authorities: parts.authorities,
  };
  const rights: RequesterRightsMeans = {
    db: parts.db,
    accountId: parts.account.AccountId,
    regionId: parts.account.RegionId,
    now,
    noteDecision: parts.noteDecision,
  };
  const credential: Credential = async (may, place, onSecret) => {
    const password = await mintBuildCredential(registry.key, may, now());
    await onSecret(password);
    const file = join(place.home, `auth-${randomUUID()}.json`);
    await writeAuthFile(file, { registryUrl: port.registryUrl, user: BUILD_CREDENTIAL_USER, password });
    return file;
  };
  const own = {
    ...parts,
    version: VERSION,
    leaseMs: BUILD_LEASE_MS,
    owner: `${parts.nodeId}/runner-${randomUUID()}`,
    monotonicMs,
  };
  const keepCache = config['build-cache'];
  const sourceBytes = config['source-limit-mebibytes'] * MEBIBYTE;
  const queueLimits = { perInstance: config['instance-builds'], perRepository: config['repository-builds'] };
  return new Runner({
    ...own,
    jobs: new LocalJobs({ ...own, queueLimits, keepCache, limits: { sourceBytes } }),
    // What it could not end must not be taken for a claim of the runner.
    lostBuilds: new LostBuilds({ ...own, owner: `${parts.nodeId}/lost-${randomUUID()}` }),
    dataFolder: folder.reachable,
    // Without builds, it still ends those that are cancelled while they wait.
    concurrentBuilds: concurrentBuilds(config),
    waitReason: parts.hold.waitReason,
    serverSecrets: [parts.account.AccessKeySecret],
    allowed,
    reach,
    submodules: config['source-submodules'],
    pushPullRequests: config['pull-requests'] === 'push',
    pullRequestCache: config['pull-request-cache'],
    egress: config['build-network'],
    surroundings: {
      environment: { ...proxyVariables(reach.proxies), ...config['build-environment'] },
      ...(reach.authorities === undefined ? {} : { authorities: reach.authorities }),
    },
    keepCache,
    cacheWaitMs: config['build-cache-wait-seconds'] * 1000,
    childEnvironment,
    limits: {
      memoryBytes: config['build-memory-mebibytes'] * MEBIBYTE,
      cpus: config['build-cpus'],
      pids: config['build-processes'],
      diskBytes: config['build-disk-mebibytes'] * MEBIBYTE,
      timeoutMs: config['build-timeout-seconds'] * 1000,
      sourceBytes,
    },
    pushRefusal: (record, repository) => pushRefusal(rights, record, repository),
    beginRefusal: (record, repository) => beginRefusal(rights, record, repository),
    givenSecrets: ({ buildRecordId }) => openGivenSecrets(parts, buildRecordId),
    buildSecrets: (record, names) => buildSecrets(parts, record, names),
    codeHost: (instanceId, type) => codeHost(parts, instanceId, type),
    bases: {
      sandbox: parts.sandbox,
      frontends: config['dockerfile-frontends'],
      foreign: {
        allowed,
        reach,
        registryWay: (record, repository, host) => registryWay(parts, record, repository, host),
        known: {
          find: (base) => findKnownBase(parts.db, base),
          save: (base, known) => saveKnownBase(parts.db, base, known),
        },
        now,
      },
      hasRepository: async ({ instanceId }, repository) => {
        const [namespace = '', name = ''] = repository.split('/');
        return (await findRepositoryByName(parts.db, instanceId, namespace, name)) !== undefined;
      },
      sources: {
        ownUrls: [parts.publicUrl, port.url, port.imageUrl],
        ownRegistryUrl: port.registryUrl,
        dockerIoMirror: config['docker-io-mirror'],
      },
      pullCredential: async (record, repository, place, onSecret) => {
        const refusal = await pullRefusal(rights, record, repository);
        if (refusal !== undefined) throw new PullRefused(refusal);
        return credential({ repository, actions: ['pull'] }, place, onSecret);
      },
    },
    push: (build) => push(build, port.registryUrl, credential),
  });
}

const MEBIBYTE = 1024 * 1024;
const monotonicMs = () => performance.now();

/** A proxy as programs look for it, some in one case, some in the other. */
function proxyVariables({ proxy, direct }: Proxies): Record<string, string> {
  if (proxy === undefined) return {};
  const lower = { http_proxy: proxy, https_proxy: proxy, no_proxy: direct.join(',') };
  return { ...lower, ...Object.fromEntries(Object.entries(lower).map(([name, value]) => [name.toUpperCase(), value])) };
}

/** A code host as it was set, else where the settings say that it is. */
async function codeHost(parts: RunnerWiringMeans, instanceId: string, type: CodeRepoType): Promise<SourceHost> {
  const found = await openCodeHost(parts, instanceId, type);
  if (found?.login) parts.keepOut(secretOf(found.login));
  return found ?? { baseUrl: codeHostUrls(parts.config)[type], login: undefined, allowPrivate: false };
}

/** A login is opened for builds alone that may use it, and kept out of the server's log. */
async function registryWay(
  parts: RunnerWiringMeans,
  record: BuildRecord,
  repository: string,
  host: string,
): Promise<RegistryWay> {
  const { instanceId } = record;
  const registries = await listBaseRegistries(parts.db, instanceId);
  const privateHosts = registries.flatMap((each) =>
    each.allowPrivate ? [bareHostname(new URL(`http://${each.host}`))] : [],
  );
  const found = registries.find((each) => each.host === host);
  if (found === undefined)
    return { mirrors: [], login: undefined, plainHttp: false, allowPrivate: false, privateHosts };
  const { mirrors, plainHttp, allowPrivate } = found;
  const isTrusted = pullRequestOf(record) === undefined;
  const isForBuild = isTrusted && found.login !== undefined && mayUseLogin(found.login, repository);
  const password = isForBuild ? await openRegistryPassword(parts, instanceId, host) : undefined;
  if (password !== undefined) parts.keepOut(password);
  const login = password === undefined || !found.login ? undefined : { user: found.login.user, password };
  return { mirrors, login, plainHttp, allowPrivate, privateHosts };
}

/** Opened for one build; they are kept out of the server's log too. A pull request gets none. */
async function buildSecrets(parts: RunnerWiringMeans, record: BuildRecord, names: readonly string[]) {
  const { instanceId, repoId } = record;
  if (pullRequestOf(record) !== undefined) return {};
  const secrets = await openBuildSecrets(parts, instanceId, repoId, names);
  for (const secret of Object.values(secrets)) parts.keepOut(secret);
  return secrets;
}

/** Makes an authfile for our own registry, after telling its password to `onSecret`. */
type Credential = (
  may: BuildCredential,
  place: WorkFolder,
  onSecret: (secret: string) => Promise<void>,
) => Promise<string>;

/** Waits while our own registry cannot take the image. */
async function push(build: PushRequest, registryUrl: string, credential: Credential): Promise<{ digest: string }> {
  try {
    return await storagePatiently(build, `pushing ${build.isCache ? 'the cache' : 'the image'}`, () =>
      pushOnce(build, registryUrl, credential),
    );
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error;
    throw pushFailure(error);
  }
}

async function pushOnce(build: PushRequest, registryUrl: string, credential: Credential): Promise<{ digest: string }> {
  const may: BuildCredential = { repository: build.repository, actions: ['pull', 'push'], build: build.build };
  const authFile = await credential(may, build.folder, build.onSecret);
  try {
    return await pushImage({
      folder: build.isCache ? join(dirname(build.folder.image), 'cache') : build.folder.image,
      repository: build.repository,
      tags: build.tag === undefined ? [] : [build.tag],
      registryUrl,
      authFile,
      workFolder: build.folder.home,
      start: build.start,
      signal: build.signal,
      onOutput: build.onOutput,
    });
  } finally {
    await rm(authFile, { force: true });
  }
}
