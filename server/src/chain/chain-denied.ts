import type { AlsoNeeded } from '#rpc/operation.ts';

/** What a chain may do in its repositories: remove tags, or set them to other images. */
export function rightsOfChain(resources: readonly string[]): AlsoNeeded[] {
  return resources.flatMap((resource) =>
    ['cr:DeleteRepositoryTag', 'cr:CreateRepoTag'].map((action) => ({ action, resource })),
  );
}
