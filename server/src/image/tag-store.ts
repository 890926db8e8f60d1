import type { Database } from '#db/database.ts';
import { contains } from '#db/engine.ts';
import { preparedRead } from '#db/prepared-read.ts';
import { insertEvent } from '#event/event-store.ts';
import { tagNotFound } from './errors.ts';
import type { Actor, Origin, Removal, RemovedTag, TaggedImage } from './image.ts';

const readDigest = preparedRead(
  (db, instanceId, namespaceName, name, tag) =>
    db
      .selectFrom('repository')
      .innerJoin('tag', 'tag.repo_id', 'repository.repo_id')
      .select(['tag.repo_id', 'tag.digest'])
      .where('repository.instance_id', '=', instanceId)
      .where('repository.namespace_name', '=', namespaceName)
      .where('repository.name', '=', name)
      .where('tag.name', '=', tag),
  ['instanceId', 'namespaceName', 'name', 'tag'],
);

/** The digest that a tag of a repository has now, or undefined. */
export async function findTagDigest(
  db: Database,
  instanceId: string,
  repository: { namespaceName: string; name: string },
  tag: string,
): Promise<{ repoId: string; digest: string } | undefined> {
  const [row] = await readDigest(db, instanceId, repository.namespaceName, repository.name, tag);
  return row && { repoId: row.repo_id, digest: row.digest };
}

/**
 * The names of tags after one, in the order of the distribution specification: ignoring case, and by bytes between
 * names that differ only in case.
 */
export async function listTagNames(
  db: Database,
  repoId: string,
  page: { after: string | undefined; limit: number },
): Promise<string[]> {
  const { after, limit } = page;
  let query = db.selectFrom('tag').select('name').where('repo_id', '=', repoId);
  if (after !== undefined)
    query = query.where((eb) => eb(eb.refTuple('sort_name', 'name'), '>', eb.tuple(after.toLowerCase(), after)));
  const rows = await query.orderBy('sort_name').orderBy('name').limit(limit).execute();
  return rows.map(({ name }) => name);
}

/** How a list of tags is sorted: most recently set first, by name, or the largest first. */
export type TagSort = 'time' | 'name' | 'size';

/** Which tags a list has, and in which order. */
export interface TagFilter {
  sort?: TagSort | undefined;
  /** Part of the name, ignoring case. */
  contains?: string | undefined;
}

/** The position at which a list of tags continues: the time or size of the last tag, and its name. */
export interface TagPosition {
  value: number;
  name: string;
}

const SORTED_BY = { time: 'tag.updated_ms', size: 'manifest.total_bytes' } as const;

/** Tags of a repository, most recently set first if nothing else is asked for; after a position or after a number of tags. */
export async function listTaggedImages(
  db: Database,
  repoId: string,
  page: TagFilter & { limit: number; offset?: number; after?: TagPosition | undefined },
): Promise<TaggedImage[]> {
  const { limit, offset = 0, after, sort = 'time', contains: text } = page;
  let query = taggedImages(db, repoId).limit(limit).offset(offset);
  if (text !== undefined) query = query.where(contains('tag.sort_name', text.toLowerCase()));
  if (sort === 'name') {
    if (after !== undefined)
      query = query.where((eb) =>
        eb(eb.refTuple('tag.sort_name', 'tag.name'), '>', eb.tuple(after.name.toLowerCase(), after.name)),
      );
    return (await query.orderBy('tag.sort_name').orderBy('tag.name').execute()).map(fromRow);
  }
  const column = SORTED_BY[sort];
  if (after !== undefined)
    query = query.where((eb) => eb(eb.refTuple(column, 'tag.name'), '<', eb.tuple(after.value, after.name)));
  return (await query.orderBy(column, 'desc').orderBy('tag.name', 'desc').execute()).map(fromRow);
}

/** A tag of a repository, or undefined. */
export async function findTaggedImage(db: Database, repoId: string, name: string): Promise<TaggedImage | undefined> {
  const row = await taggedImages(db, repoId).where('tag.name', '=', name).executeTakeFirst();
  return row && fromRow(row);
}

