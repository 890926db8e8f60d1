import type { Verdict } from '@slipway/logbook';
import type { BuildRecord } from '../build.ts';

/**
 * The verdict for a log whose build ended without sealing it. After a machine fault, lines may be missing. In all other cases,
 * all lines were on disk before the record became final.
 */
export function verdictOfUnsealed(record: Pick<BuildRecord, 'failure'> | undefined): Verdict {
  if (record === undefined) return { verdict: 'partial', reason: 'no build record has this log' };
  const { failure } = record;
  return failure?.fault === 'machine' ? { verdict: 'partial', reason: failure.message } : { verdict: 'complete' };
}
