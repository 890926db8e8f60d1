import type { Database } from '#db/database.ts';
import type { Actor } from '#image/image.ts';
import { removeTag } from '#image/tag-store.ts';
import type { AgedTag } from './choose-tags.ts';
import type { LifecycleRuleWords } from './lifecycle-rule.ts';

/** A repository that a rule covers. */
export interface CoveredRepository {
  repoId: string;
  namespaceName: string;
  name: string;
}

/** The first repository that a rule covers, by name, after a given one; undefined at the end. */
export async function nextCovered(
  db: Database,
  instanceId: string,
  { scope, namespaceName, repoName }: LifecycleRuleWords,
  after: string | undefined,
): Promise<CoveredRepository | undefined> {
  const [afterNamespace = '', afterName = ''] = after?.split('/') ?? [];
  let query = db
    .selectFrom('repository')
    .select(['repo_id', 'namespace_name', 'name'])
    .where('instance_id', '=', instanceId)
    .where('status', '=', 'NORMAL')
    .where((eb) => eb(eb.refTuple('namespace_name', 'name'), '>', eb.tuple(afterNamespace, afterName)));
  if (scope !== 'INSTANCE') query = query.where('namespace_name', '=', namespaceName ?? '');
  if (scope === 'REPO' && repoName !== undefined) query = query.where('name', '=', repoName);
  const row = await query.orderBy('namespace_name').orderBy('name').limit(1).executeTakeFirst();
  return row && { repoId: row.repo_id, namespaceName: row.namespace_name, name: row.name };
}

/** All tags of a repository. */
export async function listAgedTags(db: Database, repoId: string): Promise<AgedTag[]> {
  const rows = await db
    .selectFrom('tag')
    .select(['name', 'digest', 'updated_ms'])
    .where('repo_id', '=', repoId)
    .execute();
  return rows.map(({ name, digest, updated_ms: updatedMs }) => ({ name, digest, updatedMs }));
}

/** The tags of a repository that a push, or a build that waits or runs, is about to set. */
export async function listTagsInUse(db: Database, repoId: string): Promise<Set<string>> {
  const pushes = await db.selectFrom('manifest_push').select('tag').where('repo_id', '=', repoId).execute();
  const builds = await db
    .selectFrom('build_record')
    .select('image_tag as tag')
    .where('repo_id', '=', repoId)
    .where('status', 'in', ['PENDING', 'BUILDING'])
    .execute();
  return new Set([...pushes, ...builds].flatMap(({ tag }) => tag ?? []));
}

/**
 * Removes those of the chosen tags that have not changed since and that nothing is about to set, in the caller's
 * transaction. Returns their names. They can be restored while their images are kept.
 */
export async function removeAgedTags(
  db: Database,
  repoId: string,
  chosen: readonly AgedTag[],
  actor: Actor,
): Promise<string[]> {
  const inUse = await listTagsInUse(db, repoId);
  const unchanged = new Map(
    (
      await db
        .selectFrom('tag')
        .select(['name', 'digest', 'updated_ms'])
        .where('repo_id', '=', repoId)
        .where(
          'name',
          'in',
          chosen.map(({ name }) => name),
        )
        .execute()
    ).map(({ name, digest, updated_ms }) => [name, `${digest} ${updated_ms}`]),
  );
  const removed: string[] = [];
  for (const { name, digest, updatedMs } of chosen) {
    if (inUse.has(name) || unchanged.get(name) !== `${digest} ${updatedMs}`) continue;
    if (await removeTag(db, repoId, name, 'lifecycle', actor)) removed.push(name);
  }
  return removed;
}
