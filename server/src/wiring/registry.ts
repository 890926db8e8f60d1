import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AccountKeys } from '#account/account.ts';
import type { PasswordGate } from '#account/registry-password.ts';
import type { CallRecord } from '#audit/call-record.ts';
import type { Removals } from '#backup/backup-lock.ts';
import { buildFence } from '#build/queue/tag-order-store.ts';
import type { ServerSecrets } from '#data-folder/server-secrets.ts';
import type { Database } from '#db/database.ts';
import { PullNotes } from '#image/pull-notes.ts';
import { isRead } from '#native/request-note.ts';
import { decide } from '#ram/decide.ts';
import type { Principal } from '#ram/principal.ts';
import { adoptTags } from '#registry/contents/adopt-tags.ts';
import { Garbage } from '#registry/contents/garbage.ts';
import { PushGate } from '#registry/contents/push-gate.ts';
import { settlePushes } from '#registry/contents/push-manifest.ts';
import { blobCollector } from '#registry/contents/unused-blobs.ts';
import { blobStorage } from '#registry/distribution/blob-storage.ts';
import { type ChildBlobs, childBlobs } from '#registry/distribution/child-blobs.ts';
import { childRegistry } from '#registry/distribution/child-registry.ts';
import { ChildStorage } from '#registry/distribution/child-storage.ts';
import { folderCollector } from '#registry/distribution/collect-layers.ts';
import { type Distribution, startDistribution } from '#registry/distribution/distribution.ts';
import type { ImageStorage } from '#registry/distribution/image-storage.ts';
import { registryLogin } from '#registry/registry-login.ts';
import { FORMER_SERVICE, registryService } from '#registry/registry-service.ts';
import { openSigningKey, removeFormerKey, type SigningKey } from '#registry/tokens/signing-key.ts';
import type { Signer, TokenServiceMeans } from '#registry/tokens/token-service.ts';
import { ensureForPush } from '#repository/auto-create.ts';
import type { RegistryImages } from '#routes/registry/registry-images.ts';
import type { Means, Quotas } from '#rpc/context.ts';
import type { Config } from '#settings/config.ts';
import { authenticateAcs3 } from '#signature/authenticate-acs3.ts';
import type { Verifier } from '#signature/verify-signature.ts';
import type { OpenStores } from './stores.ts';

/** The registry child, the key whose tokens it believes, and what it is called in them. */
export interface Registry {
  distribution: Distribution;
  key: SigningKey;
  service: string;
}

const ISSUER = 'slipway';
/** A younger blob in a bucket may belong to a push that goes on. */
const LEAST_AGE_MS = 3_600_000;

/** The limits of an instance. */
export function quotasOf(config: Config): Quotas {
  return {
    namespaces: config['namespaces-limit'],
    repositories: config['repositories-limit'],
    chartNamespaces: config['chart-namespaces-limit'],
    chartRepositories: config['chart-repositories-limit'],
  };
}

/** Starts distribution as a child of this process, with the keys that the database has. */
export async function openRegistry(options: {
  folder: string;
  /** Where distribution keeps images, if not in the folder. */
  inBucket?: OpenStores['images'];
  serverSecrets: ServerSecrets;
  publicUrl: string;
  account: { RegionId: string; InstanceId: string };
  logger: Logger;
}): Promise<Registry> {
  const { folder, serverSecrets, account, publicUrl, logger } = options;
  const service = registryService(account.RegionId, account.InstanceId);
  const key = await openSigningKey(folder, (make) => serverSecrets.keep('registry-signing-key', make));
  const formerSecret = join(folder, 'http-secret');
  const httpSecret = await serverSecrets.keep('registry-http-secret', async () =>
    existsSync(formerSecret) ? readFileSync(formerSecret, 'utf8').trim() : randomBytes(32).toString('hex'),
  );
  if (serverSecrets.areKept) {
    await removeFormerKey(folder);
    rmSync(formerSecret, { force: true });
  }
  const distribution = await startDistribution({
    folder,
    bucket: options.inBucket?.bucket,
    certificateFile: key.certificateFile,
    httpSecret,
    tokenRealm: `${publicUrl}/token`,
    service,
    issuer: ISSUER,
    log: logger.child({ part: 'registry' }),
  });
  return { distribution, key, service };
}

