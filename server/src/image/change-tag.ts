import type { Database } from '#db/database.ts';
import { eventTransaction } from '#event/event-store.ts';
import type { Repository } from '#repository/repository.ts';
import { imageLeaving, imageNotFound, tagExists, tagNotFound } from './errors.ts';
import type { Actor, Origin } from './image.ts';
import { findManifestState, showManifests } from './manifest-store.ts';
import { refuseOverwrite } from './push-store.ts';
import { findTaggedImage, getTaggedImage, listRemovedTags, removeTag, writeTag } from './tag-store.ts';

/** Sets a tag to the image of another tag of its repository. Throws TAG_NOT_EXIST and TAG_IMMUTABLE. */
export async function copyTag(
  db: Database,
  repository: Repository,
  tags: { from: string; to: string },
  actor: Actor,
): Promise<void> {
  const { repoId } = repository;
  await eventTransaction(db, async (db) => {
    const from = await getTaggedImage(db, repoId, tags.from);
    if (tags.from === tags.to) return;
    await refuseOverwrite(db, repository, tags.to, from.digest);
    await writeTag(db, { repoId, name: tags.to, digest: from.digest, origin: 'copy' }, actor);
  });
}

/**
 * Sets a tag to an image of the repository, whether or not another tag has it. Throws IMAGE_NOT_EXIST, TAG_IMMUTABLE, and
 * ServiceUnavailable while the image is being removed.
 */
export async function setTag(
  db: Database,
  repository: Repository,
  { tag, digest }: { tag: string; digest: string },
  actor: Actor,
): Promise<void> {
  await eventTransaction(db, async (db) => {
    if ((await findManifestState(db, repository.repoId, digest)) === undefined) throw imageNotFound(digest);
    await refuseOverwrite(db, repository, tag, digest);
    await showWithTag(db, { repoId: repository.repoId, tag, digest, origin: 'copy' }, actor);
  });
}

/**
 * Removes a tag. Its image stays while another tag or an index needs it, and can be restored for a while. Throws
 * TAG_NOT_EXIST.
 */
export async function deleteTag(db: Database, repoId: string, tag: string, actor: Actor): Promise<void> {
  const isRemoved = await eventTransaction(db, (db) => removeTag(db, repoId, tag, 'deleted', actor));
  if (!isRemoved) throw tagNotFound();
}

/**
 * Restores a tag that was removed or overwritten: its last image, or the one of a given digest, which may replace its
 * current image. Throws TAG_NOT_EXIST if that image is no longer there, TAG_ALREADY_EXIST if the tag exists and no
 * digest was given, TAG_IMMUTABLE.
 */
export async function restoreTag(
  db: Database,
  repository: Repository,
  { tag, digest }: { tag: string; digest: string | undefined },
  actor: Actor,
): Promise<string> {
  const { repoId } = repository;
  return eventTransaction(db, async (db) => {
    const present = await findTaggedImage(db, repoId, tag);
    if (present !== undefined && digest === undefined) throw tagExists(tag);
    if (present !== undefined && present.digest === digest) return digest;
    const removed = await listRemovedTags(db, repoId, { limit: RESTORABLE, name: tag });
    const chosen = removed.find((each) => digest === undefined || each.digest === digest);
    if (chosen === undefined) throw tagNotFound();
    await refuseOverwrite(db, repository, tag, chosen.digest);
    await showWithTag(db, { repoId, tag, digest: chosen.digest, origin: 'restore' }, actor);
    return chosen.digest;
  });
}

/** How many former images of one tag can be restored. */
const RESTORABLE = 1000;

/** Sets a tag to an image that may have had none, in the caller's transaction: from now on the image can be pulled. */
export async function showWithTag(
  db: Database,
  { repoId, tag, digest, origin }: { repoId: string; tag: string; digest: string; origin: Origin },
  actor: Actor,
): Promise<void> {
  if ((await findManifestState(db, repoId, digest))?.state === 'leaving') throw imageLeaving();
  await showManifests(db, repoId, [digest]);
  await writeTag(db, { repoId, name: tag, digest, origin }, actor);
}
