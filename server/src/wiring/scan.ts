import { SCAN_WAIT } from '#chain/chain-instance.ts';
import { scanWaitRunner } from '#chain/scan-wait-job.ts';
import type { ChainMeans } from '#chain/walk-chain.ts';
import type { Database } from '#db/database.ts';
import type { Jobs } from '#job/jobs.ts';
import { pushReferrer, type Referrer } from '#registry/contents/push-referrer.ts';
import { BUILD_CREDENTIAL_USER, mintBuildCredential } from '#registry/tokens/build-credential.ts';
import type { SigningKey } from '#registry/tokens/signing-key.ts';
import { adapterScanner } from '#scan/adapter/adapter-scanner.ts';
import { builtInScanner } from '#scan/built-in-scanner.ts';
import { emptyScratch } from '#scan/inventory/read-inventory.ts';
import { SCAN, scanRunner } from '#scan/scan-job.ts';
import type { Scanner } from '#scan/scanner.ts';
import type { Config } from '#settings/config.ts';
import type { OpenImages } from './registry.ts';

/** What scans are run with. */
interface ScanWiringMeans extends ChainMeans {
  db: Database;
  instanceId: string;
  images: Pick<OpenImages, 'db' | 'fence' | 'child' | 'blobs' | 'storage' | 'gate' | 'instanceId' | 'now'>;
  /** A folder for copies that scans make and remove. */
  scratch: string;
  key: SigningKey;
  config: Pick<Config, 'scanner-url' | 'scanner-authorization' | 'scanner-registry-url'>;
  publicUrl: string;
}

/** Has the queue of jobs run scans, and end what waits for them too long. */
export async function registerScans(jobs: Jobs, means: ScanWiringMeans): Promise<void> {
  const { db, instanceId, scratch } = means;
  await emptyScratch(scratch);
  const { child, storage } = means.images;
  const images = {
    readManifest: child.readManifest,
    layerFiles: (digests: readonly string[], folder: string) => storage.layerFiles(digests, folder),
    pushReferrer: (repository: string, referrer: Referrer) => pushReferrer(means.images, repository, referrer),
  };
  const scanner = otherScanner(means) ?? builtInScanner({ db, instanceId, images, scratch });
  jobs.register(SCAN_WAIT, scanWaitRunner(db, means));
  jobs.register(SCAN, scanRunner({ db, rights: means, scanner, sboms: { images, scratch } }));
}

/** How long a scanner may pull an image. */
const PULL_MS = 3_600_000;

function otherScanner({ images, key, config, publicUrl }: ScanWiringMeans): Scanner | undefined {
  const url = config['scanner-url'];
  if (url === undefined) return undefined;
  return adapterScanner({
    url,
    authorization: config['scanner-authorization'],
    registryUrl: config['scanner-registry-url'] ?? publicUrl,
    pullAuthorization: async ({ repository, digest }) => {
      const credential = { repository, actions: ['pull' as const], digest };
      const password = await mintBuildCredential(key, credential, images.now(), PULL_MS);
      return `Basic ${Buffer.from(`${BUILD_CREDENTIAL_USER}:${password}`).toString('base64')}`;
    },
    mediaTypeOf: async ({ repository, digest }) =>
      (await images.child.readManifest(repository, digest))?.mediaType ?? '',
  });
}
