import type { JobState } from '#job/job.ts';

/** The vendor's word for the state of a conversion. It has no other for one that was cancelled, or of which nothing is known any more. */
export function statusOf(state: JobState | undefined): 'PENDING' | 'BUILDING' | 'SUCCESS' | 'FAILED' {
  if (state === 'PENDING') return 'PENDING';
  if (state === 'RUNNING') return 'BUILDING';
  return state === 'DONE' ? 'SUCCESS' : 'FAILED';
}
