import { decide, isDeniedSomewhere } from '#ram/decide.ts';
import type { Context } from './context.ts';
import { inTurns } from './in-turns.ts';

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
  const denied = new Set<string>();
  if (!isDeniedSomewhere(principal, action)) return denied;
  for await (const path of inTurns(await paths())) {
    const { reason } = decide({ principal, action, resource: `acs:cr:${regionId}:${accountId}:${path}` });
    if (reason === 'ExplicitDeny') denied.add(path);
  }
  return denied;
}
