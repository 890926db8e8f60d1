import type { Database } from '#db/database.ts';
import { startEventConsumers } from '#event/event-consumers.ts';
import type { Jobs } from '#job/jobs.ts';
import { pushReferrer, type Referrer } from '#registry/contents/push-referrer.ts';
import { builtInScanner } from '#scan/built-in-scanner.ts';
import { emptyScratch } from '#scan/inventory/read-inventory.ts';
import { scanEvents } from '#scan/scan-events.ts';
import { SCAN, scanRunner } from '#scan/scan-job.ts';
import type { OpenImages } from './registry-wiring.ts';

/** Has the queue of jobs run scans. */
export async function registerScans(
  jobs: Jobs,
  means: {
    db: Database;
    instanceId: string;
    images: Pick<OpenImages, 'db' | 'child' | 'storage' | 'gate' | 'instanceId' | 'now'>;
    scratch: string;
  },
): Promise<void> {
  const { db, instanceId, scratch } = means;
  await emptyScratch(scratch);
  const { child, storage } = means.images;
  const images = {
    readManifest: child.readManifest,
    blobFile: (digest: string) => storage.blobFile(digest),
    pushReferrer: (repository: string, referrer: Referrer) => pushReferrer(means.images, repository, referrer),
  };
  const scanner = builtInScanner({ db, instanceId, images, scratch });
  jobs.register(SCAN, scanRunner({ db, scanner, sboms: { images, scratch } }));
}

/** Lets scan rules act on the tags that are set, until it is closed. */
export function startScanRules(means: {
  db: Database;
  instanceId: string;
  jobsChanged: () => void;
  report: (message: string, error: unknown) => void;
}): Promise<{ close(): Promise<void> }> {
  const { db, instanceId, jobsChanged, report } = means;
  return startEventConsumers({ db, consumers: [scanEvents(instanceId)], taken: jobsChanged, report });
}
