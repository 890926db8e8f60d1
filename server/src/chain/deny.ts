import type { Database } from '#db/database.ts';
import { SEVERITIES, type SeverityCounts } from '#scan/advisory/finding.ts';
import { findFindingsNamed } from '#scan/scan-store.ts';
import { type DenyPolicy, ISSUE_LEVELS, listed } from './chain.ts';

/** Why a policy denies an image with the findings of a complete scan; undefined if it lets it pass. */
export async function denialOf(
  db: Database,
  scan: { scanId: string; counts: SeverityCounts },
  policy: DenyPolicy,
): Promise<string | undefined> {
  const conditions = [countDenial(scan.counts, policy), await listDenial(db, scan.scanId, policy)].filter(
    (condition) => condition !== undefined,
  );
  const met = conditions.filter(({ reason }) => reason !== undefined);
  // If nothing was sent, one condition is enough: it is safer to deny one image too many than one too few.
  const isDenied = met.length > 0 && (policy.Logic !== 'AND' || met.length === conditions.length);
  return isDenied ? `The image has ${met.map(({ reason }) => reason).join(', and ')}.` : undefined;
}

/** A condition of a policy; `reason` says what meets it, and is undefined if nothing does. */
interface Condition {
  reason: string | undefined;
}

function countDenial(counts: SeverityCounts, { IssueLevel = '', IssueCount = '' }: DenyPolicy): Condition | undefined {
  if (IssueLevel === '' && IssueCount === '') return undefined;
  // Without a level every vulnerability counts; without a number one is enough.
  const level = IssueLevel === '' ? 'UNKNOWN' : IssueLevel;
  const [least, last] = [Number(IssueCount === '' ? 1 : IssueCount), ISSUE_LEVELS.map(String).indexOf(level)];
  const found = SEVERITIES.slice(0, last + 1).reduce((sum, severity) => sum + counts[severity], 0);
  if (found < least) return { reason: undefined };
  return { reason: `${found} ${found === 1 ? 'vulnerability' : 'vulnerabilities'} of level ${level} or above` };
}

async function listDenial(db: Database, scanId: string, { IssueList }: DenyPolicy): Promise<Condition | undefined> {
  const names = listed(IssueList);
  if (names.length === 0) return undefined;
  const found = await findFindingsNamed(db, scanId, names);
  return { reason: found.length === 0 ? undefined : `the denied vulnerabilities ${found.join(', ')}` };
}
