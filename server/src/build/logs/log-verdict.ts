import type { Verdict } from '@slipway/logbook';
import type { BuildRecord } from '../build.ts';

/**
 * The verdict for a log whose build ended without sealing it. Lines may be missing if the record says so, and after a machine
 * fault. In all other cases, all lines were on disk before the record became final.
 */
export function verdictOfUnsealed(record: Pick<BuildRecord, 'failure' | 'lostLines'> | undefined): Verdict {
  if (record === undefined) return { verdict: 'partial', reason: 'no build record has this log' };
  const { failure, lostLines } = record;
  if (lostLines !== undefined) return { verdict: 'partial', reason: lostLines };
  return failure?.fault === 'machine' ? { verdict: 'partial', reason: failure.message } : { verdict: 'complete' };
}
