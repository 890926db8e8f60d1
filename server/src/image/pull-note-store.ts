import type { Database } from '#db/database.ts';
import { transaction } from '#db/transaction.ts';

/** How many rows one transaction writes, so that other writers get their turn. */
const AT_ONCE = 200;

/** An image that a client asked for, by a tag or only by its digest. */
export interface PullNote {
  repoId: string;
  digest: string;
  tag: string | undefined;
  timeMs: number;
  /** How often its manifest was sent; 0 if clients only looked whether the tag changed. */
  count: number;
}

/** Writes when these images and tags were last pulled, and counts the pulls of the images. */
export async function writePulls(db: Database, notes: readonly PullNote[]): Promise<void> {
  for (let first = 0; first < notes.length; first += AT_ONCE) {
    await transaction(db, async (trx) => {
      for (const { repoId, digest, tag, timeMs, count } of notes.slice(first, first + AT_ONCE)) {
        const ofManifest = trx.updateTable('manifest').where('digest', '=', digest);
        await ofManifest
          .set(({ eb }) => ({ last_pulled_ms: timeMs, pull_count: eb('pull_count', '+', count) }))
          .where('repo_id', '=', repoId)
          .execute();
        if (tag === undefined) continue;
        const ofTag = trx.updateTable('tag').where('name', '=', tag);
        await ofTag.set({ last_pulled_ms: timeMs }).where('repo_id', '=', repoId).execute();
      }
    });
  }
}
