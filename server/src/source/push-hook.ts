/** Where a code host sends the pushes of a repository's source, and how it proves that they are its own. */
export interface PushHook {
  repoId: string;
  instanceId: string;
  /** Not to be guessed: the last part of the hook's URL. */
  hookId: string;
  secret: string;
  createdMs: number;
}
