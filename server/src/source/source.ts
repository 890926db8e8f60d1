import type { Requester } from '#account/requester.ts';

/** The kinds of code hosts in the vendor's API. */
export const CODE_REPO_TYPES = ['GITHUB', 'GITLAB', 'GITEE', 'CODE', 'CODEUP'] as const;

export type CodeRepoType = (typeof CODE_REPO_TYPES)[number];

/** The code host's repository from which an image repository is built. */
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
  /** Who created or last changed it, as for a build rule. */
  requester: Requester | undefined;
}

/**
 * The source of a build: a Git repository by URL, a repository of a code host whose base URL is a setting of the instance, or a
 * folder that a client sent. `ref` is a full name (`refs/heads/main`) or `HEAD`; with a URL, it can also be a short name (a
 * branch, or else a tag) or a full commit id. `commitId` pins the commit, so that later pushes to the branch do not change what
 * is built.
 */
export type BuildSource =
  | { kind: 'git'; url: string; ref: string; commitId?: string }
  | CodeHostSource
  | { kind: 'archive'; archiveId: string; name: string };

/** A repository of a code host. */
export interface CodeHostSource {
  kind: 'code-host';
  type: CodeRepoType;
  namespaceName: string;
  name: string;
  ref: string;
  commitId?: string;
  /**
   * The number of the pull or merge request whose commit it is. Anyone may have written that commit: its build gets no
   * secrets and no logins, and changes nothing that other builds use.
   */
  pullRequest?: number;
}

/** The number of the pull request that a build is of; undefined for what only trusted users can write. */
export function pullRequestOf({ source }: { source: BuildSource }): number | undefined {
  return source.kind === 'code-host' ? source.pullRequest : undefined;
}

/**
 * The branch or Git tag of a source by its short name, as in `main`. Undefined for a folder, for a commit without a branch, and
 * for the default branch, whose name only the repository knows.
 */
export function branchOf(source: BuildSource): string | undefined {
  if (source.kind === 'archive' || source.ref === 'HEAD' || /^[0-9a-f]{40,64}$/.test(source.ref)) return undefined;
  return source.ref.replace(/^refs\/(heads|tags)\//, '');
}

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

/** Whether a text can be the namespace (with slashes between its groups) or the name of a code repository. */
export function isCodeRepoPath(path: string): boolean {
  return path.split('/').every((part) => PATH_PART.test(part) && !part.endsWith('.git'));
}

/** The URL from which to clone a code host's repository. */
export function cloneUrl(baseUrl: string, source: { namespaceName: string; name: string }): string {
  return `${baseUrl}/${source.namespaceName}/${source.name}.git`;
}
