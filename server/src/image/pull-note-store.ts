import type { Database } from '#db/database.ts';

/** How many rows one transaction writes, so that other writers get their turn. */
const AT_ONCE = 200;

/** A pull of an image, by a tag or only by its digest. */
export interface PullNote {
  repoId: string;
  digest: string;
  tag: string | undefined;
  timeMs: number;
}

/** Writes when these images and tags were last pulled. */
export async function writePulls(db: Database, notes: readonly PullNote[]): Promise<void> {
  for (let first = 0; first < notes.length; first += AT_ONCE) {
    await db.transaction().execute(async (trx) => {
      for (const { repoId, digest, tag, timeMs } of notes.slice(first, first + AT_ONCE)) {
        const ofManifest = trx.updateTable('manifest').where('digest', '=', digest);
        await ofManifest.set({ last_pulled_ms: timeMs }).where('repo_id', '=', repoId).execute();
        if (tag === undefined) continue;
        const ofTag = trx.updateTable('tag').where('name', '=', tag);
        await ofTag.set({ last_pulled_ms: timeMs }).where('repo_id', '=', repoId).execute();
      }
    });
  }
}
