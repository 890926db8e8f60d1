import type { AlsoNeeded } from '#rpc/operation.ts';

/** What a rule does in the repositories that it covers. */
export function rightsOfRetention(resources: readonly string[]): AlsoNeeded[] {
  return resources.map((resource) => ({ action: 'cr:DeleteRepositoryTag', resource }));
}
