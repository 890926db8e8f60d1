import type { Database } from '#db/database.ts';

/** Repositories whose tags distribution has and our table does not have yet. */
export async function listUnadopted(db: Database): Promise<{ repoId: string; name: string }[]> {
  const rows = await db
    .selectFrom('repository')
    .select(['repo_id', 'namespace_name', 'name'])
    .where('tags_adopted', '=', 0)
    .execute();
  return rows.map((row) => ({ repoId: row.repo_id, name: `${row.namespace_name}/${row.name}` }));
}

/**
 * Takes over a tag as distribution has it, unless a tag of this name exists. It has no author, and no event reports it.
 */
export async function adoptTag(
  db: Database,
  tag: { repoId: string; name: string; digest: string; setMs: number },
): Promise<void> {
  const { repoId, name, digest, setMs } = tag;
  const times = { created_ms: setMs, updated_ms: setMs, last_pulled_ms: null };
  const inserted = await db
    .insertInto('tag')
    .values({
      repo_id: repoId,
      name,
      sort_name: name.toLowerCase(),
      digest,
      pushed_by: '',
      origin: 'adopted',
      ...times,
    })
    .onConflict((conflict) => conflict.columns(['repo_id', 'name']).doNothing())
    .executeTakeFirst();
  await db
    .updateTable('repository')
    .set((eb) => ({ tag_count: eb('tag_count', '+', Number(inserted.numInsertedOrUpdatedRows ?? 0n)) }))
    .where('repo_id', '=', repoId)
    .execute();
}

/** From now on the table is the truth about the tags of a repository. */
export async function noteAdopted(db: Database, repoId: string): Promise<void> {
  await db.updateTable('repository').set({ tags_adopted: 1 }).where('repo_id', '=', repoId).execute();
}
