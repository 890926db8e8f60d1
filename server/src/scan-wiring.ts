import type { Database } from '#db/database.ts';
import type { Jobs } from '#job/jobs.ts';
import { builtInScanner } from '#scan/built-in-scanner.ts';
import { emptyScratch } from '#scan/inventory/read-inventory.ts';
import { SCAN, scanRunner } from '#scan/scan-job.ts';
import type { OpenImages } from './registry-wiring.ts';

/** Has the queue of jobs run scans. */
export async function registerScans(
  jobs: Jobs,
  means: { db: Database; instanceId: string; images: Pick<OpenImages, 'child' | 'storage'>; scratch: string },
): Promise<void> {
  const { db, instanceId, scratch } = means;
  await emptyScratch(scratch);
  const { child, storage } = means.images;
  const images = { readManifest: child.readManifest, blobFile: (digest: string) => storage.blobFile(digest) };
  jobs.register(SCAN, scanRunner({ db, scanner: builtInScanner({ db, instanceId, images, scratch }) }));
}
