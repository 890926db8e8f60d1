/** Lines `firstLine` to `lastLine` (both included, from 1) and what is wrong with them. */
export type LineRange = { firstLine: number; lastLine: number; reason: string };

/** Whether a log holds all that the build said. */
export type Verdict = { verdict: 'complete' } | { verdict: 'partial'; reason: string; ranges?: readonly LineRange[] };

/** What is known of a log for good. Stored as JSON, with these names, in the last record of log.idx. */
export type Seal = {
  lineCount: number;
  /** Size and SHA-256 (hex) of the whole NDJSON, as zcat gives it. */
  sizeBytes: number;
  sha256: string;
  /** How many values were masked before they reached the log; not there where that is unknown. */
  maskedValues?: number;
  /** Lines that came after the log had reached its limit: counted, not stored; not there where that is unknown. */
  droppedLines?: number;
  verdict: 'complete' | 'partial';
  /** Why it is partial. */
  reason?: string;
  ranges: readonly LineRange[];
  sealedAtMs: number;
  blockCount: number;
  /** Size of log.ndjson.gz. */
  archiveBytes: number;
};

/** The verdict that a log gets: what the caller claims, unless something is known to be missing. */
export function trueVerdict(
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

/** Reads the payload of a `seal` record, which zeros may follow. Throws where it is no JSON. */
export function readSeal(payload: Buffer): Seal {
  let end = payload.length;
  while (payload[end - 1] === 0) end--;
  return JSON.parse(payload.toString('utf8', 0, end)) as Seal;
}
