/** `DELETING` until its repositories are gone: until then it keeps its name, and accepts no repository. */
export type NamespaceStatus = 'NORMAL' | 'DELETING';

/** A namespace: the first part of an image's name. */
export interface Namespace {
  namespaceId: string;
  instanceId: string;
  name: string;
  autoCreateRepo: boolean;
  defaultRepoType: RepoType;
  /** Whether repositories that pushes create refuse to overwrite tags. */
  defaultTagImmutability: boolean;
  /** Whether images of new repositories are converted to accelerated ones. */
  defaultAcceleration?: boolean;
  status: NamespaceStatus;
  createdMs: number;
  modifiedMs: number;
}

/** Who may pull without a grant: everyone, or nobody. */
export type RepoType = 'PUBLIC' | 'PRIVATE';

const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/** Maximum length of a namespace's name, from the vendor's console. */
export const NAMESPACE_NAME_LIMIT = 120;

/**
 * Why a text cannot be a component of an image's name, or undefined if it can.
 * The grammar is the distribution specification's, for a path component of a repository name.
 */
export function nameMistake(name: string, limit: number): string | undefined {
  if (name.length > limit) return `it has ${name.length} characters; ${limit} is the limit`;
  if (!PATH_COMPONENT.test(name))
    return 'it must be lower-case letters and digits, with single ".", "_", "__" or "-" between them';
  return undefined;
}
