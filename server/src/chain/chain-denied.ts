import type { AlsoNeeded } from '#rpc/operation.ts';

/** The actions that a chain may take in its repositories: it removes tags, or sets them to other images. */
export function rightsOfChain(resources: readonly string[]): AlsoNeeded[] {
  return resources.flatMap((resource) =>
    ['cr:DeleteRepositoryTag', 'cr:CreateRepoTag'].map((action) => ({ action, resource })),
  );
}
