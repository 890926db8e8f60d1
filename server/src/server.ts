import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { prepareToStart } from '@slipway/program';
import type { Logger } from 'pino';
import { Removals } from '#backup/backup-lock.ts';
import { removeObjects } from '#blob/blob.ts';
import type { S3Keys } from '#blob/s3/s3-place.ts';
import type { BuildRecord } from '#build/build.ts';
import { openDomainCertificates } from '#certificates/domain-certificates.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import { seedNamespace } from '#data-folder/first-instance.ts';
import type { RootFile } from '#data-folder/root-file.ts';
import { endpointGate } from '#endpoint/endpoint-gate.ts';
import type { Operations } from '#gateway/find-operation.ts';
import { createGateway } from '#gateway/gateway.ts';
import { Jobs } from '#job/jobs.ts';
import { failureCard } from '#log/failure-card.ts';
import type { ProviderSettings } from '#mirror/provider-settings.ts';
import { ensureNamespace } from '#namespace/namespace-store.ts';
import { nativeRoutes } from '#native/native-routes.ts';
import { observeHandler, observeRoutes } from '#port/answered-request.ts';
import { createApp, type Port } from '#port/port.ts';
import { BodyGate } from '#port/request-body.ts';
import { VERSION } from '#process/version.ts';
import { SEED_NAME, seedRegistry } from '#registry/images/seed.ts';
import type { TargetSettings } from '#replication/target-settings.ts';
import { ensureForPush } from '#repository/auto-create.ts';
import { consoleRoutes } from '#routes/console-routes.ts';
import { healthRoutes } from '#routes/health-routes.ts';
import { hookRoutes } from '#routes/hooks/hook-routes.ts';
import { metricsRoutes } from '#routes/metrics-routes.ts';
import { registryRoutes } from '#routes/registry/registry-routes.ts';
import type { Means } from '#rpc/context.ts';
import { newId } from '#rpc/new-id.ts';
import { DiskReserve } from '#runner/disk-reserve.ts';
import { recoverBuilds } from '#runner/recover.ts';
import { noSandbox } from '#sandbox/client/no-sandbox.ts';
import { openSandbox } from '#sandbox/client/sandbox.ts';
import type { Config } from '#settings/config.ts';
import type { ShownSetting } from '#settings/shown-settings.ts';
import { serveCharts } from '#wiring/chart.ts';
import { startCopies } from '#wiring/copy.ts';
import type { OpenedDatabase } from '#wiring/database.ts';
import { startDeletions } from '#wiring/deletion.ts';
import { mailLimits, startDeliveries } from '#wiring/delivery.ts';
import { startEvents } from '#wiring/event.ts';
import { noteInto, openCallRecord, openVerifier } from '#wiring/gateway.ts';
import { openHold } from '#wiring/hold.ts';
import { openIdentity } from '#wiring/identity.ts';
import { registerLifecycle, startLifecycle } from '#wiring/lifecycle.ts';
import { openLogs } from '#wiring/logs.ts';
import { hookOptions, nativeMeans } from '#wiring/native.ts';
import { openImages, openRegistry, quotasOf, registryQuestions, signedLogins } from '#wiring/registry.ts';
import { startImageUpkeep, startRetention, untaggedKeepMs } from '#wiring/retention.ts';
import { createRunner } from '#wiring/runner.ts';
import { registerScans } from '#wiring/scan.ts';
import { openShared } from '#wiring/shared.ts';
import { openSpace } from '#wiring/space.ts';
import { openStores } from '#wiring/stores.ts';
import { openFollowers, startWatch } from '#wiring/watch.ts';

/** What `main.ts` opened while it still could. */
export interface ServerMeans {
  config: Config;
  settings: readonly ShownSetting[];
  logger: Logger;
  /** Keeps a secret out of the server's log from then on. */
  keepOut: (secret: string) => void;
  folder: DataFolder;
  port: Port;
  /** Told before the port is given up: from then on another program may take it. */
  portCloses: () => void;
  rootFile: RootFile;
  /** The id of this data folder in leases. */
  nodeId: string;
  /** The certificates in PEM that clones, base images and builds believe; undefined for those of the machine. */
  authorities: string | undefined;
  /** Other instances that images may be copied to. */
  syncTargets: readonly TargetSettings[];
  /** Registries whose images may be mirrored. */
  providers: readonly ProviderSettings[];
  /** Of the login at the mail server. */
  mailPassword: string | undefined;
  /** What secrets at rest are sealed with. */
  secretKey: Buffer;
  secretKeyFile: string;
  openDatabase: () => Promise<OpenedDatabase>;
  /** Of the setting `bucket`, if it is set. */
  bucketKeys: S3Keys | undefined;
  operations: Operations;
}

