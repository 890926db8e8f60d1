/** What a source has, or why it cannot be read. */
export interface RemoteRefs {
  /** The address that was tried. */
  readonly url: string;
  /** Why the source cannot be read, in a sentence that names the fix; undefined if it can. */
  readonly problem: string | undefined;
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  /** Whether some were left out. */
  readonly isCut: boolean;
}

/** How many branches, and how many tags, are listed. */
export const REFS_LISTED = 1000;

/**
 * The names in the output of `git ls-remote`, each kind up to its limit. A tag that points to a tag object is listed twice, with
 * `^{}` the second time.
 */
export function parseRemoteRefs(listed: string): Pick<RemoteRefs, 'branches' | 'tags' | 'isCut'> {
  const names = listed
    .split('\n')
    .map((line) => line.slice(line.indexOf('\t') + 1))
    .filter((name) => !name.endsWith('^{}'));
  const [branches, tags] = ['refs/heads/', 'refs/tags/'].map((start) =>
    names.filter((name) => name.startsWith(start)).map((name) => name.slice(start.length)),
  ) as [string[], string[]];
  const isCut = branches.length > REFS_LISTED || tags.length > REFS_LISTED;
  return { branches: branches.slice(0, REFS_LISTED), tags: tags.slice(0, REFS_LISTED), isCut };
}
