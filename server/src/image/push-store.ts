import type { Database } from '#db/database.ts';
import { eventTransaction, insertEvent } from '#event/event-store.ts';
import { repositoryNotFound } from '#repository/errors.ts';
import { findRepositoryByName } from '#repository/repository-store.ts';
import { imageLeaving, tagImmutable } from './errors.ts';
import { type Actor, MUTABLE_TAG, type Origin, type PushingBuild } from './image.ts';
import { findManifestState, keepChildren, keepManifest, type StoredManifest } from './manifest-store.ts';
import { writeTag } from './tag-store.ts';

/** A manifest that is pushed to a repository, under a tag or only by its digest. */
export interface Push {
  pushId: string;
  repoId: string;
  digest: string;
  tag: string | undefined;
  by: string;
  origin: Origin;
  /** If it is copied here: the repositories that it came through. */
  syncPath?: readonly string[];
  /** If a build pushes. */
  build?: PushingBuild | undefined;
}

/** Whether a build still pushes, and whether it has ended a push of the same image before: its answer may have been lost. */
export type BuildPush = 'gone' | 'first' | 'again';

/**
 * Asks the record of a build, inside the transaction that ends its push, whether this claim still has it. If the build's
 * own image was pushed, the record then has its digest.
 */
export type BuildFence = (
  db: Database,
  build: PushingBuild,
  pushed: Pick<Push, 'repoId' | 'tag' | 'digest'>,
) => Promise<BuildPush>;

/** A build pushes that has ended, or whose record another runner has taken over: it changes no tag any more. */
export class BuildGone extends Error {}

/** A push that has not ended. */
export interface OpenPush extends Push {
  /** `namespace/name`. */
  repository: string;
  begunMs: number;
}

/** The tables, and the records of builds. */
export interface PushTables {
  db: Database;
  fence: BuildFence;
}

/** What a push asks for. */
export interface PushRequest {
  instanceId: string;
  namespaceName: string;
  name: string;
  digest: string;
  tag: string | undefined;
  origin: Origin;
  /** The manifests that an index lists. */
  children: readonly string[];
  build?: PushingBuild | undefined;
}

/**
 * Begins a push before distribution gets the manifest: a row records the intent, so that a start after a crash finishes
 * or drops it. Of two pushes that set the same new tag in an immutable repository, one succeeds. Throws REPO_NOT_EXIST,
 * TAG_IMMUTABLE, and ServiceUnavailable while the same image, or one that it lists, is being removed.
 */
export async function beginPush(
  db: Database,
  request: PushRequest,
  { by, nowMs }: Actor,
  pushId: string,
): Promise<Push> {
  const { instanceId, namespaceName, name, digest, tag, origin, children, build } = request;
  return eventTransaction(db, async (db) => {
    const repository = await findRepositoryByName(db, instanceId, namespaceName, name);
    if (repository?.status !== 'NORMAL') throw repositoryNotFound();
    const { repoId } = repository;
    if (tag !== undefined) await refuseOverwrite(db, repository, tag, digest);
    for (const each of [digest, ...children])
      if ((await findManifestState(db, repoId, each))?.state === 'leaving') throw imageLeaving();
    // From now on the push keeps what it lists.
    await keepChildren(db, repoId, digest, children);
    await db
      .insertInto('manifest_push')
      .values({
        push_id: pushId,
        repo_id: repoId,
        digest,
        tag: tag ?? null,
        pushed_by: by,
        origin,
        begun_ms: nowMs,
        build_record_id: build?.buildRecordId ?? null,
        build_epoch: build?.epoch ?? null,
      })
      .execute();
    return { pushId, repoId, digest, tag, by, origin, build };
  });
}

/**
 * Ends a push whose manifest distribution has: stores the manifest and sets the tag to it. Throws REPO_NOT_EXIST if the
 * repository was deleted meanwhile, and BuildGone, which leaves the push open.
 */
export async function finishPush(
  { db, fence }: PushTables,
  push: Push,
  stored: StoredManifest,
  nowMs: number,
): Promise<void> {
  const { pushId, repoId, digest, tag, by, origin, syncPath, build } = push;
  const { subject } = stored.manifest;
  const isKept = await eventTransaction(db, async (db) => {
    const isOf = build === undefined ? 'first' : await fence(db, build, push);
    if (isOf === 'gone') throw new BuildGone();
    await db.deleteFrom('manifest_push').where('push_id', '=', pushId).execute();
    const repository = await db
      .selectFrom('repository')
      .select('status')
      .where('repo_id', '=', repoId)
      .executeTakeFirst();
    if (repository?.status !== 'NORMAL') return false;
    await keepManifest(db, stored, nowMs);
    // That would be another event for one build, and could take the tag back from a newer one.
    if (isOf === 'again') return true;
    if (tag !== undefined) await writeTag(db, { repoId, name: tag, digest, origin, syncPath }, { by, nowMs });
    else if (subject !== undefined) {
      const path = syncPath === undefined ? {} : { syncPath };
      await insertEvent(db, 'referrer_pushed', { repoId, digest, subject, ...path }, nowMs);
    }
    return true;
  });
  if (!isKept) throw repositoryNotFound();
}

/** Drops a push whose manifest distribution did not take. */
export async function dropPush(db: Database, { pushId, repoId, digest }: Push): Promise<void> {
  await eventTransaction(db, async (db) => {
    await db.deleteFrom('manifest_push').where('push_id', '=', pushId).execute();
    if ((await findManifestState(db, repoId, digest)) !== undefined) return;
    await db.deleteFrom('manifest_child').where('repo_id', '=', repoId).where('parent', '=', digest).execute();
  });
}

/** Pushes that began before a time and have not ended. */
export async function listOpenPushes(db: Database, beforeMs: number): Promise<OpenPush[]> {
  const rows = await db
    .selectFrom('manifest_push')
    .innerJoin('repository', 'repository.repo_id', 'manifest_push.repo_id')
    .selectAll('manifest_push')
    .select(['repository.namespace_name', 'repository.name'])
    .where('begun_ms', '<', beforeMs)
    .orderBy('begun_ms')
    .execute();
  return rows.map((row) => ({
    pushId: row.push_id,
    repoId: row.repo_id,
    digest: row.digest,
    tag: row.tag ?? undefined,
    by: row.pushed_by,
    origin: row.origin as Origin,
    repository: `${row.namespace_name}/${row.name}`,
    begunMs: row.begun_ms,
    build:
      row.build_record_id === null || row.build_epoch === null
        ? undefined
        : { buildRecordId: row.build_record_id, epoch: row.build_epoch },
  }));
}

/**
 * Throws TAG_IMMUTABLE if a tag has another image, or is about to get one, and the repository does not allow
 * overwriting.
 */
export async function refuseOverwrite(
  db: Database,
  { repoId, tagImmutability }: { repoId: string; tagImmutability: boolean },
  tag: string,
  digest: string,
): Promise<void> {
  if (!tagImmutability || tag === MUTABLE_TAG) return;
  for (const table of ['tag', 'manifest_push'] as const) {
    const other = await db
      .selectFrom(table)
      .select('digest')
      .where('repo_id', '=', repoId)
      .where(table === 'tag' ? 'name' : 'tag', '=', tag)
      .where('digest', '!=', digest)
      .executeTakeFirst();
    if (other !== undefined) throw tagImmutable(tag);
  }
}
