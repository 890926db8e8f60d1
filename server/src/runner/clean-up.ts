import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobStore } from '#blob/blob.ts';
import type { BuildRecord } from '#build/build.ts';
import { archiveIdsOf } from '#build/request/build-context.ts';
import type { Database } from '#db/database.ts';
import { type Sandbox, SandboxLost } from '#sandbox/client/sandbox.ts';
import { removeSourceArchive } from '#source/source-store.ts';

const TRIES = 50;
const PAUSE_MS = 200;

/** Removes a build's files: its working folder, and the folders that were sent for it. */
export async function cleanUpBuild(
  means: { sandbox: Sandbox; blobs: BlobStore; db: Database },
  record: BuildRecord,
): Promise<void> {
  await cleanUpPatiently(means.sandbox, record.buildRecordId);
  for (const archiveId of archiveIdsOf(record)) {
    await means.blobs.remove(`sources/${archiveId}`);
    await removeSourceArchive(means.db, archiveId);
  }
}

/** Removes what programs outside the box left. A killed helper is restarted at once; until then it does not answer. */
export async function cleanUpPatiently(sandbox: Sandbox, buildRecordId: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await sandbox.cleanUp(buildRecordId);
    } catch (error) {
      if (!(error instanceof SandboxLost) || tries === TRIES) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
