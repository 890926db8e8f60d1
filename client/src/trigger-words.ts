import { callerName } from './caller-name.ts';
import type { Build } from './native.gen.ts';

/** What starts a build, in words: the same on the command line, in lists, in filters and on its page. */
export const TRIGGERS: Readonly<Record<NonNullable<Build['Trigger']>, string>> = {
  push: 'Push',
  'pull-request': 'Pull request',
  rule: 'Rule run',
  call: 'Request',
  rebuild: 'Rebuild',
};

/** Who called for a build, as in `ann`; undefined if a push started it, or it is not known. */
export function callerOf({ Requesters = [] }: Pick<Build, 'Requesters'>): string | undefined {
  const arn = Requesters.find(({ Part }) => Part === 'call')?.Arn;
  return arn === undefined ? undefined : callerName(arn);
}
