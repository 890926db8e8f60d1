import { decide } from '#ram/decide.ts';
import type { Context } from './context.ts';

/**
 * Those of some paths below the account on which a policy denies the caller an action. A list that a wider name allows
 * leaves them out: a Deny on one thing counts wherever the thing would be told of. `paths` is read only where
 * some Deny speaks of the action at all.
 */
export async function deniedPaths(
  { principal, regionId, accountId }: Pick<Context, 'principal' | 'regionId' | 'accountId'>,
  action: string,
  paths: () => Promise<readonly string[]>,
): Promise<ReadonlySet<string>> {
  const decisionOn = (path: string) =>
    decide({ principal, action, resource: `acs:cr:${regionId}:${accountId}:${path}` });
  if (!decisionOn('*').considered.some(({ effect }) => effect === 'Deny')) return new Set();
  return new Set((await paths()).filter((path) => decisionOn(path).reason === 'ExplicitDeny'));
}
