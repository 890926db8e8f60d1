import { callerName } from '@slipway/client/caller-name.ts';
import type { Build } from '@slipway/client/native.gen.ts';
import { utcTime } from '../output/utc-time.ts';

/** Who cancelled a build, and when; undefined if nobody did, or if it was before the server recorded it. */
export function cancelledBy({
  Cancellation,
  SupersededBy,
}: Pick<Build, 'Cancellation' | 'SupersededBy'>): string | undefined {
  if (Cancellation === undefined) return undefined;
  const { Cause, Time, Arn } = Cancellation;
  const who = Arn === undefined ? 'the server' : callerName(Arn);
  const by = {
    call: `by ${who}`,
    superseded: `for the newer build ${SupersededBy}`,
    'repository-deleted': `by ${who}, with the repository`,
  }[Cause];
  return `${by}, ${utcTime(Time)}`;
}
