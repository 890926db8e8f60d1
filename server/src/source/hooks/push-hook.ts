/** The hook to which a code host sends the pushes of a repository's source, and the secret that authenticates them. */
export interface PushHook {
  repoId: string;
  instanceId: string;
  /** The last part of the hook's URL. It cannot be guessed. */
  hookId: string;
  secret: string;
  createdMs: number;
}
