/** Lines `firstLine` to `lastLine` (inclusive, from 1) and what is wrong with them. */
export interface LineRange {
  firstLine: number;
  lastLine: number;
  reason: string;
}

/** Whether a log contains all output of the build. */
export type Verdict = { verdict: 'complete' } | { verdict: 'partial'; reason: string; ranges?: readonly LineRange[] };

/** The final facts about a log. Stored as JSON, with these names, in the last record of log.idx. */
export interface Seal {
  lineCount: number;
  /** Size and SHA-256 (hex) of the whole NDJSON, as zcat prints it. */
  sizeBytes: number;
  sha256: string;
  /** The number of values that were masked before they reached the log; absent if unknown. */
  maskedValues?: number;
  /** The number of lines that were counted but not stored because the log had reached its limit; absent if unknown. */
  droppedLines?: number;
  verdict: 'complete' | 'partial';
  /** Why it is partial. */
  reason?: string;
  ranges: readonly LineRange[];
  sealedAtMs: number;
  blockCount: number;
  /** Size of log.ndjson.gz. */
  archiveBytes: number;
}

/** The verdict for a log: the caller's, unless something is known to be missing. */
export function finalVerdict(
  claim: Verdict,
  damage: readonly LineRange[],
  dropped: string | undefined,
): Pick<Seal, 'verdict' | 'reason' | 'ranges'> {
  const reasons = claim.verdict === 'partial' ? [claim.reason] : [];
  if (damage.length > 0) reasons.push('the log was damaged on disk');
  if (dropped !== undefined) reasons.push(dropped);
  const ranges = [...(claim.verdict === 'partial' ? (claim.ranges ?? []) : []), ...damage];
  if (reasons.length === 0) return { verdict: 'complete', ranges };
  return { verdict: 'partial', reason: reasons.join('; '), ranges };
}

/** Reads the payload of a `seal` record, which may end with zeros. Throws if it is not JSON. */
export function readSeal(payload: Buffer): Seal {
  let end = payload.length;
  while (payload[end - 1] === 0) end--;
  return JSON.parse(payload.toString('utf8', 0, end)) as Seal;
}
