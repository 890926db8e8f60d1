import { type AuthorRightsMeans, authorRefusal } from '#account/rule-author.ts';
import type { Database } from '#db/database.ts';
import { JobFailed, type JobRunner, jobKind } from '#job/job.ts';
import { getStoredRepository } from '#repository/repository-store.ts';
import { countSeverities, type Finding, SEVERITIES } from './advisory/finding.ts';
import { rightsOfScan } from './scan-denied.ts';
import { endScan, findScan, noteRetry, replaceFindings, type ScanResult } from './scan-store.ts';
import type { Scanner, ScanOutcome } from './scanner.ts';
import { type SbomMeans, writeSboms } from './write-sboms.ts';

/** Looks for vulnerabilities in an image: the id of the job is that of the scan. */
export const SCAN = jobKind<{ instanceId: string }, ScanResult | null>('scan');

const PAUSES_MS = [5_000, 60_000];

/** Runs scans. */
export function scanRunner(means: {
  db: Database;
  rights: AuthorRightsMeans;
  scanner: Scanner;
  sboms: SbomMeans;
  /** How long a scan waits before each further attempt. */
  pausesMs?: readonly number[];
}): JobRunner<{ instanceId: string }, ScanResult | null> {
  const { db, rights, scanner, sboms, pausesMs = PAUSES_MS } = means;
  return {
    // Each has a process of its own, and reads a whole image.
    atOnce: 1,
    pausesMs,
    run: async ({ jobId, subject, isLastAttempt, signal }) => {
      const scan = await findScan(db, subject.instanceId, jobId);
      // Its repository was deleted.
      if (scan === undefined) return null;
      const { namespaceName, name } = await getStoredRepository(db, subject.instanceId, scan.repoId);
      const image = { repository: `${namespaceName}/${name}`, digest: scan.digest };
      const acts = rightsOfScan([`repository/${subject.instanceId}/${image.repository}`]);
      const refusal = await authorRefusal(db, rights, scan.author, { id: jobId, acts });
      if (refusal !== undefined) throw new JobFailed({ code: 'NOT_ALLOWED', message: refusal }, { mayPass: false });
      try {
        if (scan.type === 'VUL') return await findWeaknesses(db, jobId, await scanner.scan(image, signal));
        await writeSboms(sboms, image, scan.createdMs, signal);
        return { database: undefined, counts: countSeverities([]), unchecked: [] };
      } catch (error) {
        if (!isLastAttempt && !signal.aborted) await noteRetry(db, jobId);
        throw error;
      }
    },
    ended: async (db, { jobId }, end) => {
      if (end.state === 'DONE' && end.result === null) return;
      await endScan(db, jobId, resultOf(end), end.timeMs);
    },
  };
}

async function findWeaknesses(
  db: Database,
  scanId: string,
  { findings, database, unchecked }: ScanOutcome,
): Promise<ScanResult> {
  await replaceFindings(db, scanId, [...findings].sort(compareFindings));
  return { database, counts: countSeverities(findings), unchecked };
}

function resultOf(end: Parameters<NonNullable<JobRunner<unknown, ScanResult | null>['ended']>>[2]) {
  if (end.state === 'DONE' && end.result !== null) return end.result;
  return { failure: end.state === 'FAILED' ? end.failure.message : 'it was cancelled' };
}

/** Most severe first, then by name, package and version. */
function compareFindings(a: Finding, b: Finding): number {
  const order = SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  if (order !== 0) return order;
  const [left, right] = [a, b].map((each) => [each.name, each.package, each.version, each.path].join('\n'));
  return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
}
