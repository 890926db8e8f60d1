import { decide } from '#ram/decide.ts';
import type { Context } from './context.ts';

/**
 * Those of the given resource paths on which a policy denies the caller an action. Lists leave them out even if the list as a
 * whole is allowed, because a Deny on a resource applies wherever the resource would be shown. `paths` is called only if some
 * Deny covers the action at all.
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
