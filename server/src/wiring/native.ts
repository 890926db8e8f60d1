import type { Logger } from 'pino';
import { readLastBackup } from '#backup/last-backup.ts';
import type { BlobStore } from '#blob/blob.ts';
import { bucketFindings } from '#blob/bucket-findings.ts';
import type { S3Store } from '#blob/s3/s3-store.ts';
import type { HookOptions } from '#build/rules/take-hook-event.ts';
import type { DataFolder } from '#data-folder/data-folder.ts';
import { databaseFindings } from '#db/postgres/postgres-findings.ts';
import { openLogStreams } from '#log/log-streams.ts';
import { type BuildLoad, findingsOf } from '#machine/machine.ts';
import { machineReader } from '#machine/read-machine.ts';
import { CallGate } from '#native/call-gate.ts';
import type { NativeMeans } from '#native/native-operation.ts';
import { SentQuota } from '#native/sent-quota.ts';
import { SignInGate } from '#native/sign-in-gate.ts';
import { VERSION } from '#process/version.ts';
import { checkImages } from '#registry/contents/check-images.ts';
import { readPlatforms } from '#registry/contents/image-platforms.ts';
import type { Means } from '#rpc/context.ts';
import { type Config, childEnvironment } from '#settings/config.ts';
import type { RemoteRefs } from '#source/remote-refs.ts';
import type { SourceBinding } from '#source/source.ts';
import { sumSourceArchives } from '#source/source-store.ts';
import { codeHostUrls } from './code-host-urls.ts';
import type { OpenImages } from './registry.ts';
import { concurrentBuilds } from './runner.ts';
import type { OpenStores } from './stores.ts';

const MEBIBYTE = 1024 * 1024;
const DAY_MS = 86_400_000;
/** Two at once leave the other requests their share of a small machine. */
const SEARCH_LIMITS = { name: 'searches', running: 2, each: 4, eachAddress: 16, total: 64 };

/** Each runs git for up to 20 seconds. */
const SOURCE_LIMITS = { name: 'source checks', running: 2, each: 2, eachAddress: 4, total: 8 };

/**
 * None waits, and one caller cannot use all of them, because each lasts as long as its sender likes. A client that is refused
 * sends the whole folder.
 */
const CHANGES_LIMITS = { name: 'uploads of changed sources', running: 16, each: 4, eachAddress: 8, total: 16 };

type Passed =
  | 'verifier'
  | 'calls'
  | 'instanceId'
  | 'followers'
  | 'publicUrl'
  | 'layerStores'
  | 'space'
  | 'settings'
  | 'isPaused'
  | 'waitReason';

/** What the native API needs of a server that is being opened. */
interface NativeWiringMeans extends Pick<NativeMeans, Passed> {
  runner: { remoteRefs(binding: SourceBinding): Promise<RemoteRefs> };
  config: Config;
  folder: Pick<DataFolder, 'reachable'>;
  logger: Logger;
  blobs: BlobStore;
  /** The same store if it is a bucket. */
  bucket: S3Store | undefined;
  checkOwner: OpenStores['checkOwner'];
  images: OpenImages;
}

/** What the operations of the native API work with, in addition to what every operation does. */
export function nativeMeans(
  means: Means,
  { config, folder, logger, blobs, bucket, checkOwner, images, runner, ...passed }: NativeWiringMeans,
): NativeMeans {
  const quota = new SentQuota(config['sent-source-mebibytes'] * MEBIBYTE, (owner) =>
    sumSourceArchives(means.db, owner),
  );
  const sourceChecks = new CallGate(SOURCE_LIMITS);
  const readMachine = machineReader({ folder: folder.reachable, version: VERSION, now: means.now });
  const findInBucket = bucket === undefined ? () => [] : bucketFindings({ bucket, checkOwner, now: means.now });
  return {
    ...means,
    ...passed,
    buildLimits: {
      perServer: concurrentBuilds(config),
      perInstance: config['instance-builds'],
      perRepository: config['repository-builds'],
    },
    codeHostUrls: codeHostUrls(config),
    givenPublicUrl: config['public-url'],
    version: VERSION,
    streams: openLogStreams(means, (requestId, error) =>
      logger.error({ requestId, err: error }, 'a stream of a log failed'),
    ),
    sources: {
      blobs,
      limitBytes: config['source-limit-mebibytes'] * MEBIBYTE,
      quota,
      changes: new CallGate(CHANGES_LIMITS),
    },
    hookOptions: hookOptions(config),
    remoteRefs: (binding, caller) => sourceChecks.run(caller, () => runner.remoteRefs(binding)),
    garbage: images.garbage,
    lastBackup: () => readLastBackup(folder.reachable),
    lookAtMachine: async () => {
      const [machine, ...ofStores] = await Promise.all([readMachine(), databaseFindings(means.db), findInBucket()]);
      return { machine, findings: [...ofStores.flat(), ...findingsOf(machine, loadOf(config))] };
    },
    platformsOf: (repoId, listed) => readPlatforms(images, repoId, listed),
    checkImages: () => checkImages(means.db, images.storage),
    regexProgram: { command: 'rg', environment: childEnvironment() },
    searches: new CallGate(SEARCH_LIMITS),
    signIns: new SignInGate(means.db),
    scanDatabaseKeepMs: config['scan-database-days'] * DAY_MS,
  };
}

/** What the settings say about events of code hosts. */
export function hookOptions(config: Config): HookOptions {
  return { supersede: config['supersede-builds'], pullRequests: config['pull-requests'] !== 'off' };
}

/** What builds may use together; undefined for a server that runs none. */
function loadOf(config: Config): BuildLoad | undefined {
  if (config.role === 'api') return undefined;
  return {
    concurrentBuilds: config['concurrent-builds'],
    memoryBytesEach: config['build-memory-mebibytes'] * MEBIBYTE,
  };
}
