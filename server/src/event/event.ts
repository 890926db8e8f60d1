/** What happens in the registry, by its kind, for parts of the server that will act on it. */
export interface EventBodies {
  tag_set: TagSet;
  tag_removed: TagRemoved;
  repository_deleted: { repoId: string; instanceId: string; namespaceName: string; name: string };
}

export type EventKind = keyof EventBodies;

/** A tag came to stand for an image: by a push, a build, a copy of another tag, or being put back. */
export interface TagSet {
  repoId: string;
  tag: string;
  digest: string;
  /** What it stood for before. */
  previous?: string;
  mediaType: string;
  origin: string;
  pushedBy: string;
}

/** A tag is there no more. */
export interface TagRemoved {
  repoId: string;
  tag: string;
  digest: string;
  removedBy: string;
  why: string;
}

/** An event as it is read: events come in the order of their sequence numbers, which have gaps. */
export type Event = {
  [Kind in EventKind]: { kind: Kind; sequence: number; timeMs: number; body: EventBodies[Kind] };
}[EventKind];
