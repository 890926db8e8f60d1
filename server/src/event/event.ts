/** What happens in the registry, by its kind, for parts of the server that will act on it. */
export interface EventBodies {
  tag_set: TagSet;
  tag_removed: TagRemoved;
  referrer_pushed: ReferrerPushed;
  commit_known: { buildRecordId: string };
  build_finished: BuildFinished;
  scan_finished: ScanFinished;
  sync_finished: SyncFinished;
  chain_finished: ChainFinished;
  repository_deleted: { repoId: string; instanceId: string; namespaceName: string; name: string };
}

export type EventKind = keyof EventBodies;

/** A tag was set to an image: by a push, a build, a copy of another tag, or a restore. */
export interface TagSet {
  repoId: string;
  tag: string;
  digest: string;
  /** Its previous digest. */
  previous?: string;
  mediaType: string;
  origin: string;
  pushedBy: string;
  /** If it was copied here: the repositories that it came through, each as `instance/namespace/name`. */
  syncPath?: readonly string[];
}

/** Something was said of an image, without a tag of its own: a signature, an SBOM, an attestation. */
export interface ReferrerPushed {
  repoId: string;
  digest: string;
  /** The image. */
  subject: string;
  /** If it was copied here, as of a tag. */
  syncPath?: readonly string[];
}

/** A copy of a tag to another repository or registry has ended. */
export interface SyncFinished {
  taskId: string;
  batchId: string;
  /** The rule that made it. */
  ruleId?: string;
  repoId: string;
  tag: string;
  status: 'SUCCESS' | 'ERROR' | 'CANCELED';
  /** What was copied, of one that succeeded. */
  digest?: string;
  /** Why it failed, for programs. */
  issue?: string;
  /** The same for people. */
  reason?: string;
}

/** A walk of an image through a delivery chain has ended. */
export interface ChainFinished {
  chainInstanceId: string;
  chainId: string;
  chainName: string;
  repoId: string;
  tag: string;
  digest: string;
  /** SUCCESS, FAILED, CANCELED or DENIED. */
  result: string;
  /** Why it did not succeed. */
  reason?: string;
}

/** A tag was removed. */
export interface TagRemoved {
  repoId: string;
  tag: string;
  digest: string;
  removedBy: string;
  why: string;
}

/** A build has ended. A build of a code host's repository has reported `commit_known` before, if it got that far. */
export interface BuildFinished {
  buildRecordId: string;
  repoId: string;
  imageTag: string;
  /** SUCCESS, FAILED or CANCELED. */
  status: string;
  /** Why it did not succeed, without the failing instruction. */
  reason?: string;
}

/** A scan of an image has ended. */
export interface ScanFinished {
  /** The ScanTaskId. */
  scanId: string;
  repoId: string;
  digest: string;
  /** VUL or SBOM. */
  scanType: string;
  /** COMPLETE or FAILED. */
  status: string;
}

/** An event as it is read. Events are ordered by their sequence numbers, which have gaps. */
export type Event = {
  [Kind in EventKind]: { kind: Kind; sequence: number; timeMs: number; body: EventBodies[Kind] };
}[EventKind];
