import { pullRequestOf } from '#source/source.ts';
import type { BuildRecord } from './build.ts';

const PULL_REQUEST = /^pr\d+-/;

/**
 * The name that the ids of a build's layer stores begin with. A pull request has stores of its own, so that it changes no
 * step of another build, and no other build begins with them.
 */
export function storeFamily(record: Pick<BuildRecord, 'repoId' | 'source'>): string {
  const pullRequest = pullRequestOf(record);
  return pullRequest === undefined ? record.repoId : `pr${pullRequest}-${record.repoId}`;
}

/** Whether a layer store is of a repository, pull requests included. */
export function isStoreOf(storeId: string, repoId: string): boolean {
  const own = storeId.replace(PULL_REQUEST, '');
  return own === repoId || own.startsWith(`${repoId}-`);
}

/** What the layer cache of a pull request begins as: empty, or a copy of the repository's. */
export type PullRequestCache = 'empty' | 'copy';

/**
 * Which store a build's store begins with a copy of, if it does not exist: for a pull request, that of the repository with
 * layers of the same bases.
 */
export function copiedStore(storeId: string, pullRequestCache: PullRequestCache): { copyOf?: string } {
  if (pullRequestCache === 'empty' || !PULL_REQUEST.test(storeId)) return {};
  return { copyOf: storeId.replace(PULL_REQUEST, '') };
}
