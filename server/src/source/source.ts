import type { Requester } from '#account/requester.ts';

/** The kinds of code hosts that the vendor's API knows. */
export const CODE_REPO_TYPES = ['GITHUB', 'GITLAB', 'GITEE', 'CODE', 'CODEUP'] as const;

export type CodeRepoType = (typeof CODE_REPO_TYPES)[number];

/** Which repository of a code host an image repository is built from. */
export interface SourceBinding {
  repoId: string;
  instanceId: string;
  codeRepoType: CodeRepoType;
  codeRepoNamespaceName: string;
  codeRepoName: string;
  autoBuild: boolean;
  overseaBuild: boolean;
  disableCacheBuild: boolean;
  createdMs: number;
  modifiedMs: number;
  /** Who made or last changed it, as of a build rule. */
  requester: Requester | undefined;
}

/**
 * What a build is made from: a Git repository by its URL, one of a code host whose base URL is a setting of whoever
 * clones, or a folder that a client sent. `ref` is a full name (`refs/heads/main`), `HEAD`, or, of a URL, a short name (a
 * branch's or else a tag's) or a commit's whole id; `commitId` fixes the commit, so that what is built is not what the branch
 * has become meanwhile.
 */
export type BuildSource =
  | { kind: 'git'; url: string; ref: string; commitId?: string }
  | { kind: 'code-host'; type: CodeRepoType; namespaceName: string; name: string; ref: string; commitId?: string }
  | { kind: 'archive'; archiveId: string; name: string };

/** A folder that a client packed and sent. */
export interface SourceArchive {
  archiveId: string;
  instanceId: string;
  /** Who sent it: a user, a role or the account's owner. */
  owner: string;
  sha256: string;
  sizeBytes: number;
  createdMs: number;
}

const PATH_PART = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,254}$/;

/** Whether a text can stand as namespace (with slashes between its groups) or name of a code repository. */
export function isCodeRepoPath(path: string): boolean {
  return path.split('/').every((part) => PATH_PART.test(part) && !part.endsWith('.git'));
}

/** Where a repository of a code host is cloned from. */
export function cloneUrl(baseUrl: string, source: { namespaceName: string; name: string }): string {
  return `${baseUrl}/${source.namespaceName}/${source.name}.git`;
}
