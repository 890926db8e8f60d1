import type { RepoType } from '#namespace/namespace.ts';
import { invalidParameter } from '#rpc/errors/api-error.ts';

/**
 * `DELETING` until nothing of it is left; until then it keeps its name and is shown. `DELETED` repositories only hold
 * the records and logs of their builds; their names are free, and nothing shows them.
 */
export type RepoStatus = 'NORMAL' | 'DELETING' | 'DELETED';

/** An image repository: builds push their images to it. */
export interface Repository {
  repoId: string;
  instanceId: string;
  namespaceName: string;
  name: string;
  type: RepoType;
  summary: string;
  detail: string | undefined;
  tagImmutability: boolean;
  status: RepoStatus;
  createdMs: number;
  modifiedMs: number;
}

/** Maximum length of a repository's name, from the vendor's console. */
export const REPOSITORY_NAME_LIMIT = 64;

/** Maximum length of a summary in characters, from the vendor's documentation. */
const SUMMARY_LIMIT = 100;

/** Throws InvalidParameter for a summary that is too long. */
export function checkSummary(summary: string): void {
  if (summary.length > SUMMARY_LIMIT)
    throw invalidParameter('Summary', `it has ${summary.length} characters; ${SUMMARY_LIMIT} is the limit`);
}

const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Whether a text is a valid image tag by the distribution specification's grammar. */
export function isTag(tag: string): boolean {
  return TAG.test(tag);
}
