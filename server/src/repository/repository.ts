import type { RepoType } from '#namespace/namespace.ts';
import { invalidParameter } from '#rpc/api-error.ts';

/** An image repository: what a build's image is pushed to. */
export interface Repository {
  repoId: string;
  instanceId: string;
  namespaceName: string;
  name: string;
  type: RepoType;
  summary: string;
  detail: string | undefined;
  tagImmutability: boolean;
  status: 'NORMAL';
  createdMs: number;
  modifiedMs: number;
}

/** Longest name of a repository, as the vendor's console says. */
export const REPOSITORY_NAME_LIMIT = 64;

/** Longest summary of a repository in characters, as the vendor's page says. */
const SUMMARY_LIMIT = 100;

/** Throws InvalidParameter for a summary that is too long. */
export function checkSummary(summary: string): void {
  if (summary.length > SUMMARY_LIMIT)
    throw invalidParameter('Summary', `it has ${summary.length} characters; ${SUMMARY_LIMIT} is the limit`);
}

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Whether a text can be an image's tag: the grammar of the distribution specification. */
export function isTag(tag: string): boolean {
  return TAG.test(tag);
}
