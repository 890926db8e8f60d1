import type { Database } from '#db/database.ts';
import type { Holder } from './build-queue.ts';

/** Whether a build may move its tag now; else the build that moves it at present, or the newer one that has moved it already. */
export type TagTurn = { kind: 'taken' } | { kind: 'busy' | 'outrun'; by: string };

/**
 * Takes the turn of a build to move its tag. One build of a repository and tag has it at a time, until `noteTagMoved` or until its
 * record ends. Tags move in the order in which builds were asked for: a build is outrun where a newer one has moved the tag,
 * and its record then names that one. Undefined if the record is not the holder's any more.
 */
export function takeTagTurn(db: Database, holder: Holder): Promise<TagTurn | undefined> {
  return db.transaction().execute(async (db) => {
    const own = await db
      .selectFrom('build_record')
      .select(['sequence', 'repo_id', 'image_tag'])
      .where('build_record_id', '=', holder.buildRecordId)
      .where('lease_owner', '=', holder.owner)
      .where('lease_epoch', '=', holder.epoch)
      .where('status', '=', 'BUILDING')
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

/** Notes that a build has moved its tag, so that the next one has its turn and no older one moves it back. */
export async function noteTagMoved(db: Database, buildRecordId: string): Promise<void> {
  await db.updateTable('build_record').set({ tag_move: 'done' }).where('build_record_id', '=', buildRecordId).execute();
}
