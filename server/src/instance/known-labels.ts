import type { Database } from '#db/database.ts';

/** The fields of a reply with an instance's tags, by key, and its resource group. */
export interface Labels {
  readonly ResourceGroupId: string | undefined;
  readonly Tags: readonly { readonly TagKey: string; readonly TagValue: string }[];
}

const KNOWN_LIMIT = 1000;

/** Labels that were read, by database and instance: nearly every client reads its instance again and again. */
const known = new WeakMap<Database, Map<string, Promise<Labels>>>();

/** The labels of an instance: those that were read before, or what `read` gives. */
export function knownLabels(db: Database, instanceId: string, read: () => Promise<Labels>): Promise<Labels> {
  const ofDatabase = known.get(db) ?? new Map<string, Promise<Labels>>();
  const before = ofDatabase.get(instanceId);
  if (before) return before;
  if (ofDatabase.size >= KNOWN_LIMIT) ofDatabase.clear();
  // Kept from the moment at which reading begins, so that a change meanwhile finds it and drops it.
  const labels = read();
  known.set(db, ofDatabase.set(instanceId, labels));
  labels.catch(() => ofDatabase.delete(instanceId));
  return labels;
}

/** Forgets all labels of a database. Call it after each attempt to change some, before the caller hears of it. */
export function forgetLabels(db: Database): void {
  known.delete(db);
}
