import type { Database } from '#db/database.ts';
import { preparedRead } from '#db/prepared-read.ts';
import { eventTransaction } from '#event/event-store.ts';
import { imageNeeded } from './errors.ts';
import type { Actor } from './image.ts';
import type { Blob, Manifest } from './manifest.ts';
import { listTagsOf, removeTag } from './tag-store.ts';

/** The facts that are kept about a manifest in distribution. */
export interface StoredManifest {
  repoId: string;
  digest: string;
  sizeBytes: number;
  manifest: Manifest;
}

/** A manifest as the referrers API lists it: https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md */
export interface Referrer {
  mediaType: string;
  digest: string;
  size: number;
  artifactType?: string;
  annotations?: Record<string, string>;
}

/**
 * Stores a manifest and what it lists, in the caller's transaction, after distribution took it. A hidden manifest can
 * be pulled again, and so can what it lists.
 */
export async function keepManifest(db: Database, stored: StoredManifest, nowMs: number): Promise<void> {
  const { repoId, digest, sizeBytes, manifest } = stored;
  const children = [...manifest.children];
  const blobs = new Map(manifest.blobs);
  await addBlobsOf(db, repoId, children, blobs);
  const facts = {
    media_type: manifest.mediaType,
    artifact_type: manifest.artifactType ?? null,
    size_bytes: sizeBytes,
    config_digest: manifest.configDigest ?? null,
    total_bytes: [...blobs.values()].reduce((sum, bytes) => sum + bytes, 0),
    blobs: JSON.stringify([...blobs]),
    subject: manifest.subject ?? null,
    annotations: manifest.annotations === undefined ? null : JSON.stringify(manifest.annotations),
    is_runnable: manifest.isRunnable ? 1 : 0,
    pushed_ms: nowMs,
    state: 'kept',
  };
  await db
    .insertInto('manifest')
    .values({ repo_id: repoId, digest, first_seen_ms: nowMs, last_pulled_ms: null, ...facts })
    .onConflict((conflict) => conflict.columns(['repo_id', 'digest']).doUpdateSet(facts))
    .execute();
  await keepChildren(db, repoId, digest, children);
  await showManifests(db, repoId, children);
}