/** A server that answers on its port. */
export interface RunningServer {
  /** Resolves, with how it ended, if the registry dies. */
  registryDied: Promise<object>;
  /** Drains: starts no more builds, waits up to `graceMs` for the running ones, then closes everything in order. */
  close(graceMs: number): Promise<void>;
  /** Ends running builds of a server that is being closed. */
  hurry(): void;
}

/** Wires the server as the plain user, ends what an earlier life left running, and serves. */
export async function openServer(opened: ServerMeans): Promise<RunningServer> {
  const { config, logger, folder, port, nodeId } = opened;
  const publicUrl = config['public-url'] ?? port.url;
  const now = Date.now;
  const report = (message: string, error: unknown) => logger.error({ err: error }, message);

  // As early as can be: a fork is the dearer, the more memory there is.
  prepareToStart();
  const reserve = await DiskReserve.open({ file: folder.reserve, monotonicMs: () => performance.now(), report });
  const { database, secrets, serverSecrets, account } = await openIdentity(opened);
  const { db } = database;
  const parts = { ...opened, account };
  const stores = await openStores(config, { folder, instanceId: account.InstanceId, keys: opened.bucketKeys, db });
  const { blobs } = stores;
  const inBucket = stores.images;
  const registry = await openRegistry({ folder: folder.registry, inBucket, serverSecrets, publicUrl, account, logger });
  await ensureNamespace(db, seedNamespace(account.InstanceId, now()));
  const isUpkeepMine = () => shared.isMine();
  const inLogs = { config, folder, db, stores, isMine: isUpkeepMine };
  const logs = await openLogs({ ...inLogs, logger, report });
  const { logbook } = logs;
  const { unlessBackup } = new Removals(folder.backupLock);
  const runsBuilds = config.role === 'all';
  const sandbox = runsBuilds ? openSandbox(folder.helperSocket.reachable) : noSandbox();
  const followers = openFollowers(config, logger);
  // From here on, so that builds which are ended now are counted too.
  const watch = await startWatch(parts, { db, logbook, followers, report });
  const { metrics, noteRequest } = watch;

  const shared = await openShared({ database, folder, nodeId, now, report });
  const { isMine, liveServers, nonces } = shared;
  const calls = openCallRecord({ config, db, now, report, removesOld: isMine });
  const { keys, verifier } = openVerifier({ ...parts, db, secrets, nonces, liveServers, publicUrl, now, report });
  const hold = openHold(parts);
  const jobs = new Jobs({ nodeId, db, now, report, isPaused: hold.isPaused });
  const certificates = await openDomainCertificates(config, { db, port, now, report });
  const means: Means = {
    db,
    logbook,
    accountId: account.AccountId,
    regionId: account.RegionId,
    nodeId,
    now,
    newId,
    newBuildRecordId: randomUUID,
    secrets,
    publicHost: new URL(publicUrl).host,
    quotas: quotasOf(config),
    networks: config.networks,
    syncTargets: parts.syncTargets,
    providers: parts.providers,
    certificates,
    deleteNamespaceContents: config['delete-namespace-contents'],
    hasOtherScanner: config['scanner-url'] !== undefined,
    mail: mailLimits(config),
    timeZone: config['time-zone'],
    removeObjects: async (keys) => void (await unlessBackup(() => removeObjects(blobs, keys, report))),
    takesBuilds: !config['no-builds'],
    buildQueued: () => runner.wake(),
    jobsChanged: () => jobs.wake(),
    noteDecision: noteInto(calls),
  };
  const instanceId = account.InstanceId;
  const keeping = { folder: folder.registry, inBucket, keepMs: untaggedKeepMs(config), unlessBackup, now, logger };
  const images = await openImages({ registry, db, instanceId, ...keeping });
  // After the images, which say what an earlier life had pushed.
  await recoverBuilds({ nodeId, db, logbook, sandbox, version: VERSION, now, report });
  const deliveries = startDeliveries({ ...parts, ...means, ...hold, jobs, publicUrl, report });
  const deliveriesChanged = () => deliveries.wake();
  const events = await startEvents({ means, instanceId, publicUrl, deliveriesChanged, report });
  const runner = createRunner({
    ...parts,
    db,
    secrets,
    logbook,
    blobs,
    sandbox,
    registry,
    reserve,
    hold,
    noteDecision: means.noteDecision,
    publicUrl,
    now,
    report,
  });

  const bodies = new BodyGate({
    totalBytes: config['request-bodies-mebibytes'] * MEBIBYTE,
    trustedProxies: config['trusted-proxies'],
  });
  const app = createApp(logger, bodies);
  observeRoutes(app, noteRequest);
  await app.register(metricsRoutes, { metrics });
  const { platforms } = runner;
  const problems = async () => [...(await database.problems()), ...(await runner.problems())];
  await app.register(healthRoutes, { version: VERSION, instanceId, role: config.role, problems, platforms });
  const inStores = { db, blobs, inBucket, sandbox, images };
  const disk = openSpace({ ...parts, ...hold, ...inStores, unlessBackup, metrics, now, report });
  const native = nativeMeans(means, {
    config,
    settings: parts.settings,
    folder,
    logger,
    verifier,
    calls,
    instanceId,
    followers,
    publicUrl,
    blobs,
    bucket: stores.bucket,
    checkOwner: stores.checkOwner,
    images,
    layerStores: sandbox,
    runner,
    space: disk.space,
    ...hold,
  });
  await app.register(nativeRoutes, { prefix: '/api/v1', means: native });
  await app.register(consoleRoutes, { folder: CONSOLE_FOLDER, names: verifier });
  await app.register(hookRoutes, {
    prefix: '/hooks',
    means,
    calls,
    verifier,
    ...hookOptions(config),
  });
  const questions = registryQuestions({ registry, keys, means, instanceId, gate: native.signIns, calls });
  await app.register(registryRoutes, {
    ...questions,
    verifySigned: signedLogins(verifier),
    endpointRefusal: endpointGate(db, instanceId, 'Registry', config.networks),
    trustedProxies: config['trusted-proxies'],
    images,
    distributionUrl: () => registry.distribution.url,
    publicUrl: () => publicUrl,
    isOwnHost: (host: string) => certificates.knows(host),
  });
  await serveCharts(app, config, { questions, means, verifier, instanceId, blobs });
  await app.ready();
  const admitBody = bodies.admit.bind(bodies);
  const gateway = createGateway({ ...verifier, operations: parts.operations, means, calls, admitBody, logger });
  port.serve(observeHandler('rpc', gateway, noteRequest), app);
  // Only builds need it. It takes no push while it is being deleted.
  if (runsBuilds && (await ensureForPush(means, instanceId, ...SEED_NAME)))
    await seedRegistry({ registryUrl: port.registryUrl, key: registry.key, nowMs: now() });
  runner.start();
  registerLifecycle(jobs, images, means);
  const scanning = { ...means, instanceId, images, scratch: folder.scan, key: registry.key, config, publicUrl };
  await registerScans(jobs, scanning);
  const copies = await startCopies({ ...parts, means, jobs, report, own: images });
  await jobs.start();
  const lifecycle = startLifecycle({ ...means, report });
  const cardOf = (record: BuildRecord) => failureCard(means, native.regexProgram, record);
  const upkeep = startImageUpkeep({ config, isMine }, images, report);
  const retention = startRetention(config, { db, logbook, blobs, unlessBackup, now, report, cardOf, isMine });
  const deletions = startDeletions({ db, storage: images.storage, layerStores: sandbox, unlessBackup, report });

  return {
    registryDied: registry.distribution.died,
    hurry: () => void runner.drain(0),
    close: async (graceMs) => {
      hold.stop();
      await runner.drain(graceMs);
      await lifecycle.close();
      await events.close();
      await copies.close();
      await jobs.close();
      await retention.close();
      await deletions.close();
      await disk.close();
      await deliveries.close();
      await followers.drain(Math.min(graceMs, CLOSE_GRACE_MS));
      parts.portCloses();
      await port.close(CLOSE_GRACE_MS);
      await app.close();
      await watch.close();
      await upkeep.close();
      await certificates.close();
      await images.pulls.close();
      await registry.distribution.close();
      await calls.close();
      await shared.close();
      await logs.close();
      stores.close();
      await database.close();
    },
  };
}

const MEBIBYTE = 1024 * 1024;
/** Where `npm run build` of the console leaves its files. */
const CONSOLE_FOLDER = join(import.meta.dirname, '..', '..', 'console', 'dist');
const CLOSE_GRACE_MS = 2_000;
