import type { Build } from '../../api/build.ts';

/** What starts a build, in words. */
export const TRIGGERS: Readonly<Record<NonNullable<Build['Trigger']>, string>> = {
  push: 'Push',
  'pull-request': 'Pull request',
  rule: 'Build rule',
  call: 'By hand',
  rebuild: 'Rebuild',
};

/** Who called for a build, as in `ann`; undefined if a push started it, or it is not known. */
export function callerOf({ Requesters = [] }: Pick<Build, 'Requesters'>): string | undefined {
  const arn = Requesters.find(({ Part }) => Part === 'call')?.Arn;
  return arn
    ?.split(':')
    .at(-1)
    ?.replace(/^(user|assumed-role)\//, '');
}