/** Records which manifests an index lists: they stay as long as it does. */
export async function keepChildren(
  db: Database,
  repoId: string,
  parent: string,
  children: readonly string[],
): Promise<void> {
  for (const child of children)
    await db
      .insertInto('manifest_child')
      .values({ repo_id: repoId, parent, child })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Makes hidden manifests, and what they list, available to pulls again. */
export async function showManifests(db: Database, repoId: string, digests: readonly string[]): Promise<void> {
  for (const page of pagesOf(digests)) {
    const shown = await db
      .updateTable('manifest')
      .set({ state: 'kept' })
      .where('repo_id', '=', repoId)
      .where('digest', 'in', page)
      .where('state', '=', 'hidden')
      .returning('digest')
      .execute();
    if (shown.length === 0) continue;
    const parents = shown.map(({ digest }) => digest);
    const children = await db
      .selectFrom('manifest_child')
      .select('child')
      .where('repo_id', '=', repoId)
      .where('parent', 'in', parents)
      .execute();
    await showManifests(
      db,
      repoId,
      children.map(({ child }) => child),
    );
  }
}

const readManifestOf = preparedRead(
  (db, instanceId, namespaceName, name, digest) =>
    db
      .selectFrom('repository')
      .innerJoin('manifest', 'manifest.repo_id', 'repository.repo_id')
      .select(['manifest.repo_id', 'manifest.state'])
      .where('repository.instance_id', '=', instanceId)
      .where('repository.namespace_name', '=', namespaceName)
      .where('repository.name', '=', name)
      .where('manifest.digest', '=', digest),
  ['instanceId', 'namespaceName', 'name', 'digest'],
);

/** The manifest of a digest in a repository, by the repository's name; undefined if there is none. */
export async function findManifestOf(
  db: Database,
  instanceId: string,
  repository: { namespaceName: string; name: string },
  digest: string,
): Promise<{ repoId: string; state: string } | undefined> {
  const [row] = await readManifestOf(db, instanceId, repository.namespaceName, repository.name, digest);
  return row && { repoId: row.repo_id, state: row.state };
}

/** Whether a manifest can be pulled, is hidden or is being removed; undefined if there is none. */
export async function findManifestState(
  db: Database,
  repoId: string,
  digest: string,
): Promise<{ state: string; mediaType: string; artifactType: string | undefined } | undefined> {
  const row = await db
    .selectFrom('manifest')
    .select(['state', 'media_type', 'artifact_type'])
    .where('repo_id', '=', repoId)
    .where('digest', '=', digest)
    .executeTakeFirst();
  return row && { state: row.state, mediaType: row.media_type, artifactType: row.artifact_type ?? undefined };
}

/** The digests of an image and of all that it consists of: configuration and layers, and of an index its images. */
export async function listImageParts(db: Database, repoId: string, digest: string): Promise<Set<string>> {
  const row = await db
    .selectFrom('manifest')
    .select('blobs')
    .where('repo_id', '=', repoId)
    .where('digest', '=', digest)
    .executeTakeFirst();
  const children = await db
    .selectFrom('manifest_child')
    .select('child')
    .where('repo_id', '=', repoId)
    .where('parent', '=', digest)
    .execute();
  const blobs = row === undefined ? [] : (JSON.parse(row.blobs) as Blob[]);
  return new Set([digest, ...blobs.map(([blob]) => blob), ...children.map(({ child }) => child)]);
}

/**
 * Deletes a manifest for everyone who pulls: its tags are removed at once, its bytes once nothing can restore it. False if there is
 * none. Throws IMAGE_IN_USE if an index lists it.
 */
export function hideManifest(db: Database, repoId: string, digest: string, actor: Actor): Promise<boolean> {
  return eventTransaction(db, async (trx) => {
    const found = await findManifestState(trx, repoId, digest);
    if (found?.state !== 'kept') return false;
    const parent = await trx
      .selectFrom('manifest_child')
      .innerJoin('manifest', (join) =>
        join.onRef('manifest.repo_id', '=', 'manifest_child.repo_id').onRef('manifest.digest', '=', 'parent'),
      )
      .select('parent')
      .where('manifest_child.repo_id', '=', repoId)
      .where('child', '=', digest)
      .where('manifest.state', '=', 'kept')
      .executeTakeFirst();
    if (parent !== undefined) throw imageNeeded(digest);
    for (const tag of await listTagsOf(trx, repoId, digest)) await removeTag(trx, repoId, tag, 'deleted', actor);
    await setManifestState(trx, repoId, digest, 'hidden');
    return true;
  });
}

/** Sets who may use a manifest, in the caller's transaction. */
export async function setManifestState(
  trx: Database,
  repoId: string,
  digest: string,
  state: 'hidden' | 'leaving',
): Promise<void> {
  const manifest = trx.updateTable('manifest').where('repo_id', '=', repoId).where('digest', '=', digest);
  await manifest.set({ state }).execute();
}

/** The referrers of a manifest, in the order of their digests, after a given one. */
export async function listReferrers(
  db: Database,
  repoId: string,
  subject: string,
  page: { after: string | undefined; limit: number; artifactType: string | undefined },
): Promise<Referrer[]> {
  let query = db
    .selectFrom('manifest')
    .select(['digest', 'media_type', 'size_bytes', 'artifact_type', 'annotations'])
    .where('repo_id', '=', repoId)
    .where('subject', '=', subject)
    .where('state', '=', 'kept');
  if (page.after !== undefined) query = query.where('digest', '>', page.after);
  if (page.artifactType !== undefined) query = query.where('artifact_type', '=', page.artifactType);
  const rows = await query.orderBy('digest').limit(page.limit).execute();
  return rows.map((row) => ({
    mediaType: row.media_type,
    digest: row.digest,
    size: row.size_bytes,
    ...(row.artifact_type === null ? {} : { artifactType: row.artifact_type }),
    ...(row.annotations === null ? {} : { annotations: JSON.parse(row.annotations) as Record<string, string> }),
  }));
}

/** Adds the blobs of manifests to others, each blob once, up to `BLOBS_LIMIT`. */
async function addBlobsOf(
  db: Database,
  repoId: string,
  digests: readonly string[],
  blobs: Map<string, number>,
): Promise<void> {
  for (const page of pagesOf(digests, LISTS_AT_ONCE)) {
    const rows = await db
      .selectFrom('manifest')
      .select('blobs')
      .where('repo_id', '=', repoId)
      .where('digest', 'in', page)
      .execute();
    for (const row of rows)
      for (const [digest, sizeBytes] of JSON.parse(row.blobs) as Blob[]) {
        if (blobs.size >= BLOBS_LIMIT) return;
        blobs.set(digest, sizeBytes);
      }
  }
}

/** An index of images with more blobs than this counts as large as the first of them. No more are held in memory. */
const BLOBS_LIMIT = 50_000;

/** How many lists of blobs are read at once: each is at most as long as a manifest, 4 MiB. */
const LISTS_AT_ONCE = 16;

/** The most values in one statement. */
const VALUES_LIMIT = 500;

function* pagesOf(digests: readonly string[], size = VALUES_LIMIT): Generator<string[]> {
  for (let first = 0; first < digests.length; first += size) yield digests.slice(first, first + size);
}
