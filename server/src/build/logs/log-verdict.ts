import type { Verdict } from '@slipway/logbook';
import type { BuildRecord } from '../build.ts';

/**
 * The verdict of a log whose build ended and did not come to seal it. After a fault of the machine lines may be missing; every
 * other build had all its lines on disk before its record was final.
 */
export function verdictOfUnsealed(record: Pick<BuildRecord, 'failure'> | undefined): Verdict {
  if (record === undefined) return { verdict: 'partial', reason: 'no build record knows this log' };
  const { failure } = record;
  return failure?.fault === 'machine' ? { verdict: 'partial', reason: failure.message } : { verdict: 'complete' };
}
