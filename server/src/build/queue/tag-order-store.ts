import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';
import type { BuildFence } from '#image/push-store.ts';
import { heldBy, type LeaseHolder } from '../lease-holder.ts';

/** Whether a build may move its tag now; if not, the build that is moving it, or the newer one that has already moved it. */
export type TagTurn = { kind: 'taken' } | { kind: 'busy' | 'outrun'; by: string };

/**
 * Takes a build's turn to move its tag. Only one build per repository and tag has the turn, until its image is pushed or its
 * record ends. Tags move in the order in which builds were requested: a build is outrun if a newer one has moved the tag, and its
 * record then names that one. Undefined if the holder no longer has the record.
 */
export function takeTagTurn(db: Database, holder: LeaseHolder): Promise<TagTurn | undefined> {
  return transaction(db, async (db) => {
    const own = await db
      .selectFrom('build_record')
      .select(['sequence', 'repo_id', 'image_tag'])
      .where(heldBy(holder))
      .executeTakeFirst();
    if (own === undefined) return undefined;
    const others = db
      .selectFrom('build_record')
      .select('build_record_id')
      .where('repo_id', '=', own.repo_id)
      .where('image_tag', '=', own.image_tag)
      .where('sequence', '!=', own.sequence)
      .orderBy('sequence', 'desc')
      .limit(1);
    const newer = await others.where('sequence', '>', own.sequence).where('tag_move', '=', 'done').executeTakeFirst();
    const moving = await others.where('status', '=', 'BUILDING').where('tag_move', '=', 'begun').executeTakeFirst();
    const update = db.updateTable('build_record').where('sequence', '=', own.sequence);
    if (newer !== undefined) {
      await update.set({ superseded_by: newer.build_record_id }).execute();
      return { kind: 'outrun', by: newer.build_record_id };
    }
    if (moving !== undefined) return { kind: 'busy', by: moving.build_record_id };
    await update.set({ tag_move: 'begun' }).execute();
    return { kind: 'taken' };
  });
}

/**
 * Whether a build still has its record, for its push. If it has pushed its own image under its tag, the record then has
 * the digest, the next build gets its turn, and no older one moves the tag back.
 */
export const buildFence: BuildFence = async (db, { buildRecordId, epoch }, pushed) => {
  const held = await db
    .selectFrom('build_record')
    .select(['repo_id', 'image_tag', 'tag_move', 'image_digest'])
    .where('build_record_id', '=', buildRecordId)
    .where('lease_epoch', '=', epoch)
    .where('status', '=', 'BUILDING')
    .executeTakeFirst();
  if (held === undefined) return 'gone';
  if (pushed.repoId !== held.repo_id || pushed.tag !== held.image_tag) return 'first';
  if (held.tag_move === 'done' && held.image_digest === pushed.digest) return 'again';
  await db
    .updateTable('build_record')
    .set({ tag_move: 'done', image_digest: pushed.digest })
    .where('build_record_id', '=', buildRecordId)
    .execute();
  return 'first';
};