/** Whom the token service asks: the account's keys, the policies and the repositories. */
export function registryQuestions(options: {
  registry: Registry;
  keys: AccountKeys;
  means: Means;
  instanceId: string;
  gate: PasswordGate;
  calls?: CallRecord;
}): TokenServiceMeans<Principal> & { chartArn(namespace: string, name: string): string } {
  const { registry, means, instanceId, calls } = options;
  const instanceArn = `acs:cr:${means.regionId}:${means.accountId}:repository/${instanceId}`;
  return {
    key: registry.key,
    issuer: ISSUER,
    service: registry.service,
    formerService: FORMER_SERVICE,
    now: means.now,
    verifyBasic: registryLogin(options),
    authorize: (principal, action, resource, requestId) => {
      const decision = decide({ principal, action, resource });
      calls?.note({
        timeMs: means.now(),
        requestId,
        callerArn: principal.arn,
        accessKeyId: principal.accessKeyId,
        action,
        resource,
        sourceIp: principal.call?.sourceIp,
        reads: isRead(action),
        denied: !decision.allowed,
        code: decision.allowed ? 'allowed' : 'NoPrivilege',
      });
      return decision.allowed;
    },
    // It is no request of the caller's, so the record of calls does not have it.
    mayReplicate: (principal) =>
      decide({ principal, action: 'cr:CreateRepositorySync', resource: instanceArn }).allowed,
    nameOf: (principal) => principal.arn,
    noteLogin: ({ requestId, principal, user, origin }) =>
      calls?.note({
        timeMs: means.now(),
        requestId,
        callerArn: principal?.arn ?? '',
        // Record only what looks like an id: a stranger may have typed a secret there by mistake.
        accessKeyId: principal?.accessKeyId ?? (/^LTAI\w{1,60}$/.test(user) ? user : ''),
        action: 'GET /token',
        resource: '',
        sourceIp: origin.sourceIp,
        reads: true,
        denied: principal === undefined,
        code: principal === undefined ? 'UNAUTHORIZED' : 'success',
      }),
    repositoryArn: (namespace, name) =>
      `acs:cr:${means.regionId}:${means.accountId}:repository/${instanceId}/${namespace}/${name}`,
    chartArn: (namespace, name) =>
      `acs:cr:${means.regionId}:${means.accountId}:chart/${instanceId}/${namespace}/${name}`,
    repositoryExists: (namespace, name) => ensureForPush(means, instanceId, namespace, name),
  };
}

/** Who signed a login to the registry, by the same rules as a call of the native API. */
export function signedLogins(verifier: Verifier): (message: IncomingMessage) => Promise<Signer<Principal>> {
  return async (message) => {
    const { principal } = await authenticateAcs3(message, verifier, Buffer.alloc(0));
    return { accessKeyId: principal.accessKeyId, principal };
  };
}

/** The contents of the registry, as its routes and the upkeep use them. */
export interface OpenImages extends RegistryImages {
  pulls: PullNotes;
  storage: ImageStorage;
  garbage: Garbage;
  blobs: ChildBlobs;
  unlessBackup: Removals['unlessBackup'];
}

/**
 * Opens the tables of tags and manifests: what an earlier version left in distribution alone is taken over, and what a server that
 * died left half pushed is ended.
 */
export async function openImages(options: {
  registry: Registry;
  folder: string;
  inBucket?: OpenStores['images'];
  db: Database;
  instanceId: string;
  /** How long an image without a tag is kept. */
  keepMs: number;
  unlessBackup: Removals['unlessBackup'];
  now: () => number;
  logger: Logger;
}): Promise<OpenImages> {
  const { registry, keepMs, folder, db, instanceId, unlessBackup, now, logger } = options;
  const { distribution, key, service } = registry;
  const files = new ChildStorage(folder);
  const blobs = options.inBucket?.blobs;
  const storage = blobs === undefined ? files : blobStorage(blobs);
  const address = { url: () => distribution.url, links: storage, key, issuer: ISSUER, service, now };
  const child = childRegistry(address);
  const say = (repository: string, tags: number) => logger.info({ repository, tags }, 'tags were migrated');
  await adoptTags(db, storage, now(), say);
  const report = (message: string, error: unknown) => logger.error({ err: error }, message);
  await settlePushes({ db, fence: buildFence, child, now }, Number.MAX_SAFE_INTEGER, report);
  const pulls = new PullNotes(db, report);
  const gate = new PushGate(() => performance.now());
  const garbage = new Garbage(
    {
      db,
      child,
      gate,
      unlessBackup,
      now,
      monotonicMs: () => performance.now(),
      collector:
        blobs === undefined
          ? folderCollector(distribution.configFile, files)
          : blobCollector({ db, blobs, storage, child, leastAgeMs: LEAST_AGE_MS, now }),
      report,
    },
    keepMs,
  );
  return {
    db,
    fence: buildFence,
    instanceId,
    child,
    blobs: childBlobs(address),
    storage,
    pulls,
    gate,
    garbage,
    unlessBackup,
    now,
  };
}
