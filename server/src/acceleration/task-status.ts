import type { JobState } from '#job/job.ts';

/** The vendor's word for the state of a conversion. It has no word of its own for a conversion that was cancelled or is no longer known. */
export function statusOf(state: JobState | undefined): 'PENDING' | 'BUILDING' | 'SUCCESS' | 'FAILED' {
  if (state === 'PENDING') return 'PENDING';
  if (state === 'RUNNING') return 'BUILDING';
  return state === 'DONE' ? 'SUCCESS' : 'FAILED';
}
