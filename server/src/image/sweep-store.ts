import type { Database } from '#db/database.ts';
import { eventTransaction } from '#event/event-store.ts';
import { type Actor, subjectOfTag } from './image.ts';
import type { Blob } from './manifest.ts';
import { setManifestState } from './manifest-store.ts';
import { reachable } from './reachable.ts';
import { removeTag } from './tag-store.ts';

const MANIFESTS_AT_ONCE = 500;

/** The repositories that hold manifests, or all repositories, with their names `namespace/name`. */
export async function listSweptRepositories(
  db: Database,
  which: 'filled' | 'all' = 'filled',
): Promise<{ repoId: string; name: string }[]> {
  let query = db.selectFrom('repository').select(['repo_id', 'namespace_name', 'name']);
  if (which === 'filled')
    query = query.where(({ exists, selectFrom }) =>
      exists(selectFrom('manifest').select('digest').whereRef('manifest.repo_id', '=', 'repository.repo_id')),
    );
  const rows = await query.orderBy('repo_id').execute();
  return rows.map((row) => ({ repoId: row.repo_id, name: `${row.namespace_name}/${row.name}` }));
}

/**
 * Marks the manifests of a repository that nothing needs: no tag leads to them, no push is in progress, and they were not
 * pushed or pulled and lost no tag since a given time. From then on nobody can push or restore them, until
 * `forgetManifest`. Tags that clients set to refer to such a manifest (`sha256-HEX` and what follows) are removed with
 * it.
 */
export function markUnneeded(db: Database, repoId: string, sinceMs: number, actor: Actor): Promise<string[]> {
  return eventTransaction(db, async (db) => {
    const unneeded = await listUnneeded(db, repoId, sinceMs);
    const gone = new Set(unneeded);
    const tags = await db.selectFrom('tag').select('name').where('repo_id', '=', repoId).execute();
    for (const { name } of tags)
      if (gone.has(subjectOfTag(name) ?? '')) await removeTag(db, repoId, name, 'subject', actor);
    for (const digest of unneeded) await setManifestState(db, repoId, digest, 'leaving');
    return unneeded;
  });
}

/** The manifests that `markUnneeded` would mark. */
export async function listUnneeded(db: Database, repoId: string, sinceMs: number): Promise<string[]> {
  const tags = await db.selectFrom('tag').select('digest').where('repo_id', '=', repoId).execute();
  const removed = await db
    .selectFrom('tag_removed')
    .select('digest')
    .where('repo_id', '=', repoId)
    .where('removed_ms', '>', sinceMs)
    .execute();
  const pushes = await db.selectFrom('manifest_push').select('digest').where('repo_id', '=', repoId).execute();
  const children = await db
    .selectFrom('manifest_child')
    .select(['parent', 'child'])
    .where('repo_id', '=', repoId)
    .execute();
  const manifests = await db
    .selectFrom('manifest')
    .select(['digest', 'subject', 'pushed_ms', 'last_pulled_ms'])
    .where('repo_id', '=', repoId)
    .execute();
  const used = manifests.filter((each) => Math.max(each.pushed_ms, each.last_pulled_ms ?? 0) > sinceMs);
  const roots = [...tags, ...removed, ...pushes, ...used].map(({ digest }) => digest);
  const subjects = manifests.flatMap(({ digest, subject }) => (subject === null ? [] : [{ digest, subject }]));
  const stays = reachable({ roots, children, subjects });
  return manifests.filter(({ digest }) => !stays.has(digest)).map(({ digest }) => digest);
}

/** A manifest with all that it needs of the storage. */
export interface ManifestNeeds {
  digest: string;
  sizeBytes: number;
  isLeaving: boolean;
  /** Configuration and layers. */
  blobs: Blob[];
}

/** All manifests of a repository, some at a time. */
export async function* manifestNeeds(db: Database, repoId: string): AsyncGenerator<ManifestNeeds> {
  for (let after = ''; ; ) {
    const page = await db
      .selectFrom('manifest')
      .select(['digest', 'blobs', 'size_bytes', 'state'])
      .where('repo_id', '=', repoId)
      .where('digest', '>', after)
      .orderBy('digest')
      .limit(MANIFESTS_AT_ONCE)
      .execute();
    for (const { digest, blobs, size_bytes: sizeBytes, state } of page)
      yield { digest, sizeBytes, isLeaving: state === 'leaving', blobs: JSON.parse(blobs) as Blob[] };
    const last = page.at(-1);
    if (last === undefined || page.length < MANIFESTS_AT_ONCE) return;
    after = last.digest;
  }
}

/** The digests of all manifests, and of all blobs that they name, also while they are being removed; each with its size. */
export async function usedBlobs(db: Database): Promise<Map<string, number>> {
  const used = new Map<string, number>();
  for (const { repoId } of await listSweptRepositories(db))
    for await (const { digest, sizeBytes, blobs } of manifestNeeds(db, repoId)) {
      used.set(digest, sizeBytes);
      for (const [blob, blobBytes] of blobs) used.set(blob, blobBytes);
    }
  return used;
}

/** Forgets a manifest whose bytes are gone. */
export function forgetManifest(db: Database, repoId: string, digest: string): Promise<void> {
  return eventTransaction(db, async (db) => {
    await db.deleteFrom('manifest').where('repo_id', '=', repoId).where('digest', '=', digest).execute();
    await db.deleteFrom('manifest_child').where('repo_id', '=', repoId).where('parent', '=', digest).execute();
    await db.deleteFrom('tag_removed').where('repo_id', '=', repoId).where('digest', '=', digest).execute();
  });
}

/**
 * Hides everything in a repository, in the transaction that deletes it: from then on nothing in it can be pulled,
 * pushed or restored. `eraseRepository` removes the bytes afterwards.
 */
export async function hideRepositoryContents(db: Database, repoId: string): Promise<void> {
  // Open pushes end by themselves, without their content.
  for (const table of ['tag', 'tag_removed', 'manifest_child'] as const)
    await db.deleteFrom(table).where('repo_id', '=', repoId).execute();
  await db.updateTable('manifest').set({ state: 'leaving' }).where('repo_id', '=', repoId).execute();
  await db.updateTable('repository').set({ tag_count: 0 }).where('repo_id', '=', repoId).execute();
}

/** Forgets every manifest of a repository that was deleted. */
export async function forgetRepositoryContents(db: Database, repoId: string): Promise<void> {
  for (const table of ['manifest_push', 'manifest_child', 'manifest'] as const)
    await db.deleteFrom(table).where('repo_id', '=', repoId).execute();
}
