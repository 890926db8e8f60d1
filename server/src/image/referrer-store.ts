import type { Database } from '#db/database.ts';
import { engineOf } from '#db/engine.ts';
import { findRepositoryByName } from '#repository/repository-store.ts';
import { referrerTags } from './image.ts';

/** Something that is said of an image: a signature, an SBOM, an attestation. */
export interface SaidOfImage {
  digest: string;
  /** The tag under which clients look for it, if it has one. */
  tag: string | undefined;
}

/** What is said of images of a repository: referrers, and images of tags that are named after them. It is read as it is asked for. */
export async function* listSaidOf(
  db: Database,
  { instanceId, namespaceName, name }: { instanceId: string; namespaceName: string; name: string },
  digests: readonly string[],
): AsyncGenerator<SaidOfImage, void> {
  const repoId = (await findRepositoryByName(db, instanceId, namespaceName, name))?.repoId;
  if (repoId === undefined) return;
  for (let first = 0; first < digests.length; first += SUBJECTS_AT_ONCE) {
    const page = digests.slice(first, first + SUBJECTS_AT_ONCE);
    for (let after: string | undefined = ''; after !== undefined; ) {
      const referrers: { digest: string }[] = await db
        .selectFrom('manifest')
        .select('digest')
        .where('repo_id', '=', repoId)
        .where('subject', 'in', page)
        .where('state', '=', 'kept')
        .where('digest', '>', after)
        .orderBy('digest')
        .limit(REFERRERS_AT_ONCE)
        .execute();
      for (const { digest } of referrers) yield { digest, tag: undefined };
      after = referrers.length < REFERRERS_AT_ONCE ? undefined : referrers.at(-1)?.digest;
    }
    const tags = await db
      .selectFrom('tag')
      .select(['name', 'digest'])
      .where('repo_id', '=', repoId)
      .where('name', 'in', page.flatMap(referrerTags))
      .orderBy('name')
      .execute();
    for (const { name, digest } of tags) yield { digest, tag: name };
  }
}

const REFERRERS_AT_ONCE = 100;
const SUBJECTS_AT_ONCE = 100;

/** Whether a manifest, or one that it lists, can be run. True as well where that is not known. */
export async function isRunnable(db: Database, repoId: string, digest: string): Promise<boolean> {
  const parts = await db
    .withRecursive('part', (cte) =>
      cte
        .selectNoFrom((eb) => eb.val(digest).as('digest'))
        .union(
          cte
            .selectFrom('manifest_child')
            .innerJoin('part', 'part.digest', 'manifest_child.parent')
            .select('manifest_child.child as digest')
            .where('manifest_child.repo_id', '=', repoId),
        )
        // SQLite stops here; PostgreSQL has no limit inside, and finds each manifest once.
        .$if(engineOf(db) === 'sqlite', (query) => query.limit(LISTED_LIMIT)),
    )
    .selectFrom('part')
    .leftJoin('manifest', (join) =>
      join.onRef('manifest.digest', '=', 'part.digest').on('manifest.repo_id', '=', repoId),
    )
    .select('manifest.is_runnable')
    .execute();
  return parts.length >= LISTED_LIMIT || parts.some(({ is_runnable }) => is_runnable !== 0);
}

/** No copy takes an image with as many manifests. */
const LISTED_LIMIT = 501;

/** The tags of an image and of lists that it is in, with what they point to, at most `limit`, by their names. */
export async function listTagsAround(
  db: Database,
  repoId: string,
  digest: string,
  limit: number,
): Promise<{ name: string; digest: string }[]> {
  const lists = db
    .selectFrom('manifest_child')
    .select('parent')
    .where('repo_id', '=', repoId)
    .where('child', '=', digest);
  return db
    .selectFrom('tag')
    .select(['name', 'digest'])
    .where('repo_id', '=', repoId)
    .where((eb) => eb.or([eb('digest', '=', digest), eb('digest', 'in', lists)]))
    .orderBy('name')
    .limit(limit)
    .execute();
}
