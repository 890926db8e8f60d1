import { pullRequestOf } from '#source/source.ts';
import type { BuildRecord } from './build.ts';

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
  const own = storeId.replace(/^pr\d+-/, '');
  return own === repoId || own.startsWith(`${repoId}-`);
}
