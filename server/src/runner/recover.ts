import type { Logbook } from '@slipway/logbook';
import { endBuildRecord, findBuildRecord, listRunningBuildRecords } from '#build/build-store.ts';
import type { Database } from '#db/database.ts';
import type { Sandbox } from '#sandbox/sandbox.ts';

const REASON = 'the server ended while the build ran';

/**
 * Ends what an earlier life of this data folder left running: each such record is FAILED, its log keeps every
 * acknowledged line, says why it ends, and is sealed `partial`. Runs before the server says that it is ready.
 */
export async function recoverBuilds(means: {
  db: Database;
  logbook: Logbook;
  sandbox: Sandbox;
  now: () => number;
  report: (message: string, error: unknown) => void;
}): Promise<void> {
  const running = await listRunningBuildRecords(means.db);
  const unsealed = new Set(await means.logbook.unsealed());
  for (const { buildRecordId } of running) {
    await closeLog(means.logbook, buildRecordId, unsealed.has(buildRecordId));
    const failure = { fault: 'machine' as const, message: REASON };
    await endBuildRecord(means.db, buildRecordId, { status: 'FAILED', endedMs: means.now(), failure });
    await means.sandbox
      .cleanUp(buildRecordId)
      .catch((error: unknown) => means.report(`build ${buildRecordId} could not be cleaned up`, error));
    unsealed.delete(buildRecordId);
  }
  for (const buildRecordId of unsealed) await sealFinished(means, buildRecordId);
}

async function closeLog(logbook: Logbook, buildRecordId: string, exists: boolean): Promise<void> {
  if (logbook.state(buildRecordId)?.sealed) return;
  const writer = exists ? await logbook.resume(buildRecordId) : await logbook.create(buildRecordId);
  if (!exists) {
    writer.stage('GIT_CLONE');
    await writer.line(`Slipway, build ${buildRecordId}`);
    await writer.line('fetch stage begin');
  }
  await writer.line(REASON);
  await writer.line('stage failed');
  await writer.committed();
  await writer.seal({ verdict: 'partial', reason: REASON });
}

/** A record that was final already had all its lines: only the seal was missing. */
async function sealFinished(means: { db: Database; logbook: Logbook }, buildRecordId: string): Promise<void> {
  const record = await findBuildRecord(means.db, buildRecordId);
  const writer = await means.logbook.resume(buildRecordId);
  await writer.seal(
    record ? { verdict: 'complete' } : { verdict: 'partial', reason: 'no build record knows this log' },
  );
}