/** A tag of a repository. Throws TAG_NOT_EXIST. */
export async function getTaggedImage(db: Database, repoId: string, name: string): Promise<TaggedImage> {
  const image = await findTaggedImage(db, repoId, name);
  if (image === undefined) throw tagNotFound();
  return image;
}

/** How many tags a repository has, or how many of them contain a text. */
export async function countTags(db: Database, repoId: string, text?: string): Promise<number> {
  if (text !== undefined) {
    const found = db.selectFrom('tag').where('repo_id', '=', repoId).where(contains('sort_name', text.toLowerCase()));
    return (await found.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()).count;
  }
  const row = await db.selectFrom('repository').select('tag_count').where('repo_id', '=', repoId).executeTakeFirst();
  return row?.tag_count ?? 0;
}

/** The tags of a repository with a given digest. */
export async function listTagsOf(db: Database, repoId: string, digest: string): Promise<string[]> {
  const rows = await db
    .selectFrom('tag')
    .select('name')
    .where('repo_id', '=', repoId)
    .where('digest', '=', digest)
    .execute();
  return rows.map(({ name }) => name);
}

/**
 * Sets a tag to an image, in the caller's transaction: writes the tag, its previous digest, the count and the event.
 * The manifest exists already. If the tag has this image already, only its time changes.
 */
export async function writeTag(
  db: Database,
  tag: { repoId: string; name: string; digest: string; origin: Origin; syncPath?: readonly string[] | undefined },
  { by, nowMs }: Actor,
): Promise<void> {
  const { repoId, name, digest, origin, syncPath } = tag;
  const before = await db
    .selectFrom('tag')
    .select(['digest', 'created_ms'])
    .where('repo_id', '=', repoId)
    .where('name', '=', name)
    .executeTakeFirst();
  const values = { digest, updated_ms: nowMs, pushed_by: by, origin };
  if (before === undefined) {
    const row = { repo_id: repoId, name, sort_name: name.toLowerCase(), created_ms: nowMs, last_pulled_ms: null };
    await db
      .insertInto('tag')
      .values({ ...row, ...values })
      .execute();
    await changeCount(db, repoId, 1);
  } else {
    await db.updateTable('tag').set(values).where('repo_id', '=', repoId).where('name', '=', name).execute();
    if (before.digest !== digest) await noteRemoved(db, { repoId, name, ...before }, 'replaced', { by, nowMs });
  }
  const manifest = await db
    .selectFrom('manifest')
    .select('media_type')
    .where('repo_id', '=', repoId)
    .where('digest', '=', digest)
    .executeTakeFirstOrThrow();
  const previous = before === undefined || before.digest === digest ? {} : { previous: before.digest };
  const body = { repoId, tag: name, digest, ...previous, mediaType: manifest.media_type, origin, pushedBy: by };
  await insertEvent(db, 'tag_set', { ...body, ...(syncPath === undefined ? {} : { syncPath }) }, nowMs);
}

/** Removes a tag, in the caller's transaction. False if there is none. */
export async function removeTag(
  db: Database,
  repoId: string,
  name: string,
  why: Removal,
  actor: Actor,
): Promise<boolean> {
  const removed = await db
    .deleteFrom('tag')
    .where('repo_id', '=', repoId)
    .where('name', '=', name)
    .returning(['digest', 'created_ms'])
    .executeTakeFirst();
  if (removed === undefined) return false;
  await changeCount(db, repoId, -1);
  await noteRemoved(db, { repoId, name, ...removed }, why, actor);
  const body = { repoId, tag: name, digest: removed.digest, removedBy: actor.by, why };
  await insertEvent(db, 'tag_removed', body, actor.nowMs);
  return true;
}

/** Whether a tag was set or removed after a time. */
export async function isTagChangedSince(db: Database, repoId: string, name: string, sinceMs: number): Promise<boolean> {
  const set = await db
    .selectFrom('tag')
    .select('name')
    .where('repo_id', '=', repoId)
    .where('name', '=', name)
    .where('updated_ms', '>', sinceMs)
    .executeTakeFirst();
  if (set !== undefined) return true;
  const removed = await db
    .selectFrom('tag_removed')
    .select('name')
    .where('repo_id', '=', repoId)
    .where('name', '=', name)
    .where('removed_ms', '>', sinceMs)
    .executeTakeFirst();
  return removed !== undefined;
}

/**
 * Former images of tags that were removed or overwritten, latest first, while the image is kept. Leaves out those that
 * the tag has again.
 */
export async function listRemovedTags(
  db: Database,
  repoId: string,
  page: { limit: number; name?: string | undefined },
): Promise<RemovedTag[]> {
  let query = db
    .selectFrom('tag_removed')
    .innerJoin('manifest', (join) =>
      join.onRef('manifest.repo_id', '=', 'tag_removed.repo_id').onRef('manifest.digest', '=', 'tag_removed.digest'),
    )
    .select(['tag_removed.name', 'tag_removed.digest', 'removed_ms', 'removed_by', 'why'])
    .where('tag_removed.repo_id', '=', repoId)
    .where('manifest.state', '!=', 'leaving')
    .where(({ not, exists, selectFrom }) => {
      const present = selectFrom('tag').select('tag.name').whereRef('tag.repo_id', '=', 'tag_removed.repo_id');
      const ofName = present.whereRef('tag.name', '=', 'tag_removed.name');
      return not(exists(ofName.whereRef('tag.digest', '=', 'tag_removed.digest')));
    });
  if (page.name !== undefined) query = query.where('tag_removed.name', '=', page.name);
  const rows = await query.orderBy('sequence', 'desc').limit(page.limit).execute();
  return rows.map((row) => ({
    name: row.name,
    digest: row.digest,
    removedMs: row.removed_ms,
    removedBy: row.removed_by,
    why: row.why as Removal,
  }));
}

function taggedImages(db: Database, repoId: string) {
  return db
    .selectFrom('tag')
    .innerJoin('manifest', (join) =>
      join.onRef('manifest.repo_id', '=', 'tag.repo_id').onRef('manifest.digest', '=', 'tag.digest'),
    )
    .select(['tag.name', 'tag.digest', 'tag.created_ms', 'tag.updated_ms', 'tag.pushed_by', 'tag.origin'])
    .select(['tag.last_pulled_ms', 'manifest.config_digest', 'manifest.total_bytes', 'manifest.media_type'])
    .select(['manifest.pull_count', 'manifest.platforms'])
    .where('tag.repo_id', '=', repoId);
}

type TaggedRow = Awaited<ReturnType<ReturnType<typeof taggedImages>['execute']>>[number];

function fromRow(row: TaggedRow): TaggedImage {
  return {
    name: row.name,
    digest: row.digest,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
    pushedBy: row.pushed_by,
    origin: row.origin as Origin,
    lastPulledMs: row.last_pulled_ms ?? undefined,
    pullCount: row.pull_count,
    platforms: row.platforms === null ? undefined : (JSON.parse(row.platforms) as string[]),
    imageId: row.config_digest?.replace('sha256:', '') ?? '',
    sizeBytes: row.total_bytes,
    mediaType: row.media_type,
  };
}

async function changeCount(db: Database, repoId: string, by: 1 | -1): Promise<void> {
  await db
    .updateTable('repository')
    .set((eb) => ({ tag_count: eb('tag_count', '+', by) }))
    .where('repo_id', '=', repoId)
    .execute();
}

async function noteRemoved(
  db: Database,
  tag: { repoId: string; name: string; digest: string; created_ms: number },
  why: Removal,
  { by, nowMs }: Actor,
): Promise<void> {
  await db
    .insertInto('tag_removed')
    .values({
      repo_id: tag.repoId,
      name: tag.name,
      digest: tag.digest,
      created_ms: tag.created_ms,
      removed_ms: nowMs,
      removed_by: by,
      why,
    })
    .execute();
}
